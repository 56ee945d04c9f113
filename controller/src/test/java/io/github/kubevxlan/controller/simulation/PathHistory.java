package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.path.Path;
import io.github.kubevxlan.controller.path.PathMeter;
import io.github.kubevxlan.controller.path.PathProber;
import io.github.kubevxlan.controller.path.PathSettings;
import io.github.kubevxlan.controller.path.PathTools;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.reconcile.Controller;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.EventRecorder;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.Recorders;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import io.github.kubevxlan.controller.reconcile.Timing;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One random history of members that measure their paths while the underlay becomes too small for them, is cut and is
 * mended, and what must hold of it: at rest each member's status tells of the path to the other node what is so, and of no
 * other; a member of a network with {@code ready=probed} is ready where its paths were right once, and not before; none
 * is accused because it was going, failed or did not know how; what breaks while a member is edited, and what is mended, is
 * told soon.
 */
final class PathHistory {
    private static final Duration RESYNC = Duration.ofMinutes(5);
    private static final Duration WHILE = Duration.ofSeconds(40);
    private static final int MOST_STEPS = 40;
    private static final List<String> NODES = List.of("node-0", "node-1");

    private final Random random;
    private final Consumer<String> trace;
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final SimulatedTime time;
    private final SimulatedUnderlay underlay;
    private final SimulatedAgents agents;
    private final Controller controller;
    private final SimulatedWatch watch;
    private int names;
    private boolean isQuiet;
    private int depth;
    private int edited;
    private int joined;
    private final Map<String, Boolean> admitted = new HashMap<>();
    private final Measured meter = new Measured();
    private final Map<String, String> mended = new HashMap<>();

    /** Keeps between whom each path was measured last. */
    private static final class Measured implements PathMeter {
        private final Map<Path, Ends> byPath = new HashMap<>();

        @Override
        public void measured(Path path, Ends ends, PathReport report) {
            byPath.put(path, ends);
        }

        @Override
        public void only(String uid, Set<String> networks) {
            byPath.entrySet()
                    .removeIf(each -> each.getValue().has(uid)
                            && !networks.contains(each.getKey().network()));
        }

        @Override
        public void forget(String uid) {
            byPath.values().removeIf(ends -> ends.has(uid));
        }
    }

    PathHistory(long seed, Consumer<String> trace) {
        random = new Random(seed);
        this.trace = trace;
        time = new SimulatedTime(random);
        underlay = new SimulatedUnderlay(cluster, random, this::meanwhile);
        agents = new SimulatedAgents(cluster, random, () -> 1, this::meanwhile);
        Members members =
                new Members(SimulatedCluster.KEYS, Definitions.parse(Map.of(), SimulatedCluster.DEFAULTS), 100, true);
        Dependencies dependencies = new Dependencies(
                time,
                new Timing(time.timer, time),
                random,
                new WorkSettings(new Limits(32, 8, 64, Duration.ofSeconds(30), Duration.ofSeconds(10)), RESYNC),
                Meter.NONE);
        Reconciler reconciler = new Reconciler(Nets.PREFIX, agents, SimulatedAgent.NEVER_LATE);
        PathProber paths = new PathProber(
                members, reconciler::lastVerified, new PathSettings(1), new PathTools(underlay, meter), dependencies);
        controller = new Controller(
                members,
                reconciler,
                cluster.unlabelled(),
                new Recorders(events(), new SimulatedStatuses(cluster, time, random), paths),
                dependencies);
        watch = new SimulatedWatch(cluster, controller);
        cluster.add(watch);
        cluster.define(Map.of(
                "probed", "id=100 subnet=10.9.0.0/24 ready=probed",
                "plain", "id=101 subnet=10.10.0.0/24",
                "bare", "id=102"));
        watch.list();
        members.giveAddresses();
        controller.start();
    }

    /**
     * What was looked at in histories.
     *
     * @param broken paths that were broken when all was at rest
     * @param edited members whose path broke while they were edited
     * @param joined members that joined while a path was broken, and so had to wait
     */
    record Seen(int broken, int edited, int joined) {
        static final Seen NOTHING = new Seen(0, 0, 0);

        Seen plus(Seen other) {
            return new Seen(broken + other.broken, edited + other.edited, joined + other.joined);
        }
    }

