package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Two members that stay, whatever comes and goes around them: once they have each other's entry, they keep it. */
final class Anchors {
    static final String NETWORK = "anchor";
    private static final Filter FILTER =
            Filter.of(new SegmentKey(new Segment(new Vni(50), SimulatedCluster.DEFAULTS.port()), false));

    private final List<SimulatedPod> pods;
    private final List<String> breaks = new ArrayList<>();

    Anchors(SimulatedCluster cluster) {
        cluster.define(Map.of(NETWORK, "50"));
        pods = IntStream.range(0, 2)
                .mapToObj(i ->
                        cluster.create("anchors", "anchor-" + i, Map.of(SimulatedCluster.KEYS.networks(), NETWORK)))
                .toList();
        for (SimulatedPod pod : pods) {
            pod.startAgent();
            cluster.changed(pod);
            SimulatedPod other = pod == pods.getFirst() ? pods.getLast() : pods.getFirst();
            boolean[] had = {false};
            pod.kernel.afterEach(() -> {
                boolean there = pod.kernel.names().contains(NETWORK);
                boolean has = there && pod.kernel.floods(NETWORK).contains(other.primary());
                if (there && !pod.kernel.filters().isWhole(FILTER)) {
                    breaks.add(pod + " takes packets from anybody");
                }
                if (has
                        && !pod.kernel
                                .filters()
                                .admitted(FILTER)
                                .contains(new Entry.Admitted(FILTER, other.primary()))) {
                    breaks.add(pod + " sends to " + other + " and drops what it answers");
                }
                if (had[0] && !has) {
                    breaks.add(pod + " lost its entry for " + other);
                }
                if (has && !had[0]) {
                    pod.kernel.handAddress(NETWORK, "10.99.0.1/24");
                }
                had[0] = has;
            });
        }
    }

    void assertUnbroken() {
        assertEquals(List.of(), breaks);
        pods.forEach(pod -> assertEquals(
                1, pod.kernel.addresses(NETWORK).size(), "addresses of " + pod + ", one of them put by hand"));
    }
}
