package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.admin.AdminServer;
import io.github.kubevxlan.common.cluster.WatchAges;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.StartException;
import io.javalin.http.Handler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The webhook at work: its two servers over what is known of the cluster. */
public final class Webhook implements AutoCloseable {
    private final ClusterView cluster;
    private final TlsReloader tls;
    private final AdminServer admin;
    private final WebhookServer server;
    private volatile boolean draining;

    private Webhook(WebhookConfig config, AgentMode mode, ClusterView cluster, TlsReloader tls) throws StartException {
        this.cluster = cluster;
        this.tls = tls;
        PrometheusRegistry registry = new PrometheusRegistry();
        AdmissionMetrics metrics = new AdmissionMetrics(registry, tls::notAfter);
        WatchAges.register(registry, cluster::ages);
        Admission admission = new Admission(
                config.common().keys(),
                config.injection().agent(),
                mode,
                config.injection().refusesUnknown());
        RequestLimiter limiter = new RequestLimiter(config.server().limits());
        Map<String, Handler> handlers = Map.of(
                "/mutate", handler(config, new PodJudge(admission, cluster), metrics, limiter),
                "/validate",
                        handler(config, new ConfigMapJudge(config.common(), cluster::hasMembers), metrics, limiter));
        server = WebhookServer.start(config.server().port(), config.server().limits(), tls, handlers);
        try {
            admin = AdminServer.start(config.common().adminPort(), this::missing, registry);
        } catch (IOException e) {
            server.close();
            throw new StartException(
                    "port " + config.common().adminPort() + " for health and metrics can't be opened: " + Reason.of(e),
                    e);
        }
    }

    /**
     * Starts the servers; throws if a port is in use. What they are given stays the caller's to close.
     *
     * @param mode of injection, whatever the settings say of it
     */
    public static Webhook start(WebhookConfig config, AgentMode mode, ClusterView cluster, TlsReloader tls)
            throws StartException {
        return new Webhook(config, mode, cluster, tls);
    }

    /** The HTTPS port. */
    public int port() {
        return server.port();
    }

    /** The port of probes and metrics. */
    public int adminPort() {
        return admin.port();
    }

    /**
     * Becomes not ready and serves for a while longer, because the API servers learn with a delay that this endpoint is
     * gone. Connections are closed as they are used.
     */
    public void drain(Duration time) throws InterruptedException {
        draining = true;
        Thread.sleep(time);
    }

    /** Stops; what was accepted is answered. */
    @Override
    public void close() {
        server.close();
        admin.close();
    }

    private Handler handler(WebhookConfig config, Judge judge, AdmissionMetrics metrics, RequestLimiter limiter) {
        BodyReader bodies = new BodyReader(
                AdmissionHandler.MAX_BYTES, config.server().limits().arrival().body());
        return new AdmissionHandler(judge, metrics, limiter, bodies, this::isDraining);
    }

    private boolean isDraining() {
        return draining;
    }

    private Optional<String> missing() {
        if (draining) {
            return Optional.of("shutting down");
        } else if (!cluster.isSynced()) {
            return Optional.of("the webhook has not read networks and namespaces yet");
        }
        return outdated().or(this::certificate);
    }

    private Optional<String> outdated() {
        return cluster.ages().entrySet().stream()
                .filter(watch -> watch.getValue().compareTo(WatchAges.LIMIT) > 0)
                .findFirst()
                .map(watch -> "the watch of " + watch.getKey() + " received nothing for "
                        + watch.getValue().toSeconds() + " s");
    }

    private Optional<String> certificate() {
        Optional<Instant> end = tls.notAfter();
        if (end.isEmpty()) {
            return Optional.of("there is no usable certificate yet");
        }
        return end.filter(Instant.now()::isAfter).map(over -> "the certificate in use expired at " + over);
    }
}
