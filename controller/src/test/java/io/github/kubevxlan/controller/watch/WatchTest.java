package io.github.kubevxlan.controller.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A watch of ConfigMaps by an API server on loopback that fails in the ways that they do. */
@Timeout(60)
class WatchTest {
    private static final String PATH = "/api/v1/namespaces/n/configmaps";
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int ATTEMPTS = 6;

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private volatile Play play = (_, exchange) -> answer(exchange, 200, list());
    private volatile String token = "first";
    private final KubernetesClient client;
    private final Watch<ConfigMap> watch;

    /** When it came is told by the clock that only goes forward. */
    private record Request(boolean watch, String token, long came) {}

    private interface Play {
        void answer(Request request, HttpExchange exchange) throws IOException, InterruptedException;
    }

    WatchTest() throws IOException {
        server.setExecutor(executor);
        server.createContext(PATH, this::handle);
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withOnlyHttpWatches(true)
                        .withHttp2Disable(true)
                        .withOauthTokenProvider(() -> token)
                        .withRequestRetryBackoffLimit(0)
                        .withWatchReconnectInterval((int) PAUSE.toMillis())
                        .build())
                .build();
        watch = new Watch<>(
                client.configMaps().inNamespace("n"),
                UnaryOperator.identity(),
                changed -> changes.add(changed.getMetadata().getName()));
    }

    @AfterEach
    void stop() {
        over.countDown();
        watch.close();
        client.close();
        server.stop(0);
        executor.shutdownNow();
    }

    @Test
    void aTokenThatExpiredIsReplacedByTheNextOne() throws Exception {
        CountDownLatch expired = new CountDownLatch(1);
        play = (request, exchange) -> {
            if (request.token().equals("Bearer second")) {
                answerOrWatch(request, exchange, list("a", "b"));
            } else if (expired.getCount() == 0) {
                answer(exchange, 401, "{}");
            } else if (request.watch()) {
                begin(exchange, event("ADDED", "a"));
                expired.await();
                exchange.close();
            } else {
                answer(exchange, 200, list());
            }
        };
        var _ = watch.start();
        assertEquals("a", changes.take());
        requests.clear();
        expired.countDown();
        for (int i = 0; i < 3; i++) {
            assertEquals("Bearer first", requests.take().token());
        }
        token = "second";

        while (!changes.take().equals("b")) {}
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whatCanNotBeResumedIsListedAnew(boolean byEvent) throws Exception {
        AtomicBoolean listed = new AtomicBoolean();
        play = (request, exchange) -> {
            if (!request.watch()) {
                answer(exchange, 200, listed.getAndSet(true) ? list("b") : list("a"));
            } else if (changes.contains("b")) {
                begin(exchange, "");
                over.await();
            } else if (byEvent) {
                begin(
                        exchange,
                        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":410}}\n");
                over.await();
            } else {
                answer(exchange, 410, "{}");
            }
        };
        watch.start().get();

        assertEquals(List.of("a", "b", "a"), List.of(changes.take(), changes.take(), changes.take()));
        assertEquals(
                List.of("b"),
                watch.all().stream().map(map -> map.getMetadata().getName()).toList());
    }

    @Test
    void aServerThatTakesItsTimeIsAskedOnce() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        play = (request, exchange) -> {
            if (!request.watch()) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                slow.await();
                exchange.getResponseBody().write(list("a").substring(1).getBytes(StandardCharsets.UTF_8));
                exchange.close();
            } else {
                begin(exchange, "");
                over.await();
            }
        };
        var complete = watch.start();
        assertEquals(false, requests.take().watch());
        slow.countDown();
        complete.get();

        assertEquals(true, requests.take().watch());
        assertEquals("a", changes.take());
    }

    /** Each pause is at least what it should be: twice the one before, where nothing came right in between. */
    @ParameterizedTest
    @CsvSource({
        "false, 500, 1, true",
        "false, 401, 2, true",
        "false, 429, 1, true",
        "true, 500, 1, true",
        "true, 401, 2, true",
        "true, 410, 1, false"
    })
    void aServerThatFailsIsAskedAgainAfterPauses(boolean atWatch, int status, int atOnce, boolean growing)
            throws Exception {
        BlockingQueue<Long> failed = new LinkedBlockingQueue<>();
        BlockingQueue<Long> came = new LinkedBlockingQueue<>();
        play = (request, exchange) -> {
            if (request.watch() == atWatch) {
                came.add(request.came());
                failed.add(System.nanoTime());
                answer(exchange, status, "{}");
            } else {
                answer(exchange, 200, list());
            }
        };
        var _ = watch.start();

        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            for (int i = 0; i < atOnce; i++) {
                long now = came.take();
                if (i == 0 && attempt > 0) {
                    long least = PAUSE.toNanos() << (growing ? attempt - 1 : 0);
                    long pause = now - failed.take();
                    assertTrue(pause >= least, "pause " + attempt + ": " + pause + " ns of " + least);
                }
                if (i > 0) {
                    failed.take();
                }
            }
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        Request request = new Request(
                query.contains("watch=true"),
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                System.nanoTime());
        requests.add(request);
        try {
            play.answer(request, exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answerOrWatch(Request request, HttpExchange exchange, String list)
            throws IOException, InterruptedException {
        if (request.watch()) {
            begin(exchange, event("ADDED", "b"));
            over.await();
        } else {
            answer(exchange, 200, list);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void begin(HttpExchange exchange, String events) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(events.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static String list(String... names) {
        return "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"5\"},\"items\":["
                + String.join(
                        ",",
                        IntStream.range(0, names.length)
                                .mapToObj(i -> object(names[i]))
                                .toList()) + "]}";
    }

    private static String event(String type, String name) {
        return "{\"type\":\"%s\",\"object\":%s}%n".formatted(type, object(name));
    }

    private static String object(String name) {
        return "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"n\",\"uid\":\"%s\",\"resourceVersion\":\"6\"}}"
                .formatted(name, name);
    }
}
