package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.diff.Change.Action;
import io.github.kubevxlan.controller.diff.FilterSupport;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.reconcile.Outcome.Containers;
import io.github.kubevxlan.controller.registry.Members;
import io.github.kubevxlan.controller.status.StatusPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what came of reconciles: Events and status to the pod's owner in the same words, metrics, and the log. Nothing
 * else writes status, or Events on pods.
 */
final class OutcomeReporter {
    private static final Logger LOG = LoggerFactory.getLogger(OutcomeReporter.class);
    private static final int FAILURES_UNTIL_REPORTED = 3;
    private static final Duration WORDS_STAY = Duration.ofMinutes(1);
    private static final ReadyCondition NO_MEMBER =
            new ReadyCondition(true, "NoMember", "the pod is no member of a network any more");

    private final EventRecorder events;
    private final StatusStore statuses;
    private final PathChecks paths;
    private final Readiness readiness;
    private final Startups startups;
    private final Ticker ticker;
    private final Meter meter;
    private final Map<String, Complaint> complaints = new ConcurrentHashMap<>();

    /** What was told of an agent that can't be used, and since when. */
    private record Complaint(String sentence, Duration since) {}

    OutcomeReporter(Members members, Setups setups, Recorders recorders, Dependencies dependencies) {
        this.events = recorders.events();
        this.statuses = recorders.statuses();
        this.paths = recorders.paths();
        this.ticker = dependencies.ticker();
        this.meter = dependencies.meter();
        this.startups = new Startups(ticker, meter);
        this.readiness = new Readiness(members, setups, paths, this::judged, dependencies);
        this.paths.listen(this::measured);
    }

    /** A pod's agent runs, since now or since before this controller led. */
    void agentRuns(String uid, boolean since) {
        if (since) {
            startups.running(uid);
        } else {
            startups.ranBefore(uid);
        }
    }

    /** Looks which pods have waited long enough for their peers, soon; to be called now and then too. */
    void scanSoon() {
        readiness.scanSoon();
    }

    private void judged(PodRef pod, List<NetworkStatus> networks, ReadyCondition condition) {
        if (condition.holds()) {
            startups.ready(pod.uid());
        }
        statuses.write(pod, new OverlayStatus(paths.withPaths(pod.uid(), networks), Optional.of(condition)));
    }

    private void measured(PodRef pod, List<String> broken, List<String> mended) {
        if (!broken.isEmpty()) {
            events.pathsBroken(pod, broken);
        }
        if (!mended.isEmpty()) {
            events.pathsMended(pod, mended);
        }
        readiness.measured(pod);
    }

    /** A pod is gone, or is no member any more: how long it took is of no interest. */
    void gone(String uid) {
        startups.forget(uid);
    }

    /** A pod's agent can be used again; what it has is told once its addresses are written. */
    void answered(Target target) {
        readiness.answered(target.pod().ref().uid());
    }

    /** An attempt at a member ended, after some time. */
    void reconciled(PodRef pod, Outcome outcome, Duration took) {
        meter.reconciled(outcome, took);
        changed(pod, outcome.changes());
    }

    /** A pod that failed is to be tried again. */
    void retry() {
        meter.retry();
    }

    /** Tells what an attempt changed and why: what is as it was told to be is of interest when somebody looks for it. */
    void changed(PodRef pod, List<Change> changes) {
        meter.changed(pod, changes);
        for (Change change : changes) {
            try (var _ = LogContext.network(change.network())) {
                if (change.isRepair()) {
                    LOG.info("repaired what somebody else changed: {}", change.sentence());
                } else if (change.action() == Action.RECREATED) {
                    LOG.info("{}", change.sentence());
                } else {
                    LOG.debug("{}", change.sentence());
                }
            }
        }
        List<String> recreated = changes.stream()
                .filter(change -> change.action() == Action.RECREATED)
                .map(Change::sentence)
                .toList();
        if (!recreated.isEmpty()) {
            events.recreated(pod, recreated);
        }
    }

