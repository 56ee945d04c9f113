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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a watch makes of what an API server sends; the server is one on loopback. */
class ConnectionTest {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Test
    void watchGoesOnAfterTextThatIsNotAscii() throws Exception {
        byte[] event = event("Zürich 漢字 😀").getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> send(exchange, event));
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (KubernetesClient client =
                        Connection.by(new ConfigBuilder().withMasterUrl(url).build(), false);
                Watch _ = client.configMaps().inNamespace("any").watch(teller())) {
            for (int cut = 1; cut < event.length; cut++) {
                assertEquals("Zürich 漢字 😀", told.poll(1, TimeUnit.MINUTES));
            }
        } finally {
            server.stop(0);
        }
    }

    /** Each time the same event, cut in two at each of its octets. */
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
