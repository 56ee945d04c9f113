package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.spec.ReadyWhen;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkProblem.Effect;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.registry.Members;
import io.github.kubevxlan.controller.registry.PeerTableHolders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The condition {@code P/ready}. It turns true once every peer that can be reached has the pod in its tables, and from
 * then on false only when the pod's own links or addresses are lost.
 *
 * <p>No pod waits for a peer that is ending, whose agent does not run or whose last attempt failed. Nor does it wait for
 * one whose containers wait for their first interface, which comes with the pod's entries; but in a network with
 * {@code ready=probed} it does, since paths are measured to who answers. It waits for the others as long as one more of
 * them takes the pod's entries within each deadline. When none has for that long, the rest count as unreachable and the
 * condition turns true. Pods that wait are scanned together, so that many that come at once cost no more than their
 * members and those that wait.
 */
final class Readiness {
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final ReadyCondition READY =
            new ReadyCondition(true, "PeersReady", "every reachable peer has the pod in its tables");

    private final Members members;
    private final Setups setups;
    private final PathChecks paths;
    private final ConditionListener listener;
    private final Ticker ticker;
    private final Duration deadline;
    private final WorkQueue scans;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    /** Pods that are ready, and what became of their networks when they were compared last. */
    private final Map<String, List<NetworkStatus>> ready = new ConcurrentHashMap<>();

    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /**
     * A pod that its peers are to be told of.
     *
     * @param begun when its own side was complete
     * @param progress how many of its peers hold it
     * @param notified whether its owner was told that it waits
     */
    private record Waiting(
            PodRef pod, List<NetworkStatus> networks, Duration begun, Progress progress, boolean notified) {
        private static Waiting since(Duration begun, PodRef pod, List<NetworkStatus> networks) {
            return new Waiting(pod, networks, begun, new Progress(0, Integer.MAX_VALUE, begun), false);
        }

        private Waiting with(List<NetworkStatus> compared) {
            return new Waiting(pod, compared, begun, progress, notified);
        }
    }

    /**
     * How many peers hold a pod.
     *
     * @param holding how many were found to hold it at most
     * @param missing how many were found not to at least
     * @param at when either last changed
     */
    private record Progress(int holding, int missing, Duration at) {
        private Progress with(int nowHolding, int nowMissing, Duration now) {
            return nowHolding > holding || nowMissing < missing
                    ? new Progress(Math.max(nowHolding, holding), Math.min(nowMissing, missing), now)
                    : this;
        }
    }

    private record Candidate(String uid, Waiting waiting, DesiredPod desired) {}

    /** A segment's members, and whether paths to them are measured before a pod is ready. */
    private record Peers(SegmentKey segment, boolean probed) {}

    /** Takes what became of a pod's networks, and the condition that follows. */
    interface ConditionListener {
        /** May come again with the same. */
        void judged(PodRef pod, List<NetworkStatus> networks, ReadyCondition condition);
    }

    Readiness(Members members, Setups setups, PathChecks paths, ConditionListener listener, Dependencies dependencies) {
        this.members = members;
        this.setups = setups;
        this.paths = paths;
        this.listener = listener;
        this.ticker = dependencies.ticker();
        this.deadline = dependencies.limits().deadline();
        this.scans = WorkQueue.of(_ -> scan(), 1, dependencies);
    }

    /**
     * A pod was compared in full; tells what became of its networks, at once or with the condition. What could not be
     * changed loses a running pod nothing; a pod whose containers wait is not ready until it can.
     *
     * @param started whether the pod's containers were let go
     */
    void compared(Target target, List<NetworkStatus> networks, List<NetworkProblem> problems, boolean started) {
        String uid = target.pod().ref().uid();
        boolean waits = problems.stream().anyMatch(problem -> problem.effect() != Effect.LEFT_OUT);
        boolean was = ready.containsKey(uid) || target.pod().observedStatus().isReady();
        List<NetworkProblem> lost = problems.stream()
                .filter(problem -> problem.effect() == Effect.ABSENT
                        && !target.desired().missing().contains(problem)
                        && !(was && isNew(problem.network(), target, ready.getOrDefault(uid, List.of()))))
                .toList();
        if (!lost.isEmpty()) {
            waiting.remove(uid);
            ready.remove(uid);
            listener.judged(target.pod().ref(), networks, not(was ? "NetworkLost" : "NetworkUnavailable", lost));
        } else if (was) {
            ready.put(uid, networks);
            listener.judged(target.pod().ref(), networks, READY);
        } else if (!waits || started || !members.holdsBack(target.pod())) {
            Duration now = ticker.elapsed();
            waiting.merge(uid, Waiting.since(now, target.pod().ref(), networks), (before, _) -> before.with(networks));
            scanSoon();
        } else {
            waiting.remove(uid);
            listener.judged(target.pod().ref(), networks, not("NetworkUnavailable", problems));
        }
    }

