package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.ExecCount;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.StatusWrites;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What joining costs the cluster, by the API server's own count: at most one exec a pod that joins or is there, and two
 * writes on each that joins: its status and an Event.
 *
 * <p>A status is written on the pod as it was last seen (its {@code resourceVersion} is in the request). Where the kubelet
 * wrote in between, the API server refuses it, and the controller reads the pod and sends it again: one read and one more
 * request, for one write.
 */
@Alone("counts what the API server is asked for")
class CostIT {
    private static final String NETWORK = "e2e-cost";
    private static final int TEN = 10;

    @RegisterExtension
    static final Stage stage = Stage.named("cost");

    @Test
    void tenPodsThatJoinTogetherTakeAtMostOneExecEach() {
        stage.define(NETWORK, "7700");
        List<Pod> first = joinWithin(TEN, "first");
        List<Pod> second = joinWithin(TEN + TEN, "second");
        Map<String, Integer> events = stage.events(Cluster.CONTROLLER);
        assertEquals(TEN + TEN, events.size(), events::toString);
        events.forEach((pod, count) -> assertEquals(1, count, () -> "Events on " + pod));
        Overlays.awaitExact(
                NETWORK, Stream.concat(first.stream(), second.stream()).toList());
    }

    /** What is sent counts, whether it changes anything or not; what was refused since the pod had changed does not. */
    private static long patches(String name) {
        return count("patch", name + "[^/]*/status") - reads(name);
    }

    private static long reads(String name) {
        return count("get", name + "[^/]*");
    }

    private static long count(String verb, String pods) {
        Pattern uri = Pattern.compile("/api/v1/namespaces/" + stage.namespace() + "/pods/" + pods + "(\\?.*)?");
        return Lab.requests().stream()
                .filter(request -> request.verb().equals(verb)
                        && uri.matcher(request.uri()).matches())
                .count();
    }

    /** One write of the status for each that joins, beside its Event, and none for its peers. */
    private static void assertWritten(StatusWrites writes, String name) {
        Map<String, Integer> counts = writes.counts();
        writes.close();
        System.out.printf(
                "writes of pods' status for the %s %d pods: %s, %d waited%n", name, TEN, counts, writes.waits());
        assertTrue(writes.waits() <= TEN / 2, () -> writes.waits() + " waited for their peers");
        counts.forEach((pod, count) -> assertEquals(pod.startsWith(name) ? 1 : 0, count, () -> "writes on " + pod));
    }

    private static List<Pod> joinWithin(int bound, String name) {
        ExecCount execs = ExecCount.fromNow();
        long before = patches("");
        StatusWrites writes = new StatusWrites(stage.namespace());
        List<Pod> pods = stage.start(IntStream.range(0, TEN)
                .mapToObj(i -> Pods.onNode(i, Pods.member(name + "-" + i, NETWORK)))
                .toArray(Pod[]::new));
        long count = execs.sinceThen();
        System.out.printf("exec requests for the %s %d pods: %d, allowed: %d%n", name, TEN, count, bound);
        assertTrue(count <= bound, () -> count + " exec requests, allowed: " + bound);
        assertWritten(writes, name);
        assertEquals(TEN + writes.waits(), patches(name), "patches of those that joined, for which none was refused");
        assertTrue(reads(name) <= TEN, () -> reads(name) + " patches were refused");
        assertEquals(before, patches("") - TEN - writes.waits(), "patches of their peers");
        return pods;
    }
}
