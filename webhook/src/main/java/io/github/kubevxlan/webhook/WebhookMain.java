package io.github.kubevxlan.webhook;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import io.github.kubevxlan.common.cluster.Connection;
import io.github.kubevxlan.common.cluster.WatchAges;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.Shutdown;
import io.github.kubevxlan.common.util.StartException;
import io.github.kubevxlan.webhook.TlsSource.InFiles;
import io.github.kubevxlan.webhook.TlsSource.InSecret;
import io.github.kubevxlan.webhook.cluster.ClusterWatch;
import io.github.kubevxlan.webhook.cluster.TlsSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command {@code webhook}: builds the program's parts and ends them in reverse. */
public final class WebhookMain {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookMain.class);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private WebhookMain() {}

    /**
     * Starts the webhook and returns; it serves until SIGTERM.
     *
     * @param env the environment; throws ConfigException for mistakes in it
     * @param shutdown tells when to end
     * @throws StartException if there is no way to a cluster, its version can't be read, or a port is in use
     */
    public static void run(Map<String, String> env, Shutdown shutdown) throws StartException {
        WebhookConfig config = WebhookConfig.read(env);
        TlsReloader tls = new TlsReloader();
        WatchAges ages = new WatchAges(System::nanoTime);
        KubernetesClient client = Connection.forWatches(ages);
        ClusterWatch cluster = new ClusterWatch(client, config.common(), ages);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("watch-ages").factory());
        var _ = timer.scheduleWithFixedDelay(ages::endSilent, 1, 1, TimeUnit.SECONDS);
        TlsFeed certificates = switch (config.server().tls()) {
            case InSecret(String name) -> new TlsSecret(client, config.common().namespace(), name, tls);
            case InFiles(Path directory) -> TlsFiles.start(directory, tls, TlsFiles.PAUSE);
        };
        try {
            AgentMode mode = config.injection().mode().isPresent()
                    ? config.injection().mode().get()
                    : forServer(client);
            LOG.info("Agents are injected in {} mode", mode);
            Webhook webhook = Webhook.start(config, mode, cluster, tls);
            shutdown.onEnd(() -> end(webhook, certificates, cluster, client));
            LOG.info("Webhook serves on port {}, probes and metrics on {}", webhook.port(), webhook.adminPort());
        } catch (StartException | RuntimeException e) {
            certificates.close();
            cluster.close();
            client.close();
            throw e;
        }
    }

    private static AgentMode forServer(KubernetesClient client) throws StartException {
        VersionInfo version;
        try {
            version = client.getKubernetesVersion();
        } catch (KubernetesClientException e) {
            throw new StartException(
                    "can't read the API server's version, which decides the agent's mode: " + Reason.line(e), e);
        }
        LOG.info("The API server is {}", version.getGitVersion());
        return AgentMode.forServer(version.getMajor(), version.getMinor());
    }

    private static void end(Webhook webhook, TlsFeed certificates, ClusterWatch cluster, KubernetesClient client) {
        LOG.info("Ending: serving for {} more", DRAIN);
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
