package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.plan.DesiredLink;
import io.github.kubevxlan.controller.plan.DesiredPod;
import io.github.kubevxlan.controller.plan.Holders;
import io.github.kubevxlan.controller.plan.Members;
import io.github.kubevxlan.controller.plan.NetworkStatus;
import io.github.kubevxlan.controller.plan.Obstacle;
import io.github.kubevxlan.controller.plan.OverlayStatus;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.ReadyCondition;
import io.github.kubevxlan.controller.plan.SegmentKey;
import io.github.kubevxlan.controller.plan.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The condition {@code P/ready}. It turns true once every peer that can be reached has the pod in its tables, and from
 * then on false only when the pod's own links or addresses are lost.
 *
 * <p>A peer whose agent does not run or failed last time is not waited for. As long as peers answer, those that are yet
 * to be told are; when none did for the deadline, what is left can't be reached. Pods that wait are looked at together,
 * so that a wave costs no more than its members and those that wait.
 */
final class Readiness {
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final ReadyCondition READY =
            new ReadyCondition(true, "PeersReady", "every reachable peer has the pod in its tables");

    private final Members members;
    private final Function<String, Optional<DesiredPod>> confirmed;
    private final StatusStore statuses;
    private final Clock clock;
    private final Duration deadline;
    private final KeyQueue looks;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /**
     * A pod that its peers are to be told of.
     *
     * @param begun when its own side was complete
     * @param progress when a peer last was found to hold it that did not before
     * @param holding how many peers then did
     * @param told whether its owner was told that it waits
     */
    private record Waiting(
            PodRef pod, List<NetworkStatus> networks, Instant begun, Instant progress, int holding, boolean told) {}

    /** Takes what a member was last known to hold, by its UID. */
    Readiness(
            Members members,
            Function<String, Optional<DesiredPod>> confirmed,
            StatusStore statuses,
            Surroundings surroundings) {
        this.members = members;
        this.confirmed = confirmed;
        this.statuses = statuses;
        this.clock = surroundings.clock();
        this.deadline = surroundings.deadline();
        this.looks = new KeyQueue(_ -> look(), surroundings.executor(), surroundings.timer());
    }

    /** A pod was compared in full; writes what became of its networks, at once or with the condition. */
    void compared(Target target, List<NetworkStatus> networks, List<Obstacle> obstacles) {
        String uid = target.pod().ref().uid();
        List<Obstacle> lost = obstacles.stream()
                .filter(obstacle -> !target.desired().missing().contains(obstacle))
                .toList();
        boolean was = ready.contains(uid)
                || target.pod()
                        .recorded()
                        .status()
                        .ready()
                        .filter(ReadyCondition::holds)
                        .isPresent();
        if (!lost.isEmpty()) {
            waiting.remove(uid);
            ready.remove(uid);
            write(target.pod().ref(), networks, not(was ? "NetworkLost" : "NetworkUnavailable", lost));
        } else if (was) {
            ready.add(uid);
            write(target.pod().ref(), networks, READY);
        } else if (target.desired().complete() || !members.holdsBack(target.pod())) {
            Instant now = clock.instant();
            waiting.merge(
                    uid,
                    new Waiting(target.pod().ref(), networks, now, now, 0, false),
                    (before, _) -> new Waiting(
                            before.pod(),
                            networks,
                            before.begun(),
                            before.progress(),
                            before.holding(),
                            before.told()));
            lookSoon();
        } else {
            waiting.remove(uid);
            write(target.pod().ref(), networks, not("NetworkUnavailable", obstacles));
        }
    }

    /** A pod's agent reported what is wanted. */
    void answered(String uid) {
        failing.remove(uid);
        lookSoon();
    }

    /** A pod's agent could not be used. */
    void failed(String uid) {
        failing.add(uid);
        lookSoon();
    }

    /** Drops what is known of a pod. */
    void forget(String uid) {
        waiting.remove(uid);
        ready.remove(uid);
        failing.remove(uid);
    }

    /** Looks who has waited long enough, soon; to be called now and then too. */
    void lookSoon() {
        if (!waiting.isEmpty()) {
            looks.add("", GATHER);
        }
    }

    /** A pod that got another address since it was compared is to be compared again, which tells of it then. */
    private void look() {
        Map<SegmentKey, Holders> holders = new HashMap<>();
        waiting.forEach((uid, one) -> {
            Optional<Target> target;
            synchronized (members) {
                target = members.target(uid);
            }
            target.filter(known -> known.claims().areIn(one.networks()))
                    .ifPresentOrElse(
                            known -> judge(uid, one, known.desired(), holders), () -> waiting.remove(uid, one));
        });
    }

    private void judge(String uid, Waiting one, DesiredPod desired, Map<SegmentKey, Holders> holders) {
        int holding = 0;
        int all = 0;
        for (DesiredLink link : desired.links()) {
            Holders of = holders.computeIfAbsent(link.segment(), this::holders);
            holding += of.holding(link.ownAmongAll().toList());
            all += of.all();
        }
        Instant now = clock.instant();
        boolean progress = holding > one.holding();
        if (holding == all || (!progress && isOver(one.progress(), now))) {
            if (waiting.remove(uid, one)) {
                ready.add(uid);
                write(one.pod(), one.networks(), READY);
            }
        } else {
            boolean tell = !one.told() && isOver(one.begun(), now);
            Instant last = progress ? now : one.progress();
            Waiting next = new Waiting(
                    one.pod(), one.networks(), one.begun(), last, Math.max(holding, one.holding()), one.told() || tell);
            if (waiting.replace(uid, one, next) && tell) {
                write(one.pod(), one.networks(), new ReadyCondition(false, "PeersPending", "peers are yet to be told"));
            }
        }
    }

    private Holders holders(SegmentKey segment) {
        List<String> running;
        synchronized (members) {
            running = members.running(segment);
        }
        return new Holders(running.stream()
                .filter(uid -> !failing.contains(uid))
                .map(uid -> confirmed.apply(uid).flatMap(desired -> desired.vteps(segment)))
                .toList());
    }

    private boolean isOver(Instant since, Instant now) {
        return !since.plus(deadline).isAfter(now);
    }

    private static ReadyCondition not(String reason, List<Obstacle> obstacles) {
        return new ReadyCondition(
                false, reason, obstacles.stream().map(Obstacle::sentence).collect(Collectors.joining("; ")));
    }

    private void write(PodRef pod, List<NetworkStatus> networks, ReadyCondition condition) {
        statuses.write(pod, new OverlayStatus(networks, Optional.of(condition)));
    }
}
