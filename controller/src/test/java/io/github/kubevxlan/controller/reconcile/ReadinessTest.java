package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkProblem.Effect;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.pod.Snapshots;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final Keys KEYS = new Keys("vxlan.travelping.com");
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final List<NetworkStatus> NETWORKS = List.of(new NetworkStatus(
            "vx0",
            NetworkStatus.State.READY,
            Optional.empty(),
            new NetworkStatus.Link(
                    Optional.of(new IfName("vx0")), List.of(), Optional.empty(), OptionalInt.empty(), Optional.empty()),
            ""));

    private final Members members = new Members(
            KEYS, Definitions.parse(Map.of("vx0", "100"), new Defaults(new IfName("eth0"), new Port(8472))), 0, true);
    private final Map<String, DesiredPod> lastVerified = new HashMap<>();
    private final List<String> written = new ArrayList<>();
    private final Deque<Runnable> runnable = new ArrayDeque<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private Duration now = Duration.ZERO;
    private int lookups;
    private boolean started;
    private Optional<ReadyCondition> hindrance = Optional.empty();
    private Runnable meanwhile = () -> {};

    private final Setups setups = new Setups(uid -> {
        lookups++;
        return Optional.ofNullable(lastVerified.get(uid));
    });

    private final Readiness readiness = new Readiness(
            members,
            setups,
            paths(),
            (pod, _, ready) -> written.add(pod.name() + " " + ready.holds() + " " + ready.reason()),
            new Dependencies(
                    runnable::add,
                    new Timing(timer(), () -> now),
                    new Random(1),
                    new WorkSettings(new Limits(64, 16, 256, DEADLINE, DEADLINE), Duration.ofMinutes(5)),
                    Meter.NONE));

    @Test
    void turnsTrueOnceEveryPeerHasThePodInItsTables() {
        join("a");
        confirm("a");
        join("b");
        confirm("b");
        compared("b");
        assertEquals(List.of(), written);

        confirm("a");
        answered("a");

        assertEquals(List.of("b true PeersReady"), written);
    }

    @Test
    void aPodWithoutPeersIsReadyAtOnce() {
        join("a");
        confirm("a");
        compared("a");

        assertEquals(List.of("a true PeersReady"), written);
    }

    @Test
    void podsThatJoinTogetherWaitForEachOther() {
        join("a");
        join("b");
        confirm("a");
        compared("a");
        assertEquals(List.of(), written);

        confirm("b");
        compared("b");

        assertEquals(
                List.of("a true PeersReady", "b true PeersReady"),
                written.stream().sorted().toList());
    }

    @Test
    void aPeerWhoseFirstSetupIsYetToBeginIsNotWaitedFor() {
        setups.expect("b");
        join("a");
        join("b");
        confirm("a");
        compared("a");

        assertEquals(List.of("a true PeersReady"), written);
    }

    @Test
    void aPeerWhoseContainersRunAlreadyIsWaitedFor() {
        setups.expect("b");
        join("a");
        members.put(declaring("b", Map.of(KEYS.names(), "vx0", KEYS.waits(), "false")));
        confirm("a");
        compared("a");
        assertEquals(List.of(), written);

        setups.begin("b");
        setups.request("b", target("b").desired());
        answered("a");
        assertEquals(List.of(), written);

        confirm("b");
        answered("b");
        assertEquals(List.of("a true PeersReady"), written);
    }

    @Test
    void whereAPodIsReadyOnceItsPathsWereMeasuredEveryPeerIsWaitedFor() {
        members.define(Definitions.parse(
                Map.of("vx0", "id=100 ready=probed"), new Defaults(new IfName("eth0"), new Port(8472))));
        setups.expect("b");
        join("a");
        join("b");
        confirm("a");
        compared("a");
        assertEquals(List.of(), written);

        confirm("b");
        answered("b");
        assertEquals(List.of("a true PeersReady"), written);
    }

    @Test
    void aPeerWhoseFirstSetupIsToTellItOfThePodIsNotWaitedFor() {
        setups.expect("b");
        join("a");
        setups.begin("b");
        join("b");
        confirm("a");
        compared("a");
        assertEquals(List.of(), written, "whom the attempt finds is not known");

        setups.request("b", target("b").desired());
        answered("a");

        assertEquals(List.of("a true PeersReady"), written);
    }

    @Test
    void aPeerWhoseFirstSetupDoesNotTellItOfThePodIsWaitedForUntilTheNext() {
        setups.expect("b");
        join("b");
        setups.begin("b");
        setups.request("b", target("b").desired());
        DesiredPod alone = target("b").desired();
        join("a");
        confirm("a");
        compared("a");
        assertEquals(List.of(), written);

        lastVerified.put("b", alone);
        setups.end("b");
        answered("b");
        assertEquals(List.of(), written);

        confirm("b");
        answered("b");

        assertEquals(List.of("a true PeersReady"), written);
    }

    @Test
    void aPeerWhoseFirstSetupAskedNobodyIsAwaitedStill() {
        setups.expect("b");
        setups.begin("b");
        join("a");
        join("b");
        confirm("a");
        compared("a");
        assertEquals(List.of(), written);

        setups.end("b");
        answered("a");

        assertEquals(List.of("a true PeersReady"), written);
    }

    @Test
    void aPeerThatWasAskedAndDidNotAnswerIsWaitedFor() {
        setups.expect("b");
        join("b");
        setups.begin("b");
        setups.request("b", target("b").desired());
        setups.end("b");
        join("a");
        confirm("a");
        compared("a");

        assertEquals(List.of(), written);
    }

    @Test
    void aPeerWhoseAgentFailsIsNotWaitedFor() {
        join("a");
        join("b");
        confirm("b");
        compared("b");
        assertEquals(List.of(), written);

        readiness.failed("a");
        settle();

        assertEquals(List.of("b true PeersReady"), written);
    }

    @Test
    void aPeerThatIsEndingIsNotWaitedFor() {
        join("a");
        join("b");
        confirm("b");
        compared("b");
        assertEquals(List.of(), written);

        members.put(SimulatedAgent.ending(pod("a", AgentState.RUNNING, ObservedStatus.NOTHING)));
        tick(Duration.ofSeconds(1));

        assertEquals(List.of("b true PeersReady"), written);
    }

    @Test
    void aPeerWhoseAgentDoesNotRunIsNotWaitedFor() {
        members.put(pod("a", AgentState.WAITING, ObservedStatus.NOTHING));
        join("b");
        confirm("b");
        compared("b");

        assertEquals(List.of("b true PeersReady"), written);
    }

    @Test
    void aPeerThatDoesNotAnswerIsWaitedForUntilTheDeadline() {
        join("a");
        join("b");
        confirm("b");
        compared("b");
        tick(DEADLINE.minusMillis(1));
        assertEquals(List.of(), written);

        tick(Duration.ofMillis(1));

        assertEquals(List.of("b true PeersReady"), written);
    }

    @Test
    void asLongAsPeersAnswerItWaitsAndSaysSoOnce() {
        List.of("a", "b", "c", "d").forEach(this::join);
        confirm("d");
        compared("d");
        for (String peer : List.of("a", "b")) {
            tick(Duration.ofSeconds(9));
            confirm(peer);
            answered(peer);
        }
        assertEquals(List.of("d false PeersPending"), written);

        confirm("c");
        answered("c");

        assertEquals(List.of("d false PeersPending", "d true PeersReady"), written);
    }

    @Test
    void aNewLeaderLeavesTrueWhatIsTrue() {
        join("a");
        PodSnapshot b = pod("b", AgentState.RUNNING, observedStatus(true));
        members.put(b);
        confirm("b");

        compared("b");

        assertEquals(List.of("b true PeersReady"), written);
    }

    @Test
    void aPeerThatIsLostLeavesItTrue() {
        join("a");
        confirm("a");
        compared("a");
        join("b");
        readiness.failed("b");
        compared("a");

        assertEquals(List.of("a true PeersReady", "a true PeersReady"), written);
    }

    @Test
    void whatAnEditAddsAndThePodCantHaveIsNoLoss() {
        join("a");
        joinReady("b");

        compared("b", new NetworkProblem("vx1", "network vx1: there is no underlay device eth9"));

        assertEquals(List.of("b true PeersReady"), written);
    }

    @Test
    void theFirstNetworkOfAReadyPodIsNoLossIfThePodCantHaveIt() {
        members.put(pod("b", AgentState.RUNNING, observedStatus(true)));
        confirm("b");

        compared("b", new NetworkProblem("vx0", "network vx0: there is no underlay device eth9"));

        assertEquals(List.of("b true PeersReady"), written);
    }

    @Test
    void aNetworkThatANewLeaderFindsWrittenAndNotThereIsALoss() {
        join("a");
        joinReady("b");

        compared(
                "b", new NetworkProblem("vx0", "network vx0: a device vx0 already exists and is not the controller's"));

        assertEquals(List.of("b false NetworkLost"), written);
    }

    @Test
    void turnsFalseWhenItsOwnLinksAreLostAndTrueWhenTheyAreBack() {
        join("a");
        confirm("a");
        compared("a");

        compared(
                "a", new NetworkProblem("vx0", "network vx0: a device vx0 already exists and is not the controller's"));
        compared("a");

        assertEquals(List.of("a true PeersReady", "a false NetworkLost", "a true PeersReady"), written);
    }

    @Test
    void anEditThatCouldNotBeAppliedLeavesItTrue() {
        join("a");
        confirm("a");
        compared("a");

        compared("a", notApplied());

        assertEquals(List.of("a true PeersReady", "a true PeersReady"), written);
    }

    @Test
    void anEditThatCouldNotBeAppliedHoldsBackAPodThatHasNotStarted() {
        join("a");
        confirm("a");
        compared("a", notApplied());
        assertEquals(List.of("a false NetworkUnavailable"), written);

        started = true;
        compared("a", notApplied());

        assertEquals(List.of("a false NetworkUnavailable", "a true PeersReady"), written);
    }

    @Test
    void whatThePodsKernelCanNeverHaveHoldsNobodyBack() {
        join("a");
        confirm("a");

        compared("a", new NetworkProblem("vx0", "network vx0: the pod has IPv6 switched off", Effect.LEFT_OUT));

        assertEquals(List.of("a true PeersReady"), written);
    }

    @Test
    void aPeerThatIsKnownToHaveNoLinkIsNoPeer() {
        join("a");
        lastVerified.put("a", DesiredPod.NONE);
        join("b");
        confirm("b");

        compared("b");

        assertEquals(List.of("b true PeersReady"), written);
    }

    private static NetworkProblem notApplied() {
        return new NetworkProblem(
                "vx0", "network vx0: mtu 9000 is more than eth0 allows, 1450 bytes", Effect.NOT_APPLIED);
    }

    @Test
    void aNetworkThatIsNotDefinedHoldsBackThosePodsThatWaitForIt() {
        members.put(declaring("a", Map.of(KEYS.names(), "vx0, later")));
        members.put(declaring("b", Map.of(KEYS.names(), "vx0, later", KEYS.waits(), "false")));
        confirm("a");
        confirm("b");
        compared("a", missing("a"));
        compared("b", missing("b"));

        assertEquals(List.of("a false NetworkUnavailable", "b true PeersReady"), written);
    }

    @Test
    void aDefinitionThatGoesLeavesItTrue() {
        join("a");
        confirm("a");
        compared("a");
        members.define(Definitions.parse(Map.of(), new Defaults(new IfName("eth0"), new Port(8472))));

        compared("a", missing("a"));

        assertEquals(List.of("a true PeersReady", "a true PeersReady"), written);
    }

    @Test
    void aPodWhoseClaimsComeBackStillWaits() {
        Defaults defaults = new Defaults(new IfName("eth0"), new Port(8472));
        Definitions whole = Definitions.parse(Map.of("vx0", "id=100 subnet=10.9.0.0/24"), defaults);
        members.define(whole);
        members.giveAddresses();
        join("a");
        join("b");
        List<IpAddr> claims = Objects.requireNonNull(target("b").claims().ips().get("vx0"));
        confirm("b");
        readiness.compared(target("b"), List.of(NetworkStatus.claim("vx0", new Vni(100), claims)), List.of(), false);
        settle();

        members.define(Definitions.parse(Map.of("vx0", "id=100 subnet=10.8.0.0/24"), defaults));
        tick(Duration.ofSeconds(1));
        members.define(whole);
        confirm("a");
        answered("a");

        assertEquals(List.of("b true PeersReady"), written);
    }

    @Test
    void aScanCostsNoMoreThanTheMembersHoweverManyWait() {
        int size = 1000;
        List<String> uids = IntStream.range(0, size).mapToObj(i -> "p" + i).toList();
        uids.forEach(uid -> members.put(pod(uid, AgentState.RUNNING, ObservedStatus.NOTHING)));
        uids.forEach(uid -> readiness.compared(target(uid), NETWORKS, List.of(), true));
        lookups = 0;

        settle();

        assertTrue(lookups <= size, () -> lookups + " look-ups");
        uids.forEach(this::confirm);
        answered("p0");
        assertEquals(size, written.size());
    }

    @Test
    void aPodWhosePathsAreBrokenWaitsAndIsReadyWhenTheyAreRight() {
        hindrance = Optional.of(new ReadyCondition(false, "PathBroken", "to node2"));
        join("a");
        confirm("a");
        compared("a");
        tick(DEADLINE);
        assertEquals(Set.of("a false PathBroken"), Set.copyOf(written));
        written.clear();

        hindrance = Optional.empty();
        readiness.measured(target("a").pod().ref());
        settle();

        assertEquals(List.of("a true PeersReady"), written);
    }

    @Test
    void aPodThatIsReadyStaysReadyWhateverItsPathsAre() {
        joinReady("a");
        compared("a");
        hindrance = Optional.of(new ReadyCondition(false, "PathBroken", "to node2"));
        compared("a");
        readiness.measured(target("a").pod().ref());
        settle();

        assertEquals(Set.of("a true PeersReady"), Set.copyOf(written));
        assertEquals(3, written.size(), "the status is written with what is known of its paths");
    }

    @Test
    void nothingIsToldOfAPodThatWaitsNoMoreWhenItIsJudged() {
        hindrance = Optional.of(new ReadyCondition(false, "PathBroken", "to node2"));
        meanwhile = () -> readiness.forget("a");
        join("a");
        confirm("a");

        compared("a");

        assertEquals(List.of(), written);
    }

    private PathChecks paths() {
        return new PathChecks() {
            @Override
            public void listen(Listener listener) {}

            @Override
            public void compared(Target target) {}

            @Override
            public Optional<ReadyCondition> hindrance(String uid, DesiredPod desired) {
                meanwhile.run();
                return hindrance;
            }

            @Override
            public List<NetworkStatus> withPaths(String uid, List<NetworkStatus> networks) {
                return networks;
            }

            @Override
            public void forget(String uid) {}
        };
    }

    private void join(String uid) {
        members.put(pod(uid, AgentState.RUNNING, ObservedStatus.NOTHING));
    }

    private void confirm(String uid) {
        lastVerified.put(uid, target(uid).desired());
    }

    private void compared(String uid, NetworkProblem... problems) {
        readiness.answered(uid);
        readiness.compared(target(uid), NETWORKS, List.of(problems), started);
        settle();
    }

    private NetworkProblem[] missing(String uid) {
        return target(uid).desired().missing().toArray(NetworkProblem[]::new);
    }

    private void answered(String uid) {
        readiness.answered(uid);
        settle();
    }

    private void tick(Duration passed) {
        now = now.plus(passed);
        readiness.scanSoon();
        settle();
    }

    private void settle() {
        while (!waiting.isEmpty() || !runnable.isEmpty()) {
            Objects.requireNonNull(runnable.isEmpty() ? waiting.poll() : runnable.poll())
                    .run();
        }
    }

    private Target target(String uid) {
        return members.target(uid).orElseThrow();
    }

    /** One whose network and condition an earlier leader wrote. */
    private void joinReady(String uid) {
        OverlayStatus status = new OverlayStatus(NETWORKS, Optional.of(new ReadyCondition(true, "Any", "")));
        members.put(pod(uid, AgentState.RUNNING, new ObservedStatus(1, status)));
        confirm(uid);
    }

    private static ObservedStatus observedStatus(boolean ready) {
        return new ObservedStatus(1, new OverlayStatus(List.of(), Optional.of(new ReadyCondition(ready, "Any", ""))));
    }

    private static PodSnapshot declaring(String uid, Map<String, String> annotations) {
        return Snapshots.declaring(pod(uid, AgentState.RUNNING, ObservedStatus.NOTHING), annotations);
    }

    private static PodSnapshot pod(String uid, AgentState agent, ObservedStatus observedStatus) {
        int number = uid.hashCode() & 0xffffff;
        return new PodSnapshot(
                new PodRef(uid, "default", uid),
                new PodSnapshot.Placement(
                        "node1",
                        List.of(IpAddr.parse("10.%d.%d.%d".formatted(number >> 16, number >> 8 & 0xff, number & 0xff))),
                        false,
                        false),
                new PodSnapshot.AgentContainer(agent, Keys.AGENT_CONTAINER, "c-" + uid, ""),
                new PodSnapshot.PodMeta(Map.of(KEYS.names(), "vx0")),
                observedStatus);
    }

    private ScheduledExecutorService timer() {
        ScheduledExecutorService timer = mock(ScheduledExecutorService.class);
        when(timer.schedule(any(Runnable.class), anyLong(), any())).thenAnswer(call -> {
            waiting.add(call.getArgument(0));
            return mock(ScheduledFuture.class);
        });
        return timer;
    }
}
