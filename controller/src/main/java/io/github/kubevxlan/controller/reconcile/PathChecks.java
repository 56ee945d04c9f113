package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import java.util.List;
import java.util.Optional;

/** What is known of the paths between members. Every method returns at once. */
public interface PathChecks {
    /** Nobody measures paths. */
    PathChecks NONE = new PathChecks() {
        @Override
        public void listen(Listener listener) {}

        @Override
        public void compared(Target target) {}

        @Override
        public Optional<ReadyCondition> hindrance(String uid, DesiredPod desired) {
            return Optional.empty();
        }

        @Override
        public List<NetworkStatus> withPaths(String uid, List<NetworkStatus> networks) {
            return networks;
        }

        @Override
        public void forget(String uid) {}
    };

    /** Takes what was found out. */
    interface Listener {
        /**
         * A pod's paths were measured.
         *
         * @param broken what is wrong with them, a sentence each; empty if nothing is
         * @param mended what was wrong with them before and is not now
         */
        void measured(PodRef pod, List<String> broken, List<String> mended);
    }

    /** Who gets what is found out. */
    void listen(Listener listener);

    /** A pod was compared in full, and has what it should have. */
    void compared(Target target);

    /**
     * Why a pod is not ready yet although its peers have it in their tables; has its paths measured if they were not.
     * Empty if nothing hinders it.
     */
    Optional<ReadyCondition> hindrance(String uid, DesiredPod desired);

    /** The statuses of a pod's networks with what is wrong with its paths. */
    List<NetworkStatus> withPaths(String uid, List<NetworkStatus> networks);

    /** Drops what is known of a pod. */
    void forget(String uid);
}
