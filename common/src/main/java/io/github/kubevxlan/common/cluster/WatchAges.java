package io.github.kubevxlan.common.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long ago each watch of a client last received something: an object, a bookmark, or the beginning of its answer. A
 * connection whose other end went without a word looks like a quiet one. API servers send bookmarks about once a
 * minute, so a watch that is silent for {@link #SILENCE} is ended; its owner then opens another.
 */
public final class WatchAges {
    /** A watch that receives nothing for this long is closed. */
    public static final Duration SILENCE = Duration.ofMinutes(3);

    /** Data of a watch of that age is too old for decisions: the client tried to open the watch again and failed. */
    public static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(WatchAges.class);
    private static final String METRIC = "kube_vxlan_watch_age_seconds";

    private final LongSupplier nanoTime;
    private final Map<String, Heard> watches = new ConcurrentHashMap<>();

    /** When a watch last brought something, and the answer to end; none before it has come, and when it was ended. */
    private record Heard(long nanos, Optional<AsyncBody> answer) {}

    /** Takes a clock that never goes backward, in nanoseconds. */
    public WatchAges(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The age of the oldest watch of each resource, as {@code pods}, in order; none of those that were never asked for. */
    public Map<String, Duration> byResource() {
        long now = nanoTime.getAsLong();
        return watches.entrySet().stream()
                .collect(Collectors.toMap(
                        watch -> resource(watch.getKey()),
                        watch -> Duration.ofNanos(now - watch.getValue().nanos()),
                        (one, other) -> one.compareTo(other) > 0 ? one : other,
                        TreeMap::new));
    }

    /** Closes silent watches; to be called now and then. */
    public void endSilent() {
        long now = nanoTime.getAsLong();
        watches.forEach((watch, heard) -> {
            if (now - heard.nanos() > SILENCE.toNanos()
                    && heard.answer().isPresent()
                    && watches.replace(watch, heard, new Heard(heard.nanos(), Optional.empty()))) {
                LOG.warn(
                        "the watch {} received nothing for {} s, not even a bookmark: opening it again",
                        watch,
                        Duration.ofNanos(now - heard.nanos()).toSeconds());
                heard.answer().get().cancel();
            }
        });
    }

    /** Registers ages, as {@link #byResource} gives them, as a metric. */
    public static void register(PrometheusRegistry metrics, Supplier<Map<String, Duration>> ages) {
        GaugeWithCallback.builder()
                .name(METRIC)
                .help("Time since the most silent watch of a resource last received anything.")
                .labelNames("resource")
                .callback(metric ->
                        ages.get().forEach((resource, age) -> metric.call(age.toMillis() / 1000.0, resource)))
                .register(metrics);
    }

    Interceptor interceptor() {
        return new Interceptor() {
            @Override
            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                if (AsciiWatch.isWatch(request)) {
                    watches.putIfAbsent(watch(request), new Heard(nanoTime.getAsLong(), Optional.empty()));
                }
            }

            @Override
            public void after(
                    HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
                if (AsciiWatch.isWatch(request)
                        && response.isSuccessful()
                        && response.body() instanceof AsyncBody answer) {
                    watches.put(watch(request), new Heard(nanoTime.getAsLong(), Optional.of(answer)));
                }
            }

            @Override
            public AsyncBody.Consumer<List<ByteBuffer>> consumer(
                    AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
                if (!AsciiWatch.isWatch(request)) {
                    return consumer;
                }
                String watch = watch(request);
                return (pieces, body) -> {
                    watches.computeIfPresent(watch, (_, last) -> new Heard(nanoTime.getAsLong(), last.answer()));
                    consumer.consume(pieces, body);
                };
            }
        };
    }

    /** What is watched: the path, and what selects in it. */
    private static String watch(HttpRequest request) {
        return Stream.of(String.valueOf(request.uri().getRawQuery()).split("&"))
                .filter(part -> part.startsWith("fieldSelector=") || part.startsWith("labelSelector="))
                .collect(Collectors.joining("&", request.uri().getPath() + "?", ""));
    }

    private static String resource(String watch) {
        String path = watch.substring(0, watch.indexOf('?'));
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
