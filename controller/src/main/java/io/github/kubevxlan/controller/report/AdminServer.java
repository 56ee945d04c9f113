package io.github.kubevxlan.controller.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Liveness, readiness and metrics by plain HTTP: {@code /livez}, {@code /readyz}, {@code /metrics}. */
public final class AdminServer implements AutoCloseable {
    private final HttpServer server;

    /**
     * Starts to serve.
     *
     * @param port 0 for any free one
     * @param executor runs the handlers
     * @param health what to answer
     * @throws IOException if the port can't be had
     */
    public AdminServer(int port, ExecutorService executor, Health health) throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(executor);
        server.createContext(
                "/livez", exchange -> answer(exchange, health.live().getAsBoolean()));
        server.createContext(
                "/readyz", exchange -> answer(exchange, health.ready().getAsBoolean()));
        server.createContext(
                "/metrics", exchange -> answer(exchange, 200, health.metrics().get()));
        server.start();
    }

    /**
     * What is answered.
     *
     * @param live false if only a restart helps
     * @param ready whether it does its work now
     * @param metrics in the Prometheus text format
     */
    public record Health(BooleanSupplier live, BooleanSupplier ready, Supplier<String> metrics) {}

    /** The port served on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop((int) Duration.ZERO.toSeconds());
    }

    private static void answer(HttpExchange exchange, boolean good) throws IOException {
        answer(exchange, good ? 200 : 503, good ? "ok\n" : "not now\n");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
