package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.overlay.Claims;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pods that are no members any more but still run: what is ours has to go. No watch shows them, so each is looked up
 * before it is touched; another pod may have come under its name, and with its address.
 */
final class CleanupQueue {
    private final UnlabelledPodLister unlabelled;
    private final Reconciler reconciler;
    private final Map<String, Leaving> pods = new ConcurrentHashMap<>();

    /**
     * A pod, and what became of it so far.
     *
     * @param node where it runs
     * @param failures how often its agent did not do what it was asked
     */
    record Leaving(PodRef pod, String node, int failures) {
        private Leaving failed() {
            return new Leaving(pod, node, failures + 1);
        }
    }

    /**
     * How an attempt ended.
     *
     * @param pod as it was then; empty if it was not reached
     */
    record Attempt(Outcome outcome, Optional<PodSnapshot> pod) {}

    CleanupQueue(UnlabelledPodLister unlabelled, Reconciler reconciler) {
        this.unlabelled = unlabelled;
        this.reconciler = reconciler;
    }

    void add(PodSnapshot pod) {
        pods.put(pod.ref().uid(), new Leaving(pod.ref(), pod.node(), 0));
    }

    Optional<Leaving> get(String uid) {
        return Optional.ofNullable(pods.get(uid));
    }

    /** It is done with, or labelled again; tells whether it was one. */
    boolean remove(String uid) {
        return pods.remove(uid) != null;
    }

    /**
     * Makes one attempt, and counts it if the pod's agent failed; idle if there is nothing to clean, or all of it goes with
     * the pod.
     */
    Attempt clean(PodRef pod) throws InterruptedException {
        try {
            Optional<PodSnapshot> now = unlabelled.find(pod);
            if (now.isEmpty() || now.get().ending()) {
                return new Attempt(new Outcome.Idle(), Optional.empty());
            }
            Target nothing = new Target(now.get(), DesiredPod.NONE, Claims.NONE);
            Outcome outcome = reconciler.reconcile(nothing, true);
            if (!(outcome instanceof Outcome.Settled)) {
                pods.computeIfPresent(pod.uid(), (_, leaving) -> leaving.failed());
            }
            return outcome instanceof Outcome.Idle ? failed("its agent does not run") : new Attempt(outcome, now);
        } catch (PodReadException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static Attempt failed(String reason) {
        return new Attempt(new Outcome.Failed(reason, Outcome.Cause.UNUSABLE), Optional.empty());
    }
}
