package io.github.kubevxlan.common.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a watch makes of what an API server sends; the server is one on loopback. */
class ConnectionTest {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AtomicLong now = new AtomicLong();
    private final WatchAges ages = new WatchAges(now::get);

    @Test
    void watchGoesOnAfterTextThatIsNotAscii() throws Exception {
        byte[] event = event("Zürich 漢字 😀").getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> send(exchange, event));
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (KubernetesClient client = Connection.forWatches(
                        new ConfigBuilder().withMasterUrl(url).build(), ages);
                Watch _ = client.configMaps().inNamespace("any").watch(teller())) {
            for (int cut = 1; cut < event.length; cut++) {
                assertEquals("Zürich 漢字 😀", told.poll(1, TimeUnit.MINUTES));
            }
        } finally {
            server.stop(0);
        }
    }

    /** Each time the same event, cut in two at each of its bytes. */
    private static void send(HttpExchange exchange, byte[] event) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = exchange.getResponseBody();
        for (int cut = 1; cut < event.length; cut++) {
            body.write(event, 0, cut);
            body.flush();
            body.write(event, cut, event.length - cut);
            body.flush();
        }
    }

    /** The connection stays open and nothing comes, as when the server's machine is gone. */
    @Test
    void watchThatIsSilentTooLongIsOpenedAnew() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Runnable::run);
        BlockingQueue<HttpExchange> asked = new LinkedBlockingQueue<>();
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(event("any").getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            asked.add(exchange);
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (KubernetesClient client = Connection.forWatches(
                        new ConfigBuilder().withMasterUrl(url).build(), ages);
                Watch _ = client.configMaps().inNamespace("any").watch(teller())) {
            HttpExchange first = next(asked);
            told.poll(1, TimeUnit.MINUTES);
            now.addAndGet(WatchAges.SILENCE.toNanos());
            ages.endSilent();
            assertEquals(Map.of("configmaps", WatchAges.SILENCE), ages.byResource());
            first.getResponseBody().write(event("bookmark").getBytes(StandardCharsets.UTF_8));
            first.getResponseBody().flush();
            assertEquals("bookmark", told.poll(1, TimeUnit.MINUTES));
            assertEquals(Map.of("configmaps", Duration.ZERO), ages.byResource());

            now.addAndGet(WatchAges.SILENCE.toNanos() + 1);
            ages.endSilent();
            next(asked);
            assertEquals("any", told.poll(1, TimeUnit.MINUTES));
            assertEquals(Map.of("configmaps", Duration.ZERO), ages.byResource());
        } finally {
            server.stop(0);
        }
    }

    private static HttpExchange next(BlockingQueue<HttpExchange> asked) throws InterruptedException {
        return Objects.requireNonNull(asked.poll(1, TimeUnit.MINUTES), "nobody watches");
    }

    private Watcher<ConfigMap> teller() {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap object) {
                told.add(object.getData().getOrDefault("text", "none"));
            }

            @Override
            public void onClose(WatcherException cause) {
                told.add("closed: " + cause.getMessage());
            }
        };
    }

    private static String event(String text) {
        return """
            {"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1",\
            "metadata":{"name":"one","resourceVersion":"7"},"data":{"text":"%s"}}}
            """.formatted(text);
    }
}
