package io.github.kubevxlan.cli.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.doctor.Finding.Severity;
import io.github.kubevxlan.cli.ping.Passage;
import io.github.kubevxlan.cli.ping.PingView;
import io.github.kubevxlan.cli.ping.Verdict;
import io.github.kubevxlan.cli.ping.Verdict.Place;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.common.spec.Definitions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrialTest {
    private static final Definitions DEFINITIONS = Clusters.of(Map.of(
                    "a", "1", "b", "id=2 subnet=10.9.0.0/24", "closed", "id=3 subnet=10.8.0.0/24 namespaces=tenant"))
            .definitions();
    private static final TrialPod.Pair PAIR =
            new TrialPod.Pair(new TrialPod("lab/one", "node1"), new TrialPod("lab/two", "node2"));

    @Test
    void aNetworkThatGivesAddressesIsPreferredUnlessAnotherIsAskedFor() {
        assertEquals("b", chosen("lab", "").name());
        assertEquals("a", chosen("lab", "a").name());
        assertEquals("closed", chosen("tenant", "closed").name());
    }

    @Test
    void oneThatTheNamespaceMayNotJoinIsNotChosen() {
        assertEquals(Optional.empty(), TrialNetwork.choose(DEFINITIONS, "lab", "closed"));
        assertEquals(Optional.empty(), TrialNetwork.choose(DEFINITIONS, "lab", "unknown"));
    }

    @Test
    void podsTakeAddressesOfTheirOwnWhereTheNetworkGivesNone() {
        assertEquals("a name=vxlan-doctor ip=198.18.7.1/24", chosen("lab", "a").annotation(7, 0));
        assertEquals("b name=vxlan-doctor", chosen("lab", "b").annotation(7, 0));
    }

    @Test
    void eachTwoPodsMakeOnePair() {
        List<TrialPod> pods = IntStream.range(0, 4)
                .mapToObj(number -> new TrialPod("lab/" + number, "node" + number))
                .toList();

        List<String> pairs = TrialPod.pairs(pods).stream()
                .map(pair -> pair.from().node() + "-" + pair.to().node())
                .toList();

        assertEquals(
                List.of("node0-node1", "node0-node2", "node0-node3", "node1-node2", "node1-node3", "node2-node3"),
                pairs);
    }

    @Test
    void aPathIsBrokenIfNothingComesBackAndElseDeservesAttention() {
        assertEquals(Optional.empty(), TrialFindings.path(PAIR, ping(5, Place.NOWHERE)));
        Finding broken = TrialFindings.path(PAIR, ping(0, Place.UNDERLAY)).orElseThrow();
        assertEquals(Severity.BROKEN, broken.severity());
        assertEquals("Nodes node1 and node2, network net", broken.problem().where());
        assertEquals("0 of 5 packets were answered. A reason.", broken.problem().what());
        assertEquals("a remedy", broken.remedy());
        assertEquals(
                Severity.WARNING,
                TrialFindings.path(PAIR, ping(4, Place.UNDERLAY)).orElseThrow().severity());
        assertEquals(
                Severity.WARNING,
                TrialFindings.path(PAIR, ping(5, Place.MTU)).orElseThrow().severity());
    }

    private static TrialNetwork chosen(String namespace, String asked) {
        return TrialNetwork.choose(DEFINITIONS, namespace, asked).orElseThrow();
    }

    private static PingView ping(int answered, Place place) {
        return new PingView(
                new PingView.Way("lab/one", "lab/two", "net", "198.18.7.1", "198.18.7.2"),
                new Passage(new Passage.Packets(5, answered, answered), List.of(), new Passage.Largest(1400, 1400)),
                1450,
                new Verdict(place, "A reason.", "a remedy"),
                List.of());
    }
}
