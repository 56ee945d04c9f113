package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.plan.NetworkStatus;
import io.github.kubevxlan.controller.plan.Obstacle;
import io.github.kubevxlan.controller.plan.OverlayStatus;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.plan.ReadyCondition;
import io.github.kubevxlan.controller.plan.StatusPlan;
import io.github.kubevxlan.controller.plan.Target;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a pod's owner learns of a turn: Events, and the pod's status in the same words. */
final class Tidings {
    private static final Logger LOG = LoggerFactory.getLogger(Tidings.class);
    private static final int FAILURES_UNTIL_TOLD = 3;
    private static final ReadyCondition NO_MEMBER =
            new ReadyCondition(true, "NoMember", "the pod is no member of a network any more");

    private final PodNews news;
    private final StatusStore statuses;
    private final Readiness readiness;

    Tidings(PodNews news, StatusStore statuses, Readiness readiness) {
        this.news = news;
        this.statuses = statuses;
        this.readiness = readiness;
    }

    void settled(Target target, Outcome.Settled settled) {
        PodRef pod = target.pod().ref();
        readiness.answered(pod.uid());
        settled.networks().ifPresent(networks -> readiness.compared(target, networks, settled.obstacles()));
        if (settled.released()) {
            LOG.info("pod {}: its networks are complete", pod);
            news.ready(pod);
        }
        if (settled.unfiltered()) {
            news.unfiltered(pod);
        }
        if (!settled.obstacles().isEmpty()) {
            news.problems(
                    pod, settled.obstacles().stream().map(Obstacle::sentence).toList());
        }
    }

    /** Writes on a pod which addresses it is to have; it is given them when it has them written on it. */
    void claim(Target target) {
        List<NetworkStatus> last = target.pod().recorded().status().networks();
        statuses.write(
                target.pod().ref(),
                new OverlayStatus(StatusPlan.claimed(target.desired(), target.claims(), last), Optional.empty()));
    }

    /** A failure is told when it has come so often in a row that it is no chance. */
    void failed(Target target, int failures, Outcome.Failed failed) {
        readiness.failed(target.pod().ref().uid());
        if (failures < FAILURES_UNTIL_TOLD) {
            return;
        }
        String sentence = "the agent can't set up VXLAN networks: " + failed.reason();
        news.failing(target.pod().ref(), sentence);
        List<NetworkStatus> last = target.pod().recorded().status().networks();
        if (failed.lost()) {
            List<NetworkStatus> had = last.stream().map(NetworkStatus::lost).toList();
            readiness.compared(
                    target,
                    StatusPlan.failing(target.desired(), target.claims(), had, sentence),
                    List.of(new Obstacle("", sentence)));
            return;
        }
        List<NetworkStatus> networks = StatusPlan.failing(target.desired(), target.claims(), last, sentence);
        if (!networks.isEmpty()) {
            statuses.write(target.pod().ref(), new OverlayStatus(networks, Optional.empty()));
        }
    }

    /** A pod that runs on without its label: its readiness is no concern of ours. */
    void left(PodSnapshot pod) {
        statuses.write(pod.ref(), new OverlayStatus(List.of(), Optional.of(NO_MEMBER)));
    }

    /** A labelled pod that nothing can be done for. */
    void notServed(PodSnapshot pod) {
        if (pod.hostNetwork()) {
            news.hostNetwork(pod.ref());
        } else if (pod.agent() == AgentState.OF_WINDOWS) {
            news.windows(pod.ref());
        } else if (pod.agent() == AgentState.NONE) {
            news.noAgent(pod.ref());
        }
    }

    void forget(String uid) {
        statuses.forget(uid);
        readiness.forget(uid);
    }
}
