package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.kubevxlan.cli.ping.Ends;
import io.github.kubevxlan.cli.ping.Passage;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.view.LinkView;
import io.github.kubevxlan.cli.view.PodInspection;
import io.github.kubevxlan.cli.view.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PingTest {
    @Test
    void bothPodsAreJudgedByTheClusterAsItIsAfterTheLoss() {
        ClusterState now = Clusters.of(Map.of("vxeth1", "101"));
        List<String> asked = new ArrayList<>();
        Ends ends = Ends.of(pod("one"), pod("two"), "").orElseThrow();

        Pings.afterLoss(ends, Passage.none(1), Passage.none(1), () -> now, (state, name) -> {
            assertSame(now, state);
            asked.add(name);
            return pod(name.substring(4));
        });

        assertEquals(List.of("lab/one", "lab/two"), asked);
    }

    private static PodInspection pod(String name) {
        LinkView.Side side = new LinkView.Side(
                new LinkView.Device(true, "02:00:00:00:00:01", 1450),
                List.of(),
                List.of(),
                new LinkView.Peers(0, true, "off"));
        LinkView link = new LinkView(
                new LinkView.Endpoint("vxeth1", "vxeth1", 101, 14789, "10.0.0.1"),
                side,
                side,
                new LinkView.Packets(0, 0, 0, 0, LinkView.Stopped.NONE));
        return new PodInspection(
                new PodView(
                        new PodView.Identity("lab", name, "node", List.of()),
                        new PodView.Sidecar("Running", ""),
                        new PodView.Standing("Ready", ""),
                        List.of()),
                new PodInspection.Response(true, ""),
                List.of(),
                new PodInspection.Comparison(List.of(link), List.of(), List.of()),
                List.of());
    }
}