    /** Lives through it and tells what it looked at. */
    Seen run() {
        int steps = random.nextInt(MOST_STEPS);
        for (int i = 0; i < steps; i++) {
            step();
        }
        trace.accept("all is well from now on, " + underlay.passes);
        agents.failing = 0;
        underlay.failing = 0;
        isQuiet = true;
        rest();
        int broken = assertHolds();
        if (random.nextBoolean()) {
            Map<String, List<String>> accused = brokenByStatus();
            trace.accept("the underlay is mended");
            underlay.passes.clear();
            mended.clear();
            rest();
            assertHolds();
            accused.forEach((uid, nodes) -> nodes.forEach(node -> assertTrue(
                    mended.getOrDefault(uid, "").contains(" " + node + " again"),
                    () -> uid + " was told of the broken path to " + node + ", and not of its end")));
        }
        breakWhileEdited();
        joinWhileBroken();
        cluster.define(Map.of("plain", ""));
        rest();
        assertEquals(
                List.of(),
                meter.byPath.keySet().stream()
                        .filter(path -> path.network().equals("plain"))
                        .toList());
        return new Seen(broken, edited, joined);
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> join();
            case 3 ->
                some().ifPresent(pod -> {
                    trace.accept(pod + " is deleted");
                    cluster.delete(pod);
                });
            case 4 ->
                some().ifPresent(pod -> {
                    trace.accept(pod + "'s agent starts again");
                    pod.startAgent();
                    cluster.changed(pod);
                });
            case 5, 6 -> change();
            case 7 -> agents.failing = random.nextInt(3) * 15;
            case 8 -> underlay.failing = random.nextInt(3) * 15;
            default -> pass(Duration.ofMillis(random.nextInt(60_000)));
        }
    }

    private SimulatedPod join() {
        return join(List.of("probed", "plain", "bare", "probed,plain").get(random.nextInt(4)));
    }

    private SimulatedPod join(String network) {
        SimulatedPod pod =
                cluster.schedule("default", "pod-" + names++, Map.of(SimulatedCluster.KEYS.names(), network));
        pod.startAgent();
        cluster.changed(pod);
        trace.accept(pod + " joins " + network + " on " + pod.snapshot().node());
        return pod;
    }

    private void change() {
        String key = SimulatedUnderlay.key(NODES.get(random.nextInt(2)), NODES.get(random.nextInt(2)));
        change(key, List.of(SimulatedUnderlay.FULL, 1380, 0).get(random.nextInt(3)));
    }

    private void change(String key, int size) {
        trace.accept("between " + key + " pass " + size);
        underlay.passes.put(key, size);
    }

    /** A member is compared after an edit, and measures; its peers know of the edit later than it does. */
    private void breakWhileEdited() {
        cluster.pods().stream()
                .filter(pod -> NODES.stream()
                        .allMatch(node -> underlay.between(pod.snapshot().node(), node) == SimulatedUnderlay.FULL))
                .filter(pod -> hasPeer(pod, "probed", otherNode(pod)))
                .filter(pod ->
                        pod.status.stream().anyMatch(status -> status.name().equals("probed")))
                .findFirst()
                .ifPresent(pod -> {
                    edited++;
                    trace.accept(pod + " is edited, and its path breaks");
                    pod.annotations = Map.of(SimulatedCluster.KEYS.networks(), "probed mac=72:78:00:00:00:fe");
                    cluster.changed(pod);
                    change(SimulatedUnderlay.key(NODES.getFirst(), NODES.getLast()), 0);
                    pass(WHILE);
                    assertTrue(
                            isTold(pod, "probed", otherNode(pod)),
                            () -> pod + " does not know that its path is broken: " + pod.status);
                    trace.accept("the underlay is mended soon");
                    underlay.passes.clear();
                    pass(WHILE);
                    assertFalse(
                            isTold(pod, "probed", otherNode(pod)),
                            () -> pod + " does not know that its path is mended: " + pod.status);
                });
    }

    /** Two peers that answer would prove that a member is reached. */
    private void joinWhileBroken() {
        change(SimulatedUnderlay.key(NODES.getFirst(), NODES.getLast()), 1380);
        SimulatedPod pod = join("probed");
        pass(WHILE);
        if (isBroken(pod, "probed", otherNode(pod))
                && peers(pod, "probed", pod.snapshot().node()) < 2) {
            joined++;
            assertFalse(pod.ready.filter(ReadyCondition::holds).isPresent(), () -> pod + " is ready: " + pod.status);
        }
    }

    private Optional<SimulatedPod> some() {
        List<SimulatedPod> all = new ArrayList<>(cluster.pods());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    /** What may happen while an agent is at work: anything. */
    private void meanwhile() {
        if (isQuiet || depth > 1 || random.nextInt(6) > 0) {
            return;
        }
        depth++;
        switch (random.nextInt(4)) {
            case 0 -> time.runOne();
            case 1 -> step();
            default -> watch.deliver();
        }
        depth--;
    }

    private void pass(Duration duration) {
        for (Duration left = duration; left.isPositive(); left = left.minusSeconds(2)) {
            watch.deliverAll();
            time.pass(Duration.ofSeconds(2));
            controller.checkDue();
            time.runAll();
        }
        watch.deliverAll();
    }

    /** Until each member has measured its path to each node. */
    private void rest() {
        for (int i = 0; i < 4; i++) {
            pass(RESYNC.plus(WHILE));
        }
    }

    private int assertHolds() {
        List<String> faults = new ArrayList<>();
        Set<String> there = cluster.pods().stream().map(pod -> pod.ref.uid()).collect(Collectors.toSet());
        meter.byPath.forEach((path, ends) -> {
            if (!there.containsAll(Set.of(ends.from(), ends.to()))) {
                faults.add(path + " is reported between " + ends + ", of whom one is gone");
            }
        });
        int broken = 0;
        for (SimulatedPod pod : cluster.pods()) {
            faults.addAll(pod.complaints);
            boolean hindered = false;
            for (NetworkStatus status : pod.status) {
                for (String node : NODES) {
                    boolean isBroken = isBroken(pod, status.name(), node);
                    boolean isOwn = node.equals(pod.snapshot().node());
                    boolean isTold = isTold(status, node);
                    boolean isSeen = !isOwn || !hasPeer(pod, status.name(), other(node));
                    hindered |= isBroken && status.name().equals("probed");
                    broken += isBroken && isSeen ? 1 : 0;
                    if ((isTold && !isBroken) || (isBroken && !isTold && isSeen)) {
                        faults.add(pod + " says of " + status.name() + " and " + node + ", where "
                                + underlay.between(pod.snapshot().node(), node) + " pass: " + status);
                    }
                }
                boolean isSaid = !status.message().isEmpty();
                if (isSaid != (status.state() == NetworkStatus.State.DEGRADED)) {
                    faults.add(pod + ": " + status);
                }
            }
            boolean isReady = pod.ready.filter(ReadyCondition::holds).isPresent();
            boolean was = admitted.merge(pod.ref.uid(), isReady, Boolean::logicalOr);
            if (!isReady && (!hindered || was)) {
                faults.add(pod + " is not ready: " + pod.ready + ", " + pod.status);
            }
        }
        assertEquals(List.of(), faults);
        return broken;
    }

    /** Keeps what Events say of paths that are right again. */
    private EventRecorder events() {
        EventRecorder events = mock(EventRecorder.class, withSettings().stubOnly());
        doAnswer(call -> {
                    PodRef ref = call.getArgument(0);
                    List<String> sentences = call.getArgument(1);
                    return mended.merge(ref.uid(), String.join("; ", sentences), (one, other) -> one + "; " + other);
                })
                .when(events)
                .pathsMended(any(), any());
        return events;
    }

    /** The nodes to which a pod's status says that its path is broken, by UID. */
    private Map<String, List<String>> brokenByStatus() {
        return cluster.pods().stream()
                .collect(Collectors.toMap(
                        pod -> pod.ref.uid(),
                        pod -> NODES.stream()
                                .filter(node -> pod.status.stream().anyMatch(status -> isTold(status, node)))
                                .toList()));
    }

    private static boolean isTold(SimulatedPod pod, String network, String node) {
        return pod.status.stream().anyMatch(status -> status.name().equals(network) && isTold(status, node));
    }

    private static boolean isTold(NetworkStatus status, String node) {
        return status.message().contains(" " + node + " ");
    }

    private static String otherNode(SimulatedPod pod) {
        return other(pod.snapshot().node());
    }

    private static String other(String node) {
        return NODES.get(1 - NODES.indexOf(node));
    }

    /** Whether the pod can know that packets of the full size do not pass to a node. */
    private boolean isBroken(SimulatedPod pod, String network, String node) {
        return underlay.between(pod.snapshot().node(), node) < SimulatedUnderlay.FULL && hasPeer(pod, network, node);
    }

    private boolean hasPeer(SimulatedPod pod, String network, String node) {
        return peers(pod, network, node) > 0;
    }

    /** How many members on a node can tell a pod whether its packets pass. */
    private long peers(SimulatedPod pod, String network, String node) {
        return network.equals("bare") || !SimulatedUnderlay.isAble(pod)
                ? 0
                : cluster.pods().stream()
                        .filter(other -> other != pod
                                && SimulatedUnderlay.isAble(other)
                                && other.snapshot().node().equals(node)
                                && other.status.stream()
                                        .anyMatch(status -> status.name().equals(network) && status.isThere()))
                        .count();
    }
}