    /** Whether a pod did not have the network before: what an edit adds and the pod can't have is no loss. */
    private static boolean isNew(String network, Target target, List<NetworkStatus> compared) {
        List<NetworkStatus> written = target.pod().observedStatus().status().networks();
        return !network.isEmpty()
                && Stream.concat(written.stream(), compared.stream())
                        .noneMatch(one -> one.name().equals(network) && one.isThere());
    }

    /** A pod's agent reported what is wanted. */
    void answered(String uid) {
        failing.remove(uid);
        scanSoon();
    }

    /** A pod's agent could not be used. */
    void failed(String uid) {
        failing.add(uid);
        scanSoon();
    }

    /** A pod's paths were measured: the status of a pod that is ready may change, and one that waits may be ready. */
    void measured(PodRef pod) {
        List<NetworkStatus> networks = ready.get(pod.uid());
        if (networks != null) {
            listener.judged(pod, networks, READY);
        }
        scanSoon();
    }

    /** Drops what is known of a pod. */
    void forget(String uid) {
        waiting.remove(uid);
        ready.remove(uid);
        failing.remove(uid);
    }

    /** Looks who has waited long enough, soon; to be called now and then too. */
    void scanSoon() {
        if (!waiting.isEmpty()) {
            scans.addAfter("", GATHER);
        }
    }

    /**
     * A pod that has other claims than when it was compared is not judged: it is compared again, or gets back what it
     * had. Either way it still waits.
     */
    private void scan() {
        List<Candidate> candidates = new ArrayList<>();
        waiting.forEach((uid, one) -> members.target(uid)
                .ifPresentOrElse(
                        target -> {
                            if (target.claims().areIn(one.networks())) {
                                candidates.add(new Candidate(uid, one, target.desired()));
                            }
                        },
                        () -> waiting.remove(uid, one)));
        Map<Peers, PeerTableHolders> holders = new HashMap<>(); // found later than the candidates, which they must know
        candidates.forEach(one -> judge(one.uid(), one.waiting(), one.desired(), holders));
    }

    private void judge(String uid, Waiting one, DesiredPod desired, Map<Peers, PeerTableHolders> holders) {
        int holding = 0;
        int all = 0;
        for (DesiredLink link : desired.links()) {
            Peers peers = new Peers(link.segment(), link.network().ready() == ReadyWhen.PROBED);
            PeerTableHolders of = holders.computeIfAbsent(peers, this::holders);
            holding += of.holding(link.ownInPeerTable().toList());
            all += of.all();
        }
        Duration now = ticker.elapsed();
        Progress progress = one.progress().with(holding, all - holding, now);
        if (holding == all || isOver(progress.at(), now)) {
            Optional<ReadyCondition> hindrance = paths.hindrance(uid, desired);
            if (hindrance.isPresent()) {
                if (one.equals(waiting.get(uid))) {
                    listener.judged(one.pod(), one.networks(), hindrance.get());
                }
            } else if (waiting.remove(uid, one)) {
                ready.put(uid, one.networks());
                listener.judged(one.pod(), one.networks(), READY);
            }
        } else {
            boolean tell = !one.notified() && isOver(one.begun(), now);
            Waiting next = new Waiting(one.pod(), one.networks(), one.begun(), progress, one.notified() || tell);
            if (waiting.replace(uid, one, next) && tell) {
                listener.judged(
                        one.pod(),
                        one.networks(),
                        new ReadyCondition(false, "PeersPending", "peers are yet to be told"));
            }
        }
    }

    /**
     * A member that is known to have no link in the segment, or is yet to get its first, has nothing to send from and is not
     * counted; one whose first setup is under way counts as holding what that asks for.
     */
    private PeerTableHolders holders(Peers peers) {
        SegmentKey segment = peers.segment();
        return new PeerTableHolders(members.running(segment).stream()
                .filter(uid -> !failing.contains(uid))
                .filter(uid -> !(setups.isExpected(uid) && mayBeWithout(uid, peers)))
                .map(uid -> mayBeWithout(uid, peers) ? setups.requestedOrHeld(uid) : setups.held(uid))
                .filter(known -> known.isEmpty() || known.get().peers(segment).isPresent())
                .map(known -> known.flatMap(desired -> desired.peers(segment)))
                .toList());
    }

    /** Whether a member needs no entries yet: nothing is measured to it, and its containers wait for its first setup. */
    private boolean mayBeWithout(String uid, Peers peers) {
        return !peers.probed() && members.pod(uid).filter(members::holdsBack).isPresent();
    }

    private boolean isOver(Duration since, Duration now) {
        return since.plus(deadline).compareTo(now) <= 0;
    }

    private static ReadyCondition not(String reason, List<NetworkProblem> problems) {
        return new ReadyCondition(
                false, reason, problems.stream().map(NetworkProblem::sentence).collect(Collectors.joining("; ")));
    }
}
