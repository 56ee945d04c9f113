import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * {@code Train ROOTFS KEYSTORE PASSWORD CA OUTPUT COMMAND OPTIONS...}: runs one command of the staged program against a
 * {@link FakeApi}, the controller with a certificate to issue, the webhook with pods to admit, then ends it, upon which
 * its Java writes the ahead-of-time cache OUTPUT. The options are files of the image.
 */
final class Train {
    /** Enough for all that an admission runs to be compiled, and to be known by how it runs. */
    private static final int ADMISSIONS = 4000;

    private static final int ADMISSIONS_PER_CONNECTION = 20;
    private static final int[] CONTAINERS = {1, 3, 8};
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final String PREFIX = Reviews.PREFIX;
    private static final String ALIAS = "api";
    private static final String SECRET = "/api/v1/namespaces/kube-system/secrets/kube-vxlan-controller-webhook-tls";

    private final long end = System.nanoTime() + DEADLINE.toNanos();
    private final Path rootfs;
    private final KeyStore keys;
    private final Path ca;

    private Train(Path rootfs, KeyStore keys, Path ca) {
        this.rootfs = rootfs;
        this.keys = keys;
        this.ca = ca;
    }

    static void main(String[] args) throws Exception {
        // The certificate of a real webhook is for its Service, and this calls it on loopback.
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        KeyStore keys = KeyStore.getInstance(new File(args[1]), args[2].toCharArray());
        List<String> options = List.of(args).subList(6, args.length);
        new Train(Path.of(args[0]), keys, Path.of(args[3])).run(args[2].toCharArray(), args[5], options, args[4]);
    }

    private void run(char[] password, String command, List<String> options, String output) throws Exception {
        try (FakeApi api = new FakeApi(keys, password)) {
            fill(api, password);
            int port = freePort();
            int admin = freePort();
            int page = freePort();
            String settings = switch (command) {
                case "webhook" -> "KUBEVXLAN_AGENT_IMAGE=agent KUBEVXLAN_PORT=" + port;
                case "controller" -> "KUBEVXLAN_INITIAL_NETWORKS=vxeth0=100 KUBEVXLAN_PAGE_PORT=" + page;
                default -> throw new IllegalArgumentException(command);
            };
            Process program =
                    start(api.port(), output, options, command + " KUBEVXLAN_ADMIN_PORT=" + admin + " " + settings);
            try {
                awaitReady(program, admin);
                if (command.equals("webhook")) {
                    admit(port);
                } else {
                    get(page, "/");
                    awaitWork(program, api);
                }
                get(admin, "/metrics");
                program.destroy();
                if (!program.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new IOException("the program did not end");
                }
            } finally {
                program.destroyForcibly();
            }
        }
    }

    private Process start(int apiPort, String output, List<String> options, String command) throws IOException {
        Path app = rootfs.resolve("app");
        ProcessBuilder builder =
                new ProcessBuilder(rootfs.resolve("opt/java/bin/java").toString());
        options.forEach(file -> builder.command().add("@" + app.resolve(file)));
        builder.command()
                .addAll(List.of(
                        "-XX:AOTCacheOutput=" + output,
                        "-cp",
                        app.resolve("kube-vxlan-controller.jar").toString(),
                        "io.github.kubevxlan.app.Training",
                        command));
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "KUBERNETES_MASTER",
                        "https://127.0.0.1:" + apiPort,
                        "KUBERNETES_CERTS_CA_FILE",
                        ca.toAbsolutePath().toString(),
                        "KUBERNETES_AUTH_TOKEN",
                        "token",
                        "KUBERNETES_AUTH_TRYKUBECONFIG",
                        "false"));
        return builder.inheritIO().start();
    }

    /**
     * What is there when the program starts: the registration to trust, a certificate for the webhook, which the
     * controller replaces, networks, and one pod whose agent does not answer.
     */
    private void fill(FakeApi api, char[] password) throws Exception {
        api.put(SECRET, json("""
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "kube-vxlan-controller-webhook-tls"},
             "type": "kubernetes.io/tls", "data": {"tls.crt": "%s", "tls.key": "%s"}}\
            """.formatted(
                        given(), pem("PRIVATE KEY", keys.getKey(ALIAS, password).getEncoded()))));
        api.put("/api/v1/namespaces/kube-system/configmaps/kube-vxlan-controller", json("""
            {"apiVersion": "v1", "kind": "ConfigMap",
             "metadata": {"name": "kube-vxlan-controller", "namespace": "kube-system"},
             "data": {"vxeth0": "100", "vxeth1": "id=101 up"}}\
            """));
        api.put("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/kube-vxlan-controller", json("""
            {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
             "metadata": {"name": "kube-vxlan-controller"},
             "webhooks": [{"name": "pods", "clientConfig": {}}]}\
            """));
        api.put("/version", json("""
            {"major": "1", "minor": "34", "gitVersion": "v1.34.4"}\
            """));
        api.put("/api/v1/namespaces/default", json("""
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}\
            """));
        api.put("/api/v1/namespaces/default/pods/member", json("""
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "member", "namespace": "default", "labels": {"%1$s": "true"},
                          "annotations": {"%1$s/networks": "vxeth0 ip=192.168.11.2/29"}},
             "spec": {"nodeName": "node", "containers": [{"name": "app"}],
                      "initContainers": [{"name": "vxlan-controller-agent", "restartPolicy": "Always"}]},
             "status": {"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}],
                        "initContainerStatuses": [{"name": "vxlan-controller-agent", "started": true,
                                                   "state": {"running": {}}}]}}\
            """.formatted(PREFIX)));
    }

    private void admit(int port) throws Exception {
        URI url = URI.create("https://127.0.0.1:" + port + "/mutate");
        for (int i = 0; i < ADMISSIONS; i += ADMISSIONS_PER_CONNECTION) {
            try (HttpClient client = client()) {
                for (int k = i; k < i + ADMISSIONS_PER_CONNECTION; k++) {
                    admit(client, url, Reviews.review(k, CONTAINERS[k % CONTAINERS.length]));
                }
            }
        }
    }

    private static void admit(HttpClient client, URI url, String review) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(url)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(review))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200
                || !FakeApi.JSON.readTree(answer.body()).at("/response/patch").isTextual()) {
            throw new IOException("admission answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private void awaitReady(Process program, int adminPort) throws Exception {
        while (get(adminPort, "/readyz") != 200) {
            if (!program.isAlive() || System.nanoTime() > end) {
                throw new IOException("the program did not become ready");
            }
            Thread.sleep(100);
        }
    }

    /** Waits until the controller has issued a certificate and turned to the pod's agent. */
    private void awaitWork(Process program, FakeApi api) throws Exception {
        while (!isIssued(api) || !api.isExecAsked()) {
            if (!program.isAlive() || System.nanoTime() > end) {
                throw new IOException("the controller issued no certificate, or turned to no agent");
            }
            Thread.sleep(100);
        }
    }

    private boolean isIssued(FakeApi api) throws Exception {
        return !api.get(SECRET).at("/data/tls.crt").asText().equals(given());
    }

    private String given() throws Exception {
        return pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
    }

    private static int get(int port, String path) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) FakeApi.JSON.readTree(text);
    }

    private static String pem(String type, byte[] content) {
        String lines = Base64.getMimeEncoder().encodeToString(content);
        String text = "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, lines);
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Trusts the certificate of the webhook. */
    private HttpClient client() throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("webhook", keys.getCertificate(ALIAS));
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build();
    }
}
