package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.controller.pod.PodSnapshot;

/**
 * The facts about a pod that the commands need.
 *
 * @param snapshot what the controller sees of it
 * @param prefix the key prefix of its opt-in label, ours or an older controller's
 * @param phase as the kubelet reports it, {@code Pending} for instance
 * @param waiting what Kubernetes says that the pod waits for: scheduling, or a container's image; empty if nothing
 * @param agentImage the image of its agent container; empty if it has none
 */
public record PodFacts(PodSnapshot snapshot, String prefix, String phase, String waiting, String agentImage) {
    /** NAMESPACE/NAME. */
    public String name() {
        return snapshot.ref().toString();
    }
}
