package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.StartException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code POST} over TLS, HTTP/1.1, each request in a virtual thread. */
public final class WebhookServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);
    private static final Duration STOP = Duration.ofSeconds(10);

    /** Longer than the API server keeps an idle connection (90 s), so that none is closed as it is used. */
    private static final Duration IDLE = Duration.ofMinutes(2);

    private static final int HEADER_BYTES = 8 * 1024;
    private static final int THREADS = 16;

    private final Javalin javalin;
    private final int port;

    private WebhookServer(Javalin javalin) {
        this.javalin = javalin;
        port = javalin.port();
    }

    /**
     * Starts it; throws if the port is in use.
     *
     * @param port 0 for any free one
     * @param limits of connections, and of the time that requests take
     * @param tls where certificates come from; without one, handshakes fail
     * @param handlers by path
     */
    static WebhookServer start(int port, Limits limits, TlsReloader tls, Map<String, ? extends Handler> handlers)
            throws StartException {
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.prefer405over404 = true;
            config.jetty.threadPool = threads();
            config.jetty.modifyServer(server -> {
                server.setStopTimeout(STOP.toMillis());
                server.setErrorHandler(new PlainErrors());
            });
            config.jetty.addConnector((server, http) -> {
                http.setRequestHeaderSize(HEADER_BYTES);
                // The host name is not checked here, as the client checks the certificate's.
                http.addCustomizer(new SecureRequestCustomizer(false));
                http.addCustomizer(
                        (request, headers) -> hurry(request, limits.arrival().body()));
                return limited(connector(server, http, tls, port), limits);
            });
            handlers.forEach(config.routes::post);
            answerErrors(config, String.join(", ", new TreeSet<>(handlers.keySet())));
        });
        try {
            tls.start(javalin::start);
            return new WebhookServer(javalin);
        } catch (JavalinException e) {
            javalin.stop();
            throw new StartException("port " + port + " for HTTPS can't be opened: " + Reason.of(e), e);
        }
    }

    /** The port it listens on, or did. */
    int port() {
        return port;
    }

    /** Stops: no new connection is taken, requests that came in are answered. */
    @Override
    public void close() {
        javalin.stop();
    }

    /** Jetty's own few threads wait for sockets; what they find runs in virtual ones. */
    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("https");
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return threads;
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, TlsReloader tls, int port) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector =
                new ServerConnector(server, new SslConnectionFactory(tls.factory(), plain.getProtocol()), plain);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        return connector;
    }

    private static Connector limited(ServerConnector connector, Limits limits) {
        // By default 50 connections may wait. If one finds no place, its client tries again only after a second.
        connector.setAcceptQueueSize(limits.connections());
        connector.getServer().addBean(new NetworkConnectionLimit(limits.connections(), connector));
        connector.addBean(new SlowConnectionReaper(connector, limits));
        return connector;
    }

    /** Lets a connection stand still for less time while it is used. */
    private static Request hurry(Request request, Duration time) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        endPoint.setIdleTimeout(time.toMillis());
        Request.addCompletionListener(request, failure -> endPoint.setIdleTimeout(IDLE.toMillis()));
        return request;
    }

    private static void answerErrors(JavalinConfig config, String paths) {
        config.routes.exception(
                HttpResponseException.class,
                (e, context) -> context.status(e.getStatus())
                        .contentType(ContentType.TEXT_PLAIN)
                        .result(context.method() + " " + e.getStatus() + ", allowed: POST " + paths + "\n"));
        config.routes.exception(Exception.class, (e, context) -> {
            LOG.error("A request failed; the API server does what failurePolicy says", e);
            context.status(500).contentType(ContentType.TEXT_PLAIN).result("internal error, see the webhook's log\n");
        });
    }
}
