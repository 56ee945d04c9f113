package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.ClusterState.Known;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.Overlay;
import io.github.kubevxlan.cli.state.PodFacts;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CaptureTapsTest {
    private static final String STATUS = "[{\"name\":\"vxeth1\",\"interface\":\"link1\",\"ips\":[],\"vni\":101,"
            + "\"state\":\"Ready\",\"uid\":\"UID\"}]";
    private static final PodFacts NAMED = Clusters.member("one", "10.0.0.1", "vxeth1", STATUS);
    private static final PodFacts UNNAMED = Clusters.member("one", "10.0.0.1", "", STATUS);
    private static final ClusterState WHOLE = Clusters.of(Map.of("vxeth1", "101"), NAMED);

    private static Stream<Arguments> clusters() {
        return Stream.of(
                Arguments.of("by the definitions", WHOLE, NAMED, List.of("vxeth1")),
                Arguments.of("definitions hidden", Clusters.without(Known.HIDDEN, WHOLE), NAMED, List.of("link1")),
                Arguments.of("definitions gone", Clusters.without(Known.ABSENT, WHOLE), NAMED, List.of("link1")),
                Arguments.of(
                        "a broken definition", Clusters.of(Map.of("vxeth1", "id=abc"), NAMED), NAMED, List.of("link1")),
                Arguments.of(
                        "its namespace hidden",
                        Clusters.withoutNamespaces(Clusters.of(Map.of("vxeth1", "101"), UNNAMED)),
                        UNNAMED,
                        List.of("link1")),
                Arguments.of(
                        "a network that it left", Clusters.of(Map.of("vxeth1", "101"), UNNAMED), UNNAMED, List.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clusters")
    void whereNobodyCanTellAPodsInterfacesItsStatusDoes(
            String what, ClusterState cluster, PodFacts pod, List<String> links) {
        assertEquals(
                links,
                CaptureCommand.taps(cluster, Overlay.of(cluster), pod, "vxeth1")
                        .map(CaptureCommand.Tap::link)
                        .toList(),
                what);
    }
}
