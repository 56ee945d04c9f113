package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.StartException;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the live page to browsers on this machine alone: plain HTTP on the loopback address, reached by {@code kubectl
 * port-forward}. Nothing can be changed by it.
 */
public final class PageServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration STOP = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final int CONNECTIONS = 64;
    private static final int THREADS = 8;
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private final Javalin javalin;
    private final PageFeed feed;
    private final Thread publisher;
    private final int port;

    private PageServer(Javalin javalin, PageFeed feed) {
        this.javalin = javalin;
        this.feed = feed;
        port = javalin.port();
        publisher = Thread.ofVirtual().name("page").start(feed::run);
    }

    /**
     * Starts it; throws if the port can't be opened.
     *
     * @param port 0 for any free one
     * @param model gives what is shown now; asked some times a second while a browser follows
     * @param changes what happened of late
     */
    public static PageServer start(int port, Supplier<PageModel> model, RecentChanges changes) throws StartException {
        PageFeed feed = new PageFeed(model, changes, System::currentTimeMillis);
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.jetty.threadPool = threads();
            config.jetty.modifyServer(server -> server.setStopTimeout(STOP.toMillis()));
            config.jetty.addConnector((server, http) -> connector(server, http, port));
            config.routes.before(PageServer::guard);
            config.routes.get("/events", context -> follow(context, feed));
            config.routes.get(
                    "/pods/{uid}",
                    context -> context.contentType(ContentType.APPLICATION_JSON)
                            .result(PageJson.pod(context.pathParam("uid"), changes.of(context.pathParam("uid")))));
            config.routes.get("/*", PageServer::serve);
            answerErrors(config);
        });
        try {
            return new PageServer(javalin.start(), feed);
        } catch (JavalinException e) {
            javalin.stop();
            throw new StartException("port " + port + " for the live page can't be opened: " + Reason.of(e), e);
        }
    }

    /** The port it listens on, or did. */
    public int port() {
        return port;
    }

    /** Stops; browsers are told no more. */
    @Override
    public void close() {
        feed.close();
        publisher.interrupt();
        javalin.stop();
    }

    private static void guard(Context context) {
        HEADERS.forEach(context::header);
        if (!LocalHost.isNamedBy(Optional.ofNullable(context.header("Host")))
                || !LocalHost.isAskedByItself(Optional.ofNullable(context.header("Sec-Fetch-Site")))) {
            throw new HttpResponseException(
                    HttpStatus.FORBIDDEN.getCode(), "this page is for http://localhost alone, by kubectl port-forward");
        }
    }

    private static void serve(Context context) {
        PageFiles.Content content = PageFiles.get(context.path())
                .orElseThrow(() -> new HttpResponseException(HttpStatus.NOT_FOUND.getCode(), "not found"));
        context.contentType(content.type()).result(content.open());
    }

    /** Sends events for as long as the browser takes them. */
    private static void follow(Context context, PageFeed feed) throws InterruptedException {
        PageClient client = feed.connect()
                .orElseThrow(() -> new HttpResponseException(
                        HttpStatus.SERVICE_UNAVAILABLE.getCode(), "too many browsers follow this page already"));
        EndPoint endPoint = endPoint(context);
        client.atEnd(endPoint::close);
        context.contentType("text/event-stream; charset=utf-8");
        try {
            OutputStream output = context.res().getOutputStream();
            while (!client.isOver()) {
                output.write(client.take(HEARTBEAT).orElse(COMMENT));
                output.flush();
            }
        } catch (IOException e) {
            LOG.debug("a browser follows no more: {}", Reason.line(e));
        } finally {
            feed.disconnect(client);
        }
    }

    private static EndPoint endPoint(Context context) {
        return ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
    }

    /** Jetty's own few threads wait for sockets; what they find runs in virtual ones. */
    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("page");
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return threads;
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, int port) {
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(LOOPBACK);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
        return connector;
    }

    private static void answerErrors(JavalinConfig config) {
        config.routes.exception(
                HttpResponseException.class,
                (e, context) -> context.status(e.getStatus())
                        .contentType(ContentType.TEXT_PLAIN)
                        .result(e.getMessage() + "\n"));
        config.routes.exception(Exception.class, (e, context) -> {
            LOG.error("a request for the live page failed", e);
            context.status(HttpStatus.INTERNAL_SERVER_ERROR)
                    .contentType(ContentType.TEXT_PLAIN)
                    .result("internal error, see the controller's log\n");
        });
    }
}
