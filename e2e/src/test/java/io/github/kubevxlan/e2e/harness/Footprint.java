package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the process of a pod of ours takes now.
 *
 * @param threads of Java
 * @param files open file descriptors, connections among them
 */
public record Footprint(LiveHeap heap, long threads, long files) {
    private static final Pattern SAMPLE = Pattern.compile("^([a-z_]+) ([0-9.eE+]+)$", Pattern.MULTILINE);

    private static final long HEAP_NOISE = 1_000_000;
    private static final long NOISE = 16;

    /** Looks at one. */
    public static Footprint of(Pod pod) {
        LiveHeap heap = LiveHeap.of(pod);
        Map<String, Long> samples = samples(pod);
        return new Footprint(
                heap, sample(pod, samples, "jvm_threads_current"), sample(pod, samples, "process_open_fds"));
    }

    /** What it takes more than before, beyond what comes and goes by itself; empty if nothing. */
    public Optional<String> growthSince(Footprint before) {
        boolean grown = heap.bytes() > before.heap.bytes() + HEAP_NOISE
                || threads > before.threads + NOISE
                || files > before.files + NOISE;
        return grown
                ? Optional.of("from %s to %s: %s".formatted(before, this, heap.growthSince(before.heap)))
                : Optional.empty();
    }

    /** One of its metrics that have no labels. */
    public static long metric(Pod pod, String name) {
        return sample(pod, samples(pod), name);
    }

    private static long sample(Pod pod, Map<String, Long> samples, String name) {
        return Optional.ofNullable(samples.get(name))
                .orElseThrow(() -> new AssertionError(pod.getMetadata().getName() + " has no metric " + name));
    }

    /** All that it says, in the Prometheus text format. */
    public static String metrics(Pod pod) {
        return Optional.ofNullable(Cluster.client()
                        .raw("/api/v1/namespaces/%s/pods/%s:8080/proxy/metrics"
                                .formatted(
                                        pod.getMetadata().getNamespace(),
                                        pod.getMetadata().getName())))
                .orElse("");
    }

    private static Map<String, Long> samples(Pod pod) {
        return SAMPLE.matcher(metrics(pod))
                .results()
                .collect(Collectors.toMap(
                        sample -> sample.group(1), sample -> new BigDecimal(sample.group(2)).longValue()));
    }

    @Override
    public String toString() {
        return "heap %.2f MB, %d threads, %d files".formatted(heap.bytes() / 1e6, threads, files);
    }
}
