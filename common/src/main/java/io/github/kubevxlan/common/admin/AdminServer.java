package io.github.kubevxlan.common.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers probes and metrics over plain HTTP: {@code /livez} always succeeds, {@code /readyz} names what is missing,
 * {@code /metrics}.
 */
public final class AdminServer implements AutoCloseable {
    static {
        // Any pod can come here. The JDK's server has no other way to be told, and is used nowhere else.
        System.setProperty("jdk.httpserver.maxConnections", "500");
        System.setProperty("sun.net.httpserver.maxReqTime", "5"); // seconds
        System.setProperty("sun.net.httpserver.maxRspTime", "5");
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", "16384"); // bytes
    }

    private final HttpServer server;

    /** Of the platform, so that probes are answered while virtual threads compute; not more than connections. */
    private final ExecutorService threads =
            Executors.newCachedThreadPool(Thread.ofPlatform().name("admin-", 0).factory());

    /** What is answered, in UTF-8. */
    record Response(int status, String type, String text) {
        Response(int status, String text) {
            this(status, "text/plain; charset=utf-8", text);
        }
    }

    private AdminServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts it.
     *
     * @param port 0 for any free one
     * @param missing what keeps the program from being ready, for the reader
     * @param metrics those of the program; what the process takes is added when they are first asked for
     */
    public static AdminServer start(int port, Supplier<Optional<String>> missing, PrometheusRegistry metrics)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        AdminServer admin = new AdminServer(server);
        server.setExecutor(admin.threads);
        admin.page("/livez", _ -> new Response(200, "ok\n"));
        admin.page(
                "/readyz",
                _ -> missing.get().map(text -> new Response(503, text + "\n")).orElse(new Response(200, "ok\n")));
        Scrape scrape = new Scrape(metrics);
        admin.page("/metrics", scrape::answer);
        server.start();
        return admin;
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    /** Takes a path, and what is answered by what the request accepts. */
    private void page(String path, Function<Optional<String>, Response> answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                Optional<String> accept =
                        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"));
                boolean isIt = exchange.getRequestURI().getPath().equals(path);
                send(exchange, isIt ? answer.apply(accept) : new Response(404, ""));
            }
        });
    }

    private static void send(HttpExchange exchange, Response answer) throws IOException {
        byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
