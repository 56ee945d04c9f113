package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import io.github.kubevxlan.common.spec.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Judges new pods by the settings and its arguments alone.
 *
 * @param keys label and annotations
 * @param agent what is injected
 * @param mode how it is injected
 * @param refusesUnknown whether pods that name a network which is not defined are refused
 */
public record Admission(Keys keys, AgentSettings agent, AgentMode mode, boolean refusesUnknown) {
    /**
     * Judges one pod.
     *
     * @param namespace the one that it is made in
     * @param definitions the networks there are
     * @param facts what that namespace says
     */
    public Verdict judge(String namespace, PodTree pod, Definitions definitions, NamespaceFacts facts) {
        Resolution resolution =
                new Resolver(keys, definitions).resolve(namespace, pod.annotations(), facts.annotations());
        List<PatchOp> patch = new ArrayList<>(PodMutation.strip(pod, keys.status()));
        return switch (InjectionPolicy.decide(keys, agent, refusesUnknown, pod, resolution)) {
            case Decision.Refuse(List<String> reasons) -> new Verdict.Deny(String.join("\n", reasons));
            case Decision.Skip(SkipReason reason) ->
                new Verdict.Allow(patch, warnings(reason, pod, resolution, facts), reason.code());
            case Decision.Inject(boolean holdsBack, boolean gates, AgentResources resources) -> {
                patch.addAll(PodMutation.plan(pod, AgentTemplate.of(agent, mode, holdsBack, resources)));
                if (gates) {
                    patch.addAll(PodMutation.gate(pod, keys.ready()));
                }
                yield new Verdict.Allow(
                        patch,
                        Stream.concat(problems(resolution, facts).stream(), AgentRequirements.warnings(pod, resources))
                                .toList(),
                        "injected");
            }
        };
    }

    private List<String> warnings(SkipReason reason, PodTree pod, Resolution resolution, NamespaceFacts facts) {
        return switch (reason) {
            case MIRROR_POD ->
                List.of("the pod has label " + keys.label()
                        + " and gets no network, because it mirrors a static pod, which the"
                        + " kubelet runs unchanged from a file: remove the label from that file");
            case OPTED_OUT, HAS_AGENT ->
                Stream.of(problems(resolution, facts).stream(), ExistingAgents.problem(pod).stream(), ofOurAgent(pod))
                        .flatMap(Function.identity())
                        .toList();
            case NOT_A_NEW_POD, NOT_LABELLED -> List.of();
        };
    }

    /** The warnings about the resources of our agent, if the pod has it from an earlier call. */
    private Stream<String> ofOurAgent(PodTree pod) {
        boolean isOurs = pod.agents().stream()
                .anyMatch(container ->
                        container.path("image").asText().equals(agent.image().name()));
        return isOurs
                ? AgentRequirements.warnings(pod, agent.requirements().of(keys, pod, new ArrayList<>()))
                : Stream.empty();
    }

    /** The same for every call of one admission, since the API server shows equal warnings once. */
    private List<String> problems(Resolution resolution, NamespaceFacts facts) {
        Stream<String> missing = resolution.definitionProblems().stream()
                .map(network ->
                        "%s: the pod waits for it, unless it has %s: \"false\"".formatted(network, keys.waits()));
        return Stream.of(missing, noNetworkYet(resolution), facts.rejectionOfAgent().stream())
                .flatMap(Function.identity())
                .toList();
    }

    private Stream<String> noNetworkYet(Resolution resolution) {
        return resolution.source() == Source.NONE
                ? Stream.of("the pod has label " + keys.label() + " and names no network yet (annotation "
                        + keys.networks() + " or " + keys.names()
                        + " on it or its namespace, or default=true of a network):"
                        + " its app starts at once, and the pod becomes a member when it gets a network")
                : Stream.empty();
    }
}
