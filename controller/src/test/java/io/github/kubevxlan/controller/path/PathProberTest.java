package io.github.kubevxlan.controller.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.BusyException;
import io.github.kubevxlan.controller.agent.Echo;
import io.github.kubevxlan.controller.agent.EchoRequest;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.agent.PathAgent;
import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.agent.ProbeRequest;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.pod.Snapshots;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Timing;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import io.github.kubevxlan.controller.registry.Members;
import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PathProberTest {
    private static final Keys KEYS = new Keys("vxlan.travelping.com");
    private static final int FULL = 1450;
    private static final NetworkStatus READY = new NetworkStatus(
            "lab",
            NetworkStatus.State.READY,
            Optional.empty(),
            new NetworkStatus.Link(
                    Optional.of(new IfName("lab")), List.of(), Optional.empty(), OptionalInt.empty(), Optional.empty()),
            "");

    private final Members members = new Members(KEYS, Definitions.absent(defaults()), 100, true);
    private final Map<String, DesiredPod> lastVerified = new HashMap<>();
    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final Underlay underlay = new Underlay();
    private final List<String> told = new ArrayList<>();
    private int pods;

    /** Members, and what passes between their nodes. */
    private static final class Underlay implements PathAgent {
        final Map<String, Integer> toNode = new HashMap<>();
        final Set<String> away = new HashSet<>();
        final Set<String> deaf = new HashSet<>();
        final Set<String> busy = new HashSet<>();
        final Set<String> unable = new HashSet<>();
        final Map<String, PodSnapshot> byToken = new HashMap<>();
        final List<String> asked = new ArrayList<>();
        Runnable inEcho = () -> {};
        Runnable meanwhile = () -> {};

        @Override
        public Optional<Echo> echo(PodSnapshot pod, EchoRequest request) throws AgentException {
            asked.add("echo " + pod.ref().uid());
            inEcho.run();
            if (away.contains(pod.ref().uid())) {
                throw new AgentException("no answer");
            }
            if (busy.contains(pod.ref().uid())) {
                throw new BusyException("16 echoes run in this session");
            }
            byToken.put(request.token(), pod);
            return unable.contains(pod.ref().uid())
                    ? Optional.empty()
                    : Optional.of(new Echo(request.address(), 4000, request.token(), FULL));
        }

        @Override
        public Optional<PathReport> probe(PodSnapshot pod, ProbeRequest request) throws AgentException {
            asked.add("probe " + pod.ref().uid());
            meanwhile.run();
            if (away.contains(pod.ref().uid())) {
                throw new AgentException("no answer");
            }
            PodSnapshot to = byToken.get(request.to().token());
            int passes = to != null && deaf.contains(to.ref().uid())
                    ? 0
                    : toNode.getOrDefault(to == null ? "" : to.node(), FULL);
            return unable.contains(pod.ref().uid())
                    ? Optional.empty()
                    : Optional.of(new PathReport(
                            3,
                            passes == 0 ? 0 : 3,
                            passes == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(100_000)),
                            new PathReport.Size(FULL, passes),
                            0));
        }
    }

    @Test
    void nothingIsAskedWhereNothingIsMeasured() {
        PathProber prober = prober(0, "tables");
        compared(prober, join("a", "node1", true));
        join("b", "node2", true);
        time.pass(Duration.ofHours(1));

        assertEquals(Optional.empty(), prober.hindrance("a", held("a")));
        assertEquals(List.of(), underlay.asked);
    }

    @Test
    void aRightPathIsNoNews() {
        PathProber prober = prober(1, "tables");
        String pod = join("a", "node1", true);
        join("b", "node2", true);

        compared(prober, pod);

        assertEquals(List.of("echo b", "probe a"), underlay.asked);
        assertEquals(List.of("a [] []"), told);
        assertEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
    }

    @Test
    void aPathThatIsTooSmallIsToldMeasuredAgainAndEndsWhenItIsRight() {
        PathProber prober = prober(1, "tables");
        String pod = join("a", "node1", true);
        join("b", "node2", true);
        underlay.toNode.put("node2", 1380);

        compared(prober, pod);
        NetworkStatus broken = prober.withPaths("a", List.of(READY)).getFirst();
        underlay.toNode.clear();
        time.pass(Duration.ofSeconds(30));

        String words = "network lab: path MTU to node2 is 1380, interface has 1450: set mtu=1380 or mend the underlay";
        assertEquals(NetworkStatus.State.DEGRADED, broken.state());
        assertEquals(words, broken.message());
        assertEquals(
                List.of("a [" + words + "] []", "a [] [network lab: packets of the full size pass to node2 again]"),
                told);
        assertEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
        int asked = underlay.asked.size();
        time.pass(Duration.ofHours(1));
        assertEquals(asked, underlay.asked.size(), "then the next drift check measures");
    }

    @Test
    void aPodThatIsNotReadyIsMeasuredOnlyWhereItsReadinessDemandsIt() {
        PathProber prober = prober(1, "tables");
        join("b", "node2", true);
        compared(prober, join("a", "node1", false));

        assertEquals(Optional.empty(), prober.hindrance("a", held("a")));
        assertEquals(List.of(), underlay.asked);
    }

    @Test
    void aProbedNetworksMemberIsHinderedUntilTwoPeersAnsweredAtFullSize() {
        PathProber prober = prober(0, "probed");
        join("b", "node2", true);
        join("c", "node3", true);
        join("a", "node1", false);
        underlay.toNode.put("node3", 1380);

        assertEquals("PathsPending", reason(prober));
        time.runAll();
        assertEquals("PathBroken", reason(prober));
        underlay.toNode.clear();
        time.pass(Duration.ofSeconds(30));

        assertEquals("", reason(prober));
        assertTrue(underlay.asked.containsAll(List.of("echo b", "echo c")), underlay.asked::toString);
    }

    @Test
    void aLoneMemberIsNotHindered() {
        PathProber prober = prober(0, "probed");
        join("a", "node1", false);

        assertEquals("PathsPending", reason(prober));
        time.runAll();
        assertEquals("", reason(prober));
    }

    @Test
    void aPeerThatDoesNotAnswerTheControllerIsSkippedAfterAFewTries() {
        PathProber prober = prober(0, "probed");
        join("b", "node2", true);
        join("a", "node1", false);
        underlay.away.add("b");
        underlay.toNode.put("node2", 0);

        reason(prober);
        time.runAll();
        assertEquals("PathsPending", reason(prober));
        time.pass(Duration.ofSeconds(20));

        assertEquals("", reason(prober));
        assertTrue(underlay.asked.size() <= PodPaths.TRIES, underlay.asked::toString);
    }

    /** It is a while after the edit until all members have it, and each knows of the others' as they were. */
    @Test
    void aPathThatBreaksIsToldAlsoIfThePeerIsEditedWhileItIsMeasured() {
        PathProber prober = prober(1, "tables");
        join("b", "node2", true);
        String pod = join("a", "node1", true);
        compared(prober, pod);
        underlay.toNode.put("node2", 0);
        define("tables txqueuelen=900");
        lastVerified.put("a", held("a"));
        underlay.meanwhile = () -> lastVerified.put("b", held("b"));

        compared(prober, pod);
        assertEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
        time.pass(Duration.ofSeconds(2));

        assertNotEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
    }

    /** The paths that matter are those to other nodes. */
    @Test
    void aNewLeaderMeasuresAgainWhereOnlyThoseOnTheOwnNodeHaveAnswered() {
        PathProber prober = prober(1, "tables");
        join("b", "node2", true);
        join("c", "node1", true);
        String pod = join("a", "node1", true);
        lastVerified.remove("b");
        underlay.toNode.put("node2", 0);

        compared(prober, pod);
        assertEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
        lastVerified.put("b", held("b"));
        time.pass(Duration.ofSeconds(2));

        assertNotEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
    }

    /** The other node's member may have failed to answer once only. */
    @Test
    void aBrokenPathIsMeasuredAgainAlsoIfItsPeerDidNotAnswerMeanwhile() {
        PathProber prober = prober(1, "tables");
        join("b", "node2", true);
        join("c", "node3", true);
        String pod = join("a", "node1", true);
        underlay.toNode.put("node2", 0);
        compared(prober, pod);
        compared(prober, pod);
        assertNotEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
        lastVerified.remove("b");

        compared(prober, pod);
        assertEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
        lastVerified.put("b", held("b"));
        time.pass(Duration.ofSeconds(20));

        assertNotEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
    }

    /** It has sixteen probes to answer at a time, and room again when these end. */
    @Test
    void aBusyPeerIsAskedAgainSoonAndByOthersToo() {
        PathProber prober = prober(1, "probed");
        join("b", "node2", true);
        join("a", "node1", false);
        underlay.busy.add("b");

        reason(prober);
        time.runAll();
        assertEquals("PathsPending", reason(prober));
        underlay.busy.clear();
        time.pass(Duration.ofSeconds(2));

        assertEquals("", reason(prober));
        assertEquals(List.of("echo b", "echo b", "probe a"), underlay.asked);
    }

    @Test
    void whatFailsUnexpectedlyIsMeasuredAgain() {
        PathProber prober = prober(1, "tables");
        join("b", "node2", true);
        String pod = join("a", "node1", true);
        underlay.toNode.put("node2", 0);
        underlay.meanwhile = () -> {
            underlay.meanwhile = () -> {};
            throw new IllegalStateException("odd");
        };

        compared(prober, pod);
        assertEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
        time.pass(Duration.ofSeconds(5));

        assertNotEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
    }

    /** A controller that has just begun to lead compares members one after another. */
    @Test
    void whereNoPeersAgentHasAnsweredYetItIsMeasuredAgainBeforeThePodIsReady() {
        PathProber prober = prober(0, "probed");
        join("b", "node2", true);
        join("a", "node1", false);
        underlay.toNode.put("node2", 1300);
        lastVerified.remove("b");

        reason(prober);
        time.runAll();
        assertEquals("PathsPending", reason(prober));
        assertEquals(List.of(), underlay.asked);
        lastVerified.put("b", held("b"));
        time.pass(Duration.ofSeconds(2));

        assertEquals("PathBroken", reason(prober));
    }

    @Test
    void whereNoPeersAgentEverAnswersThePodIsReadyAfterAFewTries() {
        PathProber prober = prober(0, "probed");
        join("b", "node2", true);
        join("a", "node1", false);
        lastVerified.remove("b");

        reason(prober);
        time.runAll();
        assertEquals("PathsPending", reason(prober));
        time.pass(Duration.ofSeconds(20));

        assertEquals("", reason(prober));
    }

    /** The echo answers as long as the probe may take, however late that is. */
    @Test
    void aProbeThatTakesLongCounts() {
        PathProber prober = prober(0, "probed");
        join("b", "node2", true);
        join("a", "node1", false);
        underlay.toNode.put("node2", 1300);
        underlay.meanwhile = () -> time.pass(PathAgent.DEADLINE);

        reason(prober);
        time.runAll();

        assertEquals("PathBroken", reason(prober));
    }

    @Test
    void aPathThatIsBrokenIsToldAlsoIfOthersJoinMeanwhile() {
        PathProber prober = prober(0, "probed");
        join("b", "node2", true);
        join("a", "node1", false);
        underlay.toNode.put("node2", 1300);
        underlay.meanwhile = () -> {
            underlay.meanwhile = () -> {};
            join("c", "node1", true);
        };

        reason(prober);
        time.runAll();

        assertEquals("PathBroken", reason(prober));
    }

    @Test
    void anAgentThatDoesNotKnowHowIsAskedOnce() {
        PathProber prober = prober(1, "probed");
        join("b", "node2", true);
        String pod = join("a", "node1", true);
        underlay.unable.add("b");

        compared(prober, pod);
        compared(prober, pod);
        assertEquals(List.of("echo b"), underlay.asked);
        assertEquals("", reason(prober));
    }

    @Test
    void aPodWhoseOwnAgentDoesNotAnswerIsNotJudged() {
        PathProber prober = prober(0, "probed");
        join("b", "node2", true);
        join("a", "node1", false);
        underlay.away.add("a");

        reason(prober);
        time.runAll();
        assertEquals("PathsPending", reason(prober));
        underlay.away.clear();
        time.pass(Duration.ofSeconds(2));
        assertEquals("", reason(prober));
    }

    /** Each request that is not answered holds a place for seconds. */
    @Test
    void agentsThatDoNotAnswerAreAskedEverMoreRarely() {
        PathProber prober = prober(0, "probed");
        join("b", "node2", true);
        join("a", "node1", false);
        underlay.away.addAll(Set.of("a", "b"));
        underlay.unable.clear();

        for (int second = 0; second < 600; second++) {
            reason(prober);
            time.pass(Duration.ofSeconds(1));
        }

        assertTrue(underlay.asked.size() < 15, () -> underlay.asked.size() + " requests");
    }

    /** It drops what it is sent, and its own agent tells the controller that it would answer. */
    @Test
    void aPeerThatDropsProbesAccusesNoNodeWhereAnotherAnswers() {
        PathProber prober = prober(1, "tables");
        String pod = join("a", "node1", true);
        join("b", "node2", true);
        join("c", "node2", true);
        underlay.deaf.addAll(Set.of("b"));

        for (int round = 0; round < 4; round++) {
            compared(prober, pod);
        }

        assertTrue(underlay.asked.contains("echo b"), underlay.asked::toString);
        assertEquals(
                List.of(), told.stream().filter(one -> one.contains("node2")).toList());
    }

    @Test
    void aPeerThatDropsProbesKeepsNobodyWaitingWhereTwoOthersAnswer() {
        List<String> degraded = new ArrayList<>();
        for (String deaf : List.of("b", "c", "d")) {
            PathProber prober = prober(0, "probed");
            join("b", "node2", true);
            join("c", "node3", true);
            join("d", "node4", true);
            join("a", "node1", false);
            underlay.deaf.clear();
            underlay.deaf.add(deaf);

            reason(prober);
            time.pass(Duration.ofMinutes(2));

            assertEquals("", reason(prober), deaf);
            if (prober.withPaths("a", List.of(READY)).getFirst().state() == NetworkStatus.State.DEGRADED) {
                degraded.add(deaf);
            }
        }
        assertEquals(2, degraded.size(), degraded::toString);
    }

    /** It answers nothing any more, and that says nothing of the path. */
    @Test
    void aPeerThatGoesMeanwhileIsNotABrokenPath() {
        PathProber prober = prober(1, "tables");
        String pod = join("a", "node1", true);
        join("b", "node2", true);
        underlay.toNode.put("node2", 0);
        underlay.meanwhile = () -> members.remove("b");

        compared(prober, pod);

        assertEquals(List.of("a [] []"), told);
    }

    @Test
    void aPeerThatGoesDuringTheSecondMeasurementIsNoneEither() {
        PathProber prober = prober(1, "tables");
        String pod = join("a", "node1", true);
        join("b", "node2", true);
        underlay.toNode.put("node2", 0);
        underlay.meanwhile = () -> underlay.meanwhile = () -> members.remove("b");

        compared(prober, pod);

        assertEquals(List.of("a [] []"), told);
    }

    @Test
    void aPeerThatDoesNotHoldThePodYetIsSkipped() {
        PathProber prober = prober(1, "tables");
        join("b", "node2", true);
        DesiredPod before = held("b");
        String pod = join("a", "node1", true);
        lastVerified.put("b", before);

        compared(prober, pod);

        assertEquals(List.of(), underlay.asked);
    }

    @Test
    void aPathToANodeThatHasNoMemberAnyMoreIsForgotten() {
        PathProber prober = prober(1, "tables");
        String pod = join("a", "node1", true);
        join("b", "node2", true);
        underlay.toNode.put("node2", 0);
        compared(prober, pod);
        assertNotEquals(List.of(READY), prober.withPaths("a", List.of(READY)));

        members.remove("b");
        lastVerified.remove("b");
        lastVerified.put("a", members.target("a").orElseThrow().desired());
        time.pass(Duration.ofSeconds(30));

        assertEquals(List.of(READY), prober.withPaths("a", List.of(READY)));
    }

    /** As one whose link stays as it is, since what is to take its place can't be made. */
    @Test
    void aNetworkThatThePodDoesNotHaveIsNotMeasuredAgainAndAgain() {
        PathProber prober = prober(0, "probed");
        join("b", "node2", true);
        join("a", "node1", false);
        lastVerified.put("a", DesiredPod.NONE);
        prober.listen((pod, broken, mended) -> {
            told.add(pod.uid());
            var _ = time.timer.schedule(() -> reason(prober), 50, TimeUnit.MILLISECONDS);
        });

        assertEquals("PathsPending", reason(prober));
        time.pass(Duration.ofMinutes(1));
        assertEquals(List.of(), told);

        lastVerified.put("a", held("a"));
        reason(prober);
        time.pass(Duration.ofSeconds(1));
        assertEquals("", reason(prober));
    }

    /** Nobody would ever drop what is noted of it then: a UID never comes again. */
    @Test
    void nothingIsNotedOfAPeerThatGoesWhileItIsAsked() {
        PathProber prober = prober(1, "tables");
        join("b", "node2", true);
        String pod = join("a", "node1", true);
        underlay.away.add("b");
        underlay.inEcho = () -> {
            members.remove("b");
            prober.forget("b");
        };
        compared(prober, pod);
        underlay.inEcho = () -> {};
        underlay.away.clear();
        join("b", "node2", true);

        compared(prober, pod);

        assertEquals(List.of("echo b", "echo b", "probe a"), underlay.asked);
    }

    @Test
    void aRoundEndsThoughItsPeersAnswerLateAndTheNextOneMeasuresTheRest() {
        PathProber prober = prober(10, "tables");
        String pod = join("a", "node0", true);
        for (int i = 1; i <= 10; i++) {
            join("peer" + i, "node" + i, true);
        }
        underlay.inEcho = () -> time.pass(Duration.ofSeconds(5));

        compared(prober, pod);
        assertEquals(4, echoes());
        assertEquals(List.of("a [] []"), told);

        underlay.inEcho = () -> {};
        time.pass(Duration.ofSeconds(2));
        assertEquals(4 + 10, echoes());
    }

    private long echoes() {
        return underlay.asked.stream().filter(one -> one.startsWith("echo")).count();
    }

    @Test
    void tokensAreNeverTheSame() {
        PathProber prober = prober(1, "tables");
        String pod = join("a", "node1", true);
        join("b", "node2", true);
        for (int i = 0; i < 10; i++) {
            compared(prober, pod);
        }

        assertEquals(10, underlay.byToken.size());
        assertTrue(underlay.byToken.keySet().stream().allMatch(token -> token.matches("[0-9a-f]{32}")));
    }

    private String reason(PathProber prober) {
        return prober.hindrance("a", held("a")).map(ReadyCondition::reason).orElse("");
    }

    private void compared(PathProber prober, String uid) {
        prober.compared(members.target(uid).orElseThrow());
        time.runAll();
    }

    private DesiredPod held(String uid) {
        return members.target(uid).orElseThrow().desired();
    }

    private PathProber prober(int peers, String ready) {
        define(ready);
        PathProber prober = new PathProber(
                members,
                uid -> Optional.ofNullable(lastVerified.get(uid)),
                new PathSettings(peers),
                new PathTools(underlay, PathMeter.NONE),
                new Dependencies(
                        time,
                        new Timing(time.timer, time),
                        new Random(1),
                        new WorkSettings(
                                new Limits(64, 16, 256, Duration.ofSeconds(30), Duration.ofSeconds(10)),
                                Duration.ofMinutes(5)),
                        Meter.NONE));
        prober.listen((pod, broken, mended) -> told.add(pod.uid() + " " + broken + " " + mended));
        return prober;
    }

    private void define(String ready) {
        members.define(Definitions.parse(Map.of("lab", "id=100 subnet=10.9.0.0/24 ready=" + ready), defaults()));
        members.giveAddresses();
    }

    private String join(String uid, String node, boolean ready) {
        ObservedStatus status =
                new ObservedStatus(1, new OverlayStatus(List.of(), Optional.of(new ReadyCondition(ready, "Any", ""))));
        members.put(Snapshots.running(
                new PodRef(uid, "default", uid),
                node,
                IpAddr.parse("10.244.1." + ++pods),
                Map.of(KEYS.names(), "lab"),
                status));
        members.uids().forEach(one -> lastVerified.put(one, held(one)));
        return uid;
    }

    private static Defaults defaults() {
        return new Defaults(new IfName("eth0"), new Port(8472));
    }
}
