package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.Optional;

/**
 * The facts about a pod that the commands need.
 *
 * @param snapshot what the controller sees of it
 * @param prefix the key prefix of its opt-in label, ours or an older controller's
 * @param phase as the kubelet reports it, {@code Pending} for instance
 * @param waiting what Kubernetes says that the pod waits for: scheduling, or a container's image; empty if nothing
 * @param manifest what its manifest says
 */
public record PodFacts(PodSnapshot snapshot, String prefix, String phase, String waiting, Manifest manifest) {
    /**
     * What the manifest of a pod says.
     *
     * @param agentImage the image of its agent container; empty if it has none
     * @param agentField the field of the pod's spec that lists the agent container: {@code initContainers} or
     *     {@code containers}
     * @param owner what makes such pods; empty if somebody made the pod itself
     * @param wasDebugged whether it has ephemeral containers, ended ones included: no new pod may have any
     */
    public record Manifest(String agentImage, String agentField, Optional<Owner> owner, boolean wasDebugged) {}

    /**
     * What makes pods by a template.
     *
     * @param kind as kubectl calls it, {@code statefulset} for instance
     */
    public record Owner(String kind, String name) {}

    /** NAMESPACE/NAME. */
    public String name() {
        return snapshot.ref().toString();
    }

    /** The image of its agent container; empty if it has none. */
    public String agentImage() {
        return manifest.agentImage();
    }
}
