package io.github.kubevxlan.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.CertUtils;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.EcKey;
import io.github.kubevxlan.cli.kube.EndingHttpClients;
import io.github.kubevxlan.cli.state.Connection;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.common.util.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options that choose cluster and user, named as in kubectl. */
final class ClusterOptions {
    /** In seconds: a day. */
    static final int LONGEST_TIMEOUT = 86_400;

    private static final int CONNECT_MILLIS = 5_000;
    private static final String RUNTIMES_AUTHORITIES = "javax.net.ssl.trustStore";
    /** No regular file on any platform. */
    private static final String NO_STORE = "/dev/null";

    /** To know the class of every kind by its name takes a tenth of a second, and no command asks for any. */
    private static final boolean KINDS_BY_NAME = false;

    /** Reads what the API server answers. */
    static final KubernetesSerialization JSON = new KubernetesSerialization(new ObjectMapper(), KINDS_BY_NAME);

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Kubeconfig file; else KUBECONFIG, else ~/.kube/config.")
    String kubeconfig = "";

    @Option(names = "--context", paramLabel = "NAME", description = "Context of the kubeconfig.")
    String context = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "Namespace (default: that of the context).")
    String namespace = "";

    @Option(
            names = {"-s", "--server"},
            paramLabel = "URL",
            description = "Address of the API server.")
    String server = "";

    @Option(names = "--token", paramLabel = "TOKEN", description = "Bearer token.")
    String token = "";

    @Option(names = "--as", paramLabel = "USER", description = "User to impersonate.")
    String user = "";

    @Option(names = "--as-group", paramLabel = "GROUP", description = "Group to impersonate; may be repeated.")
    String[] groups = {};

    @Option(names = "--insecure-skip-tls-verify", description = "Do not check the API server's certificate.")
    boolean insecure;

    @Option(
            names = "--request-timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for an answer of the API server (default: ${DEFAULT-VALUE}).")
    int timeout = 10;

    @Option(
            names = "--release-namespace",
            paramLabel = "NAME",
            description = "Namespace of the controller (default: ${DEFAULT-VALUE}).")
    String releaseNamespace = Release.USUAL_NAMESPACE;

    @Option(
            names = "--release",
            paramLabel = "NAME",
            description = "Name of the controller's Deployment (default: ${DEFAULT-VALUE}).")
    String release = Release.USUAL_NAME;

    Release release() {
        return new Release(releaseNamespace, release, new Connection(kubeconfig, context, server));
    }

    /** The namespace asked for; that of the context without one, {@code default} without either. */
    String namespace(KubernetesClient client) {
        return namespace.isEmpty() ? Optional.ofNullable(client.getNamespace()).orElse("default") : namespace;
    }

    /** Makes a client; sends no request yet. */
    KubernetesClient open() {
        Config config = config();
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setRequestTimeout(timeout * 1000);
        config.setRequestRetryBackoffLimit(0);
        config.setHttp2Disable(true); // its setup costs a command more than further connections
        try {
            return trustingOnlyItsAuthority(
                    config,
                    () -> new KubernetesClientBuilder()
                            .withConfig(config)
                            .withHttpClientFactory(new EndingHttpClients())
                            .withKubernetesSerialization(JSON)
                            .build());
        } catch (KubernetesClientException e) { // such as a certificate's file that is not there
            throw new CommandFailure("cannot use the certificates of the kubeconfig: " + Reason.line(e), e);
        }
    }

    /**
     * If the kubeconfig names an authority for the API server, the client trusts no other, as kubectl does. fabric8 adds the
     * Java runtime's authorities while it builds a client, so they are hidden just then. The renewal of an OIDC token needs
     * them later.
     */
    private static KubernetesClient trustingOnlyItsAuthority(Config config, Supplier<KubernetesClient> client) {
        if (config.getCaCertData() == null && config.getCaCertFile() == null) {
            return client.get();
        }
        String before = System.getProperty(RUNTIMES_AUTHORITIES);
        System.setProperty(RUNTIMES_AUTHORITIES, NO_STORE);
        try {
            return client.get();
        } finally {
            if (before == null) {
                System.clearProperty(RUNTIMES_AUTHORITIES);
            } else {
                System.setProperty(RUNTIMES_AUTHORITIES, before);
            }
        }
    }

    private Config config() {
        if (!kubeconfig.isEmpty()) {
            if (!Files.isReadable(Path.of(kubeconfig))) {
                throw new CommandFailure("cannot read the kubeconfig " + kubeconfig);
            }
            System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, kubeconfig);
        }
        Config config = configured();
        if (!context.isEmpty() && config.getContexts().stream().noneMatch(named -> context.equals(named.getName()))) {
            throw new CommandFailure("the kubeconfig has no context " + context);
        }
        if (!server.isEmpty()) {
            config.setMasterUrl(server);
        }
        if (!token.isEmpty()) {
            config.setOauthToken(token);
        }
        if (!user.isEmpty()) {
            config.setImpersonateUsername(user);
            config.setImpersonateGroups(groups);
        }
        if (insecure) {
            config.setTrustCerts(true);
            config.setDisableHostnameVerification(true);
        }
        useEcKey(config);
        return config;
    }

    private static void useEcKey(Config config) {
        boolean hasCertificate = config.getClientCertData() != null || config.getClientCertFile() != null;
        boolean hasKey = config.getClientKeyData() != null || config.getClientKeyFile() != null;
        if (!hasCertificate || !hasKey) {
            return;
        }
        try (InputStream pem =
                CertUtils.getInputStreamFromDataOrFile(config.getClientKeyData(), config.getClientKeyFile())) {
            EcKey.first(new String(pem.readAllBytes(), StandardCharsets.US_ASCII))
                    .ifPresent(key -> {
                        config.setClientKeyData(key);
                        config.setClientKeyAlgo("EC");
                    });
        } catch (IOException e) {
            throw new CommandFailure("cannot read the key of the kubeconfig: " + Reason.line(e), e);
        }
    }

    private Config configured() {
        try {
            return Config.autoConfigure(context.isEmpty() ? null : context);
        } catch (
                RuntimeException e) { // what reads a kubeconfig throws whatever comes, the YAML parser's exceptions too
            throw new CommandFailure("cannot read the kubeconfig: " + Reason.line(e), e);
        }
    }
}
