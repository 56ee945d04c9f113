package io.github.kubevxlan.webhook;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.github.kubevxlan.webhook.cluster.ClusterWatch;
import java.io.IOException;
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
     */
    public static void run(Map<String, String> env) throws IOException {
        WebhookConfig config = WebhookConfig.read(env);
        TlsReloader tls = new TlsReloader();
        KubernetesClient client = new KubernetesClientBuilder().build();
        ClusterWatch cluster = new ClusterWatch(client, config.common(), config.tlsSecret(), tls);
        try {
            Webhook webhook = Webhook.start(config, cluster, tls);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(webhook, cluster, client), "shutdown"));
            LOG.info("Webhook serves on port {}, probes and metrics on {}", webhook.port(), webhook.adminPort());
        } catch (IOException | RuntimeException e) {
            cluster.close();
            client.close();
            throw e;
        }
    }

    private static void end(Webhook webhook, ClusterWatch cluster, KubernetesClient client) {
        LOG.info("Told to end: serving for {} more", DRAIN);
        try (client;
                cluster;
                webhook) {
            webhook.drain(DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
