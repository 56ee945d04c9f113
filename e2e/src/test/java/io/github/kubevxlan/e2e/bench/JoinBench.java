package io.github.kubevxlan.e2e.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.CpuTime;
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
 * How long N pods made one after another take to be members, how many exec requests that costs, and how much CPU their
 * agents take. What any sidecar costs is measured in the same run: by the same pods with one that does nothing.
 *
 * <p>The pods tell by themselves, in their logs, whose lines carry the kubelet's time: {@code began} is their app's first
 * word, {@code exact} comes once their kernel has held an entry for every other pod. Nothing is asked of them meanwhile.
 */
public final class JoinBench {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String NETWORK = "bench-join";
    private static final String IDLE = "idle";
    private static final String PLAIN = "echo began; echo exact; exec hold";

    private JoinBench() {}

    /**
     * What was measured of N pods.
     *
     * @param began seconds from before the first pod is made until the last app's first word
     * @param exact the same until the last pod has every entry
     * @param sidecars CPU seconds that all sidecars had taken by then; 0 if there are none
     * @param execs how many exec requests had been sent by then
     */
    private record Measured(double began, double exact, double sidecars, long execs) {}

    /** Measures 10, 20 and 40 pods, or the numbers given, and prints a table. */
    public static void main(String[] args) {
        List<Integer> sizes = args.length == 0
                ? List.of(10, 20, 40)
                : Stream.of(args).map(Integer::valueOf).toList();
        System.out.println(
                "N pods made at once: seconds until all run, until every entry is in every pod; CPU seconds of"
                        + " sidecars");
        System.out.println(
                "| N | plain pods run | with an idle sidecar | members run | every entry | CPU of agents | of idle"
                        + " sidecars | exec requests | allowed |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        sizes.forEach(JoinBench::measure);
    }

    private static void measure(int size) {
        Measured plain = run(pods(size, Pods.plain("pod", PLAIN)), List.of());
        Measured idle = run(pods(size, withIdleSidecar(Pods.plain("pod", PLAIN))), List.of(IDLE));
        Measured members = run(pods(size, Pods.member("pod", NETWORK, watching(size - 1))), List.of(Cluster.AGENT));
        System.out.printf(
                "| %d | %.1f | %.1f | %.1f | %.1f | %.2f | %.2f | %d | %d |%n",
                size,
                plain.began(),
                idle.began(),
                members.began(),
                members.exact(),
                members.sidecars(),
                idle.sidecars(),
                members.execs(),
                size);
    }

    private static Pod withIdleSidecar(Pod pod) {
        return new PodBuilder(pod)
                .editSpec()
                .addNewInitContainer()
                .withName(IDLE)
                .withImage(Pods.IMAGE)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("hold")
                .withRestartPolicy("Always")
                .endInitContainer()
                .endSpec()
                .build();
    }

    private static String watching(int others) {
        return """
            echo began
            { bridge monitor fdb & while bridge fdb show dev %s; do sleep 1; done; } | awk '
                $1 == "00:00:00:00:00:00" { for (i = 2; i < NF; i++) if ($i == "dst" && !seen[$(i + 1)]++) n++ }
                n == %d { print "exact"; exit }'
            exec hold
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

    private static Measured run(List<Pod> pods, List<String> sidecars) {
        try (Stage stage = Stage.named("bench").open()) {
            stage.define(NETWORK, "7900");
            ExecCount execs = ExecCount.fromNow();
            Instant start = Instant.now();
            stage.create(pods.toArray(Pod[]::new));
            Await.until(
                    "every pod is exact",
                    LIMIT,
                    () -> pods.stream()
                            .filter(pod -> logged(stage, pod, "exact").isEmpty())
                            .map(pod -> pod.getMetadata().getName() + " is not")
                            .findFirst());
            Measured measured = new Measured(
                    last(stage, pods, "began", start),
                    last(stage, pods, "exact", start),
                    cpu(stage, pods, sidecars),
                    execs.sinceThen());
            stage.delete(pods.stream().map(pod -> pod.getMetadata().getName()).toArray(String[]::new));
            return measured;
        }
    }

    private static double cpu(Stage stage, List<Pod> pods, List<String> containers) {
        Duration sum = Duration.ZERO;
        for (Pod pod : pods) {
            for (String container : containers) {
                sum = sum.plus(CpuTime.of(stage.pod(pod.getMetadata().getName()), container));
            }
        }
        return sum.toMillis() / 1000.0;
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
