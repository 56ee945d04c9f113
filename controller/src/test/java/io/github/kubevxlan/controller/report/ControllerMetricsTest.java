package io.github.kubevxlan.controller.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.address.PoolUse;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.diff.Change.Action;
import io.github.kubevxlan.controller.diff.Change.Kind;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedFilters.Guard;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedSecurity;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.Refusal;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import io.github.kubevxlan.controller.reconcile.WorkQueue;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ControllerMetricsTest {
    private static final DesiredLink FIRST = Nets.filtered(Nets.link(Nets.net("vx0", 100), Nets.peers()));
    private static final DesiredLink SECOND = Nets.filtered(Nets.link(Nets.net("vx1", 101), Nets.peers()));
    private static final Script ASKING_LINKS =
            new Script(List.of(), false, new ReportRequest(true, List.of(FIRST), List.of(SECOND)));
    private static final Script ASKING = new Script(List.of(), false, new ReportRequest(true, List.of(), List.of()));

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private Duration now = Duration.ZERO;

    @Test
    void printsWhatItKnows() {
        new ControllerMetrics(registry)
                .members(() -> new TreeMap<>(Map.of("vxeth0", Map.of(State.READY, 2L, State.DEGRADED, 1L))))
                .notReady(() -> new TreeMap<>(Map.of("vxeth0", Duration.ofMillis(90_500))))
                .addresses(() -> List.of(new PoolUse("vxeth0", Family.IPV4, BigInteger.TWO, BigInteger.TEN)))
                .queue(() -> new WorkQueue.Load(3, Duration.ofMillis(1500)))
                .counter("status_writes_total", "Writes.", () -> 7);

        assertEquals(
                Set.of(
                        "kube_vxlan_addresses{family=\"ipv4\",network=\"vxeth0\",use=\"free\"} 10.0",
                        "kube_vxlan_addresses{family=\"ipv4\",network=\"vxeth0\",use=\"used\"} 2.0",
                        "kube_vxlan_members{network=\"vxeth0\",state=\"Degraded\"} 1.0",
                        "kube_vxlan_members{network=\"vxeth0\",state=\"Ready\"} 2.0",
                        "kube_vxlan_members_not_ready_seconds{network=\"vxeth0\"} 90.5",
                        "kube_vxlan_queue_depth 3.0",
                        "kube_vxlan_queue_oldest_seconds 1.5",
                        "kube_vxlan_status_writes_total 7.0"),
                samples("kube_vxlan"));
    }

    @Test
    void hasSamplesOfTheVersionsThatMostPodsHave() {
        SortedMap<String, Long> many = new TreeMap<>();
        IntStream.range(0, 2 * ControllerMetrics.MOST_VERSIONS).forEach(i -> many.put("0.0." + i, 1L));
        many.put("1.0.0", 40L);
        new ControllerMetrics(registry).agents(() -> many);

        Set<String> samples = samples("kube_vxlan_agents");
        assertEquals(ControllerMetrics.MOST_VERSIONS, samples.size());
        assertTrue(samples.contains("kube_vxlan_agents{version=\"1.0.0\"} 40.0"), samples::toString);
    }

    @Test
    void hasSamplesOfSoManyNetworksAndNoMore() {
        SortedMap<String, Map<State, Long>> many = new TreeMap<>();
        IntStream.range(0, 2 * ControllerMetrics.MOST_NETWORKS)
                .forEach(i -> many.put("net" + i, Map.of(State.READY, 1L)));
        new ControllerMetrics(registry).members(() -> many);

        assertEquals(
                ControllerMetrics.MOST_NETWORKS, samples("kube_vxlan_members").size());
    }

    @Test
    void countsReconcilesAndWhatTheyChanged() {
        ReconcileMetrics metrics = new ReconcileMetrics(registry);
        metrics.reconciled(new Outcome.Idle(), Duration.ofMillis(1));
        metrics.reconciled(new Outcome.Failed("no answer", Outcome.Cause.UNANSWERED), Duration.ofSeconds(10));
        metrics.retry();
        metrics.complete(Duration.ofSeconds(2));
        metrics.ready(Duration.ofSeconds(3));
        PodRef pod = new PodRef("uid", "default", "pod");
        metrics.changed(
                pod, List.of(change(Kind.SETTING, Action.CHANGED, false), change(Kind.LINK, Action.RECREATED, false)));
        metrics.changed(
                pod,
                List.of(
                        change(Kind.ADDRESS, Action.CHANGED, true),
                        change(Kind.FDB, Action.CHANGED, true),
                        change(Kind.FDB, Action.CHANGED, true)));

        assertEquals(
                Set.of(
                        "kube_vxlan_drift_repaired_total{kind=\"address\"} 1.0",
                        "kube_vxlan_drift_repaired_total{kind=\"fdb\"} 1.0",
                        "kube_vxlan_links_made_total 1.0",
                        "kube_vxlan_links_recreated_total 1.0",
                        "kube_vxlan_member_complete_seconds_count 1",
                        "kube_vxlan_member_complete_seconds_sum 2.0",
                        "kube_vxlan_member_ready_seconds_count 1",
                        "kube_vxlan_member_ready_seconds_sum 3.0",
                        "kube_vxlan_reconcile_duration_seconds_count{outcome=\"failed\"} 1",
                        "kube_vxlan_reconcile_duration_seconds_count{outcome=\"idle\"} 1",
                        "kube_vxlan_reconcile_duration_seconds_sum{outcome=\"failed\"} 10.0",
                        "kube_vxlan_reconcile_duration_seconds_sum{outcome=\"idle\"} 0.001",
                        "kube_vxlan_retries_total 1.0"),
                samples("kube_vxlan").stream()
                        .filter(line -> !line.contains("_bucket{") && !line.endsWith("} 0.0"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void measuresCallsThatFailToo() throws Exception {
        Agent slow = new Agent() {
            @Override
            public ObservedPod run(PodSnapshot pod, Script script) throws AgentException {
                now = now.plusSeconds(2);
                throw new AgentException("no answer within 2 s");
            }

            @Override
            public boolean hasSession(PodSnapshot pod) {
                return true;
            }

            @Override
            public void forget(String uid) {}
        };
        Agent measured = new MeasuredAgent(slow, () -> now, registry);

        assertThrows(AgentException.class, () -> measured.run(SimulatedAgent.POD, ASKING));

        assertEquals(
                Set.of("kube_vxlan_agent_call_duration_seconds_sum{outcome=\"failed\"} 2.0"),
                samples("kube_vxlan_agent_call_duration_seconds_sum"));
    }

    @Test
    void countsWhatFiltersDropSinceAPodIsKnown() throws Exception {
        Filter filter = Filter.of(FIRST.segment());
        Filter other = Filter.of(SECOND.segment());
        Deque<Map<Filter, Long>> told = new ArrayDeque<>(List.of(
                Map.of(filter, 7L),
                Map.of(filter, 10L, other, 2L),
                Map.of(filter, 4L, other, -1L),
                Map.of(filter, 4L, other, 0L),
                Map.of(filter, 9L)));
        Agent measured = new MeasuredAgent(telling(told), () -> now, registry);

        while (!told.isEmpty()) {
            if (told.size() == 1) {
                measured.forget(SimulatedAgent.POD.ref().uid());
            }
            measured.run(SimulatedAgent.POD, ASKING_LINKS);
        }

        assertEquals(
                Set.of("kube_vxlan_filter_dropped_packets_total 9.0"),
                samples("kube_vxlan_filter_dropped_packets_total"));
    }

    /** It would bring down all metrics by a counter that overflows, or take the memory of everybody. */
    @Test
    void anAgentThatTellsAnyFiltersAndNumbersCountsForLittle() throws Exception {
        Filter filter = Filter.of(FIRST.segment());
        Filter foreign = Filter.parse("vni1-port1-ipv4").orElseThrow();
        Deque<Map<Filter, Long>> told = new ArrayDeque<>();
        for (int i = 0; i < 4; i++) {
            told.add(Map.of(filter, 0L, foreign, 0L));
            told.add(Map.of(filter, Long.MAX_VALUE, foreign, 5L));
        }
        Agent measured = new MeasuredAgent(telling(told), () -> now, registry);

        while (!told.isEmpty()) {
            measured.run(SimulatedAgent.POD, ASKING_LINKS);
        }

        assertEquals(
                Set.of("kube_vxlan_filter_dropped_packets_total " + (double) (4L << 32)),
                samples("kube_vxlan_filter_dropped_packets_total"));
    }

    @Test
    void packetsThatPortSecurityRefusedAreCountedByReason() throws Exception {
        DesiredLink link = new DesiredLink(
                Nets.secured(FIRST.network(), Security.ON),
                new DesiredLink.Vtep(FIRST.local(), FIRST.mac()),
                FIRST.peers(),
                List.of(),
                FIRST.filter());
        Filter filter = link.filter().orElseThrow();
        Deque<ObservedFilters> told = new ArrayDeque<>();
        for (long count : new long[] {3, 5, 9}) {
            told.add(new ObservedFilters(
                    true,
                    Map.of(),
                    new Guard(List.of(), true),
                    Map.of(),
                    new ObservedSecurity(
                            true, Map.of(), Map.of(filter, Map.of(Refusal.ARP, count, Refusal.MAC, 1L)), List.of())));
        }
        Agent measured = new MeasuredAgent(answering(told::removeFirst), () -> now, registry);
        Script asking = new Script(List.of(), false, new ReportRequest(true, List.of(link), List.of()));

        for (int i = 0; i < 3; i++) {
            measured.run(SimulatedAgent.POD, asking);
        }

        assertEquals(
                Set.of(
                        "kube_vxlan_security_refused_packets_total{reason=\"arp\"} 6.0",
                        "kube_vxlan_security_refused_packets_total{reason=\"mac\"} 0.0"),
                samples("kube_vxlan_security_refused_packets_total"));
    }

    private static Agent telling(Deque<Map<Filter, Long>> told) {
        return answering(() -> new ObservedFilters(true, Map.of(), List.of(), told.removeFirst()));
    }

    private static Agent answering(Supplier<ObservedFilters> filters) {
        return new Agent() {
            @Override
            public ObservedPod run(PodSnapshot pod, Script script) {
                return new ObservedPod(
                        new ObservedPod.Devices(List.of(), Set.of()),
                        new ObservedPod.Routing(List.of(), List.of()),
                        Optional.of(filters.get()),
                        Map.of(),
                        new ObservedPod.Diagnostics(List.of(), Optional.empty()));
            }

            @Override
            public boolean hasSession(PodSnapshot pod) {
                return true;
            }

            @Override
            public void forget(String uid) {}
        };
    }

    private Set<String> samples(String prefix) {
        String text = PrometheusTextFormatWriter.create().toDebugString(registry.scrape());
        return Stream.of(text.split("\n"))
                .filter(line -> line.startsWith(prefix))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Change change(Kind kind, Action action, boolean isRepair) {
        return new Change(kind, action, Optional.empty(), isRepair, "words");
    }
}
