package io.github.kubevxlan.e2e.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.ExecCount;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long N pods made one after another take to be members, and how many exec requests that costs.
 *
 * <p>The pods tell by themselves, in their logs, whose lines carry the kubelet's time: {@code began} is their app's first
 * word, {@code exact} comes once their kernel has held an entry for every other pod. Nothing is asked of them meanwhile.
 */
public final class JoinBench {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String NETWORK = "bench-join";
    private static final String PLAIN = "echo began; echo exact; exec hold";

    private JoinBench() {}

    /** Seconds from before the first pod is made. */
    private record Times(double began, double exact) {}

    /** Measures 10, 20 and 40 pods, or the numbers given, and prints a table. */
    public static void main(String[] args) {
        List<Integer> sizes = args.length == 0
                ? List.of(10, 20, 40)
                : Stream.of(args).map(Integer::valueOf).toList();
        System.out.println("N pods made at once: seconds until all run, and until every entry is in every pod");
        System.out.println("| N | plain pods run | members run | every entry | exec requests | allowed |");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
        sizes.forEach(JoinBench::measure);
    }

    private static void measure(int size) {
        Times plain = run(pods(size, Pods.plain("pod", PLAIN)));
        ExecCount execs = ExecCount.fromNow();
        Times members = run(pods(size, Pods.member("pod", NETWORK, watching(size - 1))));
        System.out.printf(
                "| %d | %.1f | %.1f | %.1f | %d | %d |%n",
                size, plain.began(), members.began(), members.exact(), execs.sinceThen(), size);
    }

    private static String watching(int others) {
        return """
            echo began
            { bridge monitor fdb & bridge fdb show dev %s; wait; } | awk '
                $1 == "00:00:00:00:00:00" { for (i = 2; i < NF; i++) if ($i == "dst" && !seen[$(i + 1)]++) n++ }
                n == %d && !told++ { print "exact"; fflush() }'
            """.formatted(NETWORK, others);
    }

    private static List<Pod> pods(int size, Pod pod) {
        return IntStream.range(0, size)
                .mapToObj(i -> new PodBuilder(pod)
                        .editMetadata()
                        .withName("pod-" + i)
                        .endMetadata()
                        .editSpec()
                        .withTerminationGracePeriodSeconds(0L)
                        .endSpec()
                        .build())
                .toList();
    }

    private static Times run(List<Pod> pods) {
        try (Stage stage = Stage.named("bench").open()) {
            stage.define(NETWORK, "7900");
            Instant start = Instant.now();
            stage.create(pods.toArray(Pod[]::new));
            Await.until(
                    "every pod is exact",
                    LIMIT,
                    () -> pods.stream()
                            .filter(pod -> logged(stage, pod, "exact").isEmpty())
                            .map(pod -> pod.getMetadata().getName() + " is not")
                            .findFirst());
            Times times = new Times(last(stage, pods, "began", start), last(stage, pods, "exact", start));
            stage.delete(pods.stream().map(pod -> pod.getMetadata().getName()).toArray(String[]::new));
            return times;
        }
    }

    private static double last(Stage stage, List<Pod> pods, String word, Instant start) {
        return pods.stream()
                        .map(pod -> logged(stage, pod, word).orElseThrow())
                        .mapToLong(time -> Duration.between(start, time).toMillis())
                        .max()
                        .orElseThrow()
                / 1000.0;
    }

    /** When the pod wrote that word, by its node's clock. */
    private static Optional<Instant> logged(Stage stage, Pod pod, String word) {
        return Cluster.client()
                .pods()
                .inNamespace(stage.namespace())
                .withName(pod.getMetadata().getName())
                .inContainer(Pods.APP)
                .usingTimestamps()
                .getLog()
                .lines()
                .filter(line -> line.endsWith(" " + word))
                .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
                .findFirst();
    }
}
