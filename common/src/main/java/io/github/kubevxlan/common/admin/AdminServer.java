package io.github.kubevxlan.common.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers probes and metrics over plain HTTP: {@code /livez} while the process answers at all, {@code /readyz} with
 * what is missing while anything is, {@code /metrics}.
 */
public final class AdminServer implements AutoCloseable {
    static {
        // Any pod can come here. The JDK's server has no other way to be told, and is used nowhere else.
        System.setProperty("jdk.httpserver.maxConnections", "500");
        System.setProperty("sun.net.httpserver.maxReqTime", "5"); // seconds
        System.setProperty("sun.net.httpserver.maxRspTime", "5");
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", "16384"); // octets
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** A page: 200 with a text. */
    private record Answer(int status, String text) {}

    private AdminServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts it.
     *
     * @param port 0 for any free one
     * @param missing what keeps the program from being ready, for the reader
     * @param metrics in Prometheus' text format; what the process takes is added
     */
    public static AdminServer start(int port, Supplier<Optional<String>> missing, Supplier<String> metrics)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        AdminServer admin = new AdminServer(server);
        server.setExecutor(admin.threads);
        admin.page("/livez", () -> new Answer(200, "ok\n"));
        admin.page(
                "/readyz",
                () -> missing.get().map(text -> new Answer(503, text + "\n")).orElse(new Answer(200, "ok\n")));
        admin.page("/metrics", () -> new Answer(200, metrics.get() + ProcessMetrics.print()));
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

    private void page(String path, Supplier<Answer> answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                send(exchange, exchange.getRequestURI().getPath().equals(path) ? answer.get() : new Answer(404, ""));
            }
        });
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
