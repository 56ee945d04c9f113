package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Plans how a pod gets its agent. */
final class PodMutation {
    private PodMutation() {}

    /**
     * Puts the agent in place of existing ones; without one, its init container goes before all others and its
     * sidecar behind. The order of the others stays. To be called for a pod that has no agent to be kept. A volume of
     * the agent's may be there all the same, in a manifest taken from a running pod. Secrets to pull the agent with go
     * behind the pod's own.
     */
    static List<PatchOp> plan(PodTree pod, AgentTemplate agent) {
        List<PatchOp> patch = new ArrayList<>();
        patch.addAll(place(pod, "volumes", AgentTemplate::isVolume, Optional.of(agent.volume()), "-"));
        patch.addAll(place(pod, "initContainers", PodTree::isAgent, agent.init(), "0"));
        patch.addAll(place(pod, "containers", PodTree::isAgent, agent.sidecar(), "-"));
        patch.addAll(pullSecrets(pod, agent.pullSecrets()));
        return patch;
    }

    private static List<PatchOp> pullSecrets(PodTree pod, List<String> names) {
        JsonNode there = pod.spec().path("imagePullSecrets");
        Set<String> known = new HashSet<>();
        there.forEach(secret -> known.add(secret.path("name").asText()));
        List<JsonNode> missing = names.stream()
                .filter(known::add)
                .<JsonNode>map(name -> JsonNodeFactory.instance.objectNode().put("name", name))
                .toList();
        if (missing.isEmpty()) {
            return List.of();
        }
        return Shape.isNothing(there)
                ? List.of(new PatchOp.Add(
                        PatchOp.path("spec", "imagePullSecrets"),
                        JsonNodeFactory.instance.arrayNode().addAll(missing)))
                : missing.stream()
                        .<PatchOp>map(secret -> new PatchOp.Add(PatchOp.path("spec", "imagePullSecrets", "-"), secret))
                        .toList();
    }

    /** Adds a condition without which the pod is not ready; empty if it is there. */
    static List<PatchOp> gate(PodTree pod, String condition) {
        for (JsonNode gate : pod.spec().path("readinessGates")) {
            if (gate.path("conditionType").asText().equals(condition)) {
                return List.of();
            }
        }
        return List.of(add(
                pod,
                "readinessGates",
                "-",
                JsonNodeFactory.instance.objectNode().put("conditionType", condition)));
    }

    /** Takes away an annotation that only we may set; empty if it isn't there. */
    static List<PatchOp> strip(PodTree pod, String annotation) {
        return pod.annotations().containsKey(annotation)
                ? List.of(new PatchOp.Remove(PatchOp.path("metadata", "annotations", annotation)))
                : List.of();
    }

    /** Takes what is ours out of a list, last first so that indexes hold, and puts another where the first was. */
    private static List<PatchOp> place(
            PodTree pod, String list, Predicate<JsonNode> isOurs, Optional<ObjectNode> ours, String otherwise) {
        List<PatchOp> patch = new ArrayList<>();
        String index = otherwise;
        JsonNode all = pod.spec().path(list);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (isOurs.test(all.get(i))) {
                index = Integer.toString(i);
                patch.add(new PatchOp.Remove(PatchOp.path("spec", list, index)));
            }
        }
        if (ours.isPresent()) {
            patch.add(add(pod, list, index, ours.get()));
        }
        return patch;
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
