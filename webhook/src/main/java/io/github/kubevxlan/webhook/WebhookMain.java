package io.github.kubevxlan.webhook;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.VersionInfo;
import io.github.kubevxlan.common.cluster.Connection;
import io.github.kubevxlan.common.util.StartException;
import io.github.kubevxlan.webhook.TlsSource.InFiles;
import io.github.kubevxlan.webhook.TlsSource.InSecret;
import io.github.kubevxlan.webhook.cluster.ClusterWatch;
import io.github.kubevxlan.webhook.cluster.TlsSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command {@code webhook}: builds the program's parts and ends them in reverse. */
public final class WebhookMain {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookMain.class);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private WebhookMain() {}

    /**
     * Starts the webhook and returns; it serves until the process is told to end (SIGTERM).
     *
     * @param env the environment; throws ConfigException for mistakes in it
     * @throws IOException if a port can't be had
     * @throws StartException if there is no way to a cluster
     */
    public static void run(Map<String, String> env) throws IOException, StartException {
        WebhookConfig config = WebhookConfig.read(env);
        TlsReloader tls = new TlsReloader();
        KubernetesClient client = Connection.open(config.common().watchesOneByOne());
        ClusterWatch cluster = new ClusterWatch(client, config.common());
        TlsFeed certificates = switch (config.tls()) {
            case InSecret(String name) -> new TlsSecret(client, config.common().namespace(), name, tls);
            case InFiles(Path directory) -> TlsFiles.start(directory, tls, TlsFiles.PAUSE);
        };
        try {
            AgentMode mode = config.mode().orElseGet(() -> forServer(client.getKubernetesVersion()));
            LOG.info("Agents are injected in {} mode", mode);
            Webhook webhook = Webhook.start(config, mode, cluster, tls);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> end(webhook, certificates, cluster, client), "shutdown"));
            LOG.info("Webhook serves on port {}, probes and metrics on {}", webhook.port(), webhook.adminPort());
        } catch (IOException | RuntimeException e) {
            certificates.close();
            cluster.close();
            client.close();
            throw e;
        }
    }

    private static AgentMode forServer(VersionInfo version) {
        LOG.info("The API server is {}", version.getGitVersion());
        return AgentMode.forServer(version.getMajor(), version.getMinor());
    }

    private static void end(Webhook webhook, TlsFeed certificates, ClusterWatch cluster, KubernetesClient client) {
        LOG.info("Told to end: serving for {} more", DRAIN);
        try (client;
                cluster;
                certificates;
                webhook) {
            webhook.drain(DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
