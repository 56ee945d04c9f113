package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the process of a pod of ours takes now, by its own metrics.
 *
 * @param heap in octets, what nobody needs any more included: only the least of several looks tells anything
 * @param threads of the system
 * @param files open file descriptors, connections among them
 */
public record Footprint(long heap, long threads, long files) {
    private static final Pattern SAMPLE = Pattern.compile("^(kube_vxlan_[a-z_]+) ([0-9.eE+]+)$", Pattern.MULTILINE);

    private static final int COLLECTIONS = 5;
    private static final int MOST_LOOKS = 5_000;
    private static final long HEAP_NOISE = 8_000_000;
    private static final long NOISE = 3;

    /**
     * What one takes that is at rest: looks until its heap has shrunk some times, since each look makes garbage, and
     * gives the least of everything.
     */
    public static Footprint settled(Pod pod) {
        Footprint last = of(pod);
        Footprint least = last;
        int collections = 0;
        for (int looks = 0; collections < COLLECTIONS; looks++) {
            if (looks == MOST_LOOKS) {
                throw new AssertionError("the heap of " + pod.getMetadata().getName() + " does not shrink: " + last);
            }
            Footprint now = of(pod);
            collections += now.heap < last.heap ? 1 : 0;
            least = least.least(now);
            last = now;
        }
        return least;
    }

    /** Whether it takes more than before, beyond what comes and goes by itself. */
    public boolean hasGrownSince(Footprint before) {
        return heap > before.heap + HEAP_NOISE || threads > before.threads + NOISE || files > before.files + NOISE;
    }

    /** Looks at one. */
    public static Footprint of(Pod pod) {
        Map<String, Long> samples = samples(pod);
        return new Footprint(
                sample(pod, samples, "kube_vxlan_heap_used_bytes"),
                sample(pod, samples, "kube_vxlan_threads"),
                sample(pod, samples, "kube_vxlan_open_files"));
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
    static String metrics(Pod pod) {
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

    private Footprint least(Footprint other) {
        return new Footprint(
                Math.min(heap, other.heap), Math.min(threads, other.threads), Math.min(files, other.files));
    }

    @Override
    public String toString() {
        return "heap %.1f MB, %d threads, %d files".formatted(heap / 1e6, threads, files);
    }
}
