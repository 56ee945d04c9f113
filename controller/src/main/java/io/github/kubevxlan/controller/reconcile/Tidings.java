package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.plan.NetworkStatus;
import io.github.kubevxlan.controller.plan.Obstacle;
import io.github.kubevxlan.controller.plan.OverlayStatus;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
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

    private final PodNews news;
    private final StatusStore statuses;

    Tidings(PodNews news, StatusStore statuses) {
        this.news = news;
        this.statuses = statuses;
    }

    void settled(Target target, Outcome.Settled settled) {
        PodRef pod = target.pod().ref();
        settled.networks().ifPresent(networks -> write(target.pod(), networks));
        if (settled.released()) {
            LOG.info("pod {}: its networks are complete", pod);
            news.ready(pod);
        }
        if (!settled.obstacles().isEmpty()) {
            news.problems(
                    pod, settled.obstacles().stream().map(Obstacle::sentence).toList());
        }
    }

    /** A failure is told when it has come so often in a row that it is no chance. */
    void failed(Target target, int failures, String reason) {
        if (failures < FAILURES_UNTIL_TOLD) {
            return;
        }
        String sentence = "the agent can't set up VXLAN networks: " + reason;
        news.failing(target.pod().ref(), sentence);
        write(
                target.pod(),
                StatusPlan.failing(
                        target.desired(), target.pod().recorded().status().networks(), sentence));
    }

    /** A pod that runs on without its label. */
    void left(PodSnapshot pod) {
        write(pod, List.of());
    }

    /** A pod without networks gets no status, but does not keep an old one. */
    private void write(PodSnapshot pod, List<NetworkStatus> networks) {
        if (!networks.isEmpty() || !pod.recorded().status().networks().isEmpty()) {
            var _ = statuses.write(pod.ref(), new OverlayStatus(networks, Optional.empty()));
        }
    }
}
