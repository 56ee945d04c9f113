package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.state.AgentReport;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.ClusterState.Known;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.Counters;
import io.github.kubevxlan.cli.view.Inspections.Asked;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedPod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AskedAgentsTest {
    private static final ClusterState STATE = Clusters.of(
            Map.of("vxeth1", "id=101"),
            Clusters.member("one", "10.0.0.1", "vxeth1", ""),
            Clusters.member("two", "10.0.0.2", "vxeth1", ""));
    private static final String FILTER = "vni101-port14789-ipv4";

    private final Map<String, Long> dropped = new HashMap<>(Map.of("one", 0L, "two", 0L));
    private final List<String> asked = new ArrayList<>();

    @Test
    void strangersThatCameBeforeAreNotTold() {
        dropped.put("one", 7L);

        assertEquals(List.of(0L, 0L), strangers(() -> {}));
    }

    @Test
    void strangersThatComeNowAreTold() {
        dropped.put("one", 7L);

        assertEquals(List.of(3L, 0L), strangers(() -> dropped.put("one", 10L)));
    }

    @Test
    void aFilterThatWasMadeAnewMeanwhileHasNone() {
        dropped.put("one", 7L);

        assertEquals(List.of(0L, 0L), strangers(() -> dropped.put("one", 1L)));
    }

    @Test
    void onlyThoseWithStrangersAreAskedAgain() {
        dropped.put("two", 7L);

        strangers(() -> asked.clear());

        assertEquals(List.of("two"), asked);
    }

    @Test
    void aMemberIsNotAskedWhereNobodyCanTellWhatItShouldHold() {
        List<String> notes = new ArrayList<>();

        List<Facts.Asked> none = new AskedAgents(
                        Clusters.without(Known.HIDDEN, STATE), (_, _) -> Asked.not("no"), () -> {})
                .ask(10, notes);

        assertEquals(List.of(), none);
        assertEquals(List.of("members not compared: 2, because the network definitions could not be read"), notes);
    }

    private List<Long> strangers(Runnable pause) {
        Agents agents = (pod, _) -> {
            synchronized (asked) {
                asked.add(pod.ref().name());
            }
            return Asked.answered(new AgentReport(
                    new ObservedPod(
                            new ObservedPod.Devices(List.of(), Set.of()),
                            new ObservedPod.Routing(List.of(), List.of()),
                            Optional.of(ObservedFilters.NONE),
                            Map.of(),
                            new ObservedPod.Diagnostics(List.of(), Optional.empty())),
                    new Counters(Map.of(), Map.of(FILTER, dropped.get(pod.ref().name())))));
        };
        return new AskedAgents(STATE, agents, pause)
                .ask(10, new ArrayList<>()).stream().map(Facts.Asked::strangers).toList();
    }
}
