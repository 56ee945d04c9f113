package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** Plans how a pod gets its agent. */
final class PodMutation {
    private PodMutation() {}

    /**
     * Puts the agent before all other init containers, whose order stays; empty if the pod has an agent. Applied to
     * the pod the patch gives a pod with an agent, so that a second call changes nothing.
     */
    static List<PatchOp> plan(PodTree pod, AgentTemplate agent) {
        if (pod.hasAgent()) {
            return List.of();
        }
        return List.of(add(pod, "volumes", "-", agent.volume()), add(pod, "initContainers", "0", agent.container()));
    }

    /** Takes away an annotation that only we may set; empty if it isn't there. */
    static List<PatchOp> strip(PodTree pod, String annotation) {
        return pod.annotations().containsKey(annotation)
                ? List.of(new PatchOp.Remove(PatchOp.path("metadata", "annotations", annotation)))
                : List.of();
    }

    /** Adds to a list of the spec, or makes the list: RFC 6902 section 4.1 wants it to be there. */
    private static PatchOp add(PodTree pod, String list, String index, JsonNode value) {
        return Shape.isNothing(pod.spec().path(list))
                ? new PatchOp.Add(
                        PatchOp.path("spec", list),
                        JsonNodeFactory.instance.arrayNode().add(value))
                : new PatchOp.Add(PatchOp.path("spec", list, index), value);
    }
}