    void settled(Target target, Outcome.Settled settled) {
        PodRef pod = target.pod().ref();
        answered(target);
        if (complaints.remove(pod.uid()) != null) {
            events.recovered(pod);
        }
        settled.networks().ifPresent(networks -> {
            paths.compared(target);
            readiness.compared(target, networks, settled.problems(), settled.containers() != Containers.HELD);
        });
        if (settled.containers() == Containers.RELEASED) {
            released(target);
        }
        if (settled.unfiltered()) {
            events.unfiltered(pod);
        }
        if (settled.support() == FilterSupport.NO_SECURITY) {
            events.unsecured(pod);
        }
        if (!settled.problems().isEmpty()) {
            events.problems(
                    pod,
                    settled.problems().stream().map(NetworkProblem::sentence).toList());
        }
    }

    private void released(Target target) {
        PodRef pod = target.pod().ref();
        startups.complete(pod.uid());
        if (target.desired().links().isEmpty()) {
            LOG.info("the pod names no network, so its containers may start");
        } else {
            LOG.info("all networks of the pod are set up, so its containers may start");
            events.ready(pod);
        }
    }

    /** Writes on a pod which addresses it is to have; it is given them when it has them written on it. */
    void claim(Target target) {
        List<NetworkStatus> last = target.pod().observedStatus().status().networks();
        statuses.write(
                target.pod().ref(),
                new OverlayStatus(StatusPlan.claimed(target.desired(), target.claims(), last), Optional.empty()));
    }

    /** A failure is told when it has come so often in a row that it is no chance. */
    void failed(Target target, int failures, Outcome.Failed failed) {
        readiness.failed(target.pod().ref().uid());
        if (failures < FAILURES_UNTIL_REPORTED) {
            return;
        }
        String sentence =
                complaint(target.pod().ref().uid(), "the agent can't set up VXLAN networks: " + failed.reason());
        events.failing(target.pod().ref(), sentence);
        List<NetworkStatus> last = target.pod().observedStatus().status().networks();
        if (failed.cause() == Outcome.Cause.LOST) {
            List<NetworkStatus> had = last.stream().map(NetworkStatus::lost).toList();
            readiness.compared(
                    target,
                    StatusPlan.failing(target.desired(), target.claims(), had, sentence),
                    List.of(new NetworkProblem("", sentence)),
                    false);
            return;
        }
        List<NetworkStatus> networks = StatusPlan.failing(target.desired(), target.claims(), last, sentence);
        if (!networks.isEmpty()) {
            statuses.write(target.pod().ref(), new OverlayStatus(networks, Optional.empty()));
        }
    }

    /** An agent may fail with other words each time; told is one reason a minute. */
    private String complaint(String uid, String sentence) {
        Duration now = ticker.elapsed();
        return Objects.requireNonNull(complaints.compute(
                        uid,
                        (_, last) ->
                                last != null && last.since().plus(WORDS_STAY).compareTo(now) > 0
                                        ? last
                                        : new Complaint(sentence, now)))
                .sentence();
    }

    /** A pod that runs on without its label: its readiness is no concern of ours. */
    void left(PodSnapshot pod) {
        statuses.writeLast(pod.ref(), new OverlayStatus(List.of(), Optional.of(NO_MEMBER)));
    }

    /** A labelled pod that nothing can be done for. */
    void notServed(PodSnapshot pod) {
        if (pod.hostNetwork()) {
            events.hostNetwork(pod.ref());
        } else if (pod.agent() == AgentState.OF_WINDOWS) {
            events.windows(pod.ref());
        } else if (pod.agent() == AgentState.OF_STATIC_POD) {
            events.staticPod(pod.ref());
        } else if (pod.agent() == AgentState.NONE) {
            events.noAgent(pod.ref());
        }
    }

    void forget(String uid) {
        statuses.forget(uid);
        readiness.forget(uid);
        paths.forget(uid);
        startups.forget(uid);
        complaints.remove(uid);
    }
}
