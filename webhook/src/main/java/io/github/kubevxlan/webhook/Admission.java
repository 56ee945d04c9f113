package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Judges new pods by the settings alone and what it is given.
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
            case Decision.Inject(boolean holdsBack, boolean gates) -> {
                patch.addAll(PodMutation.plan(pod, AgentTemplate.of(agent, mode, holdsBack, pod)));
                if (gates) {
                    patch.addAll(PodMutation.gate(pod, keys.ready()));
                }
                yield new Verdict.Allow(patch, obstacles(resolution, facts), "injected");
            }
        };
    }

    private List<String> warnings(SkipReason reason, PodTree pod, Resolution resolution, NamespaceFacts facts) {
        return switch (reason) {
            case NO_NETWORK ->
                List.of("the pod has label " + keys.label() + " and gets no network, as it names none (annotation "
                        + keys.networks() + " or " + keys.names() + " on it or its namespace, or default=true of a"
                        + " network)");
            case OPTED_OUT, HAS_AGENT ->
                Stream.concat(obstacles(resolution, facts).stream(), HandMadeAgents.obstacle(pod).stream())
                        .toList();
            case NOT_A_NEW_POD, NOT_LABELLED -> List.of();
        };
    }

    /** The same for every call of one admission, since the API server shows equal warnings once. */
    private List<String> obstacles(Resolution resolution, NamespaceFacts facts) {
        Stream<String> missing = resolution.unavailable().stream()
                .map(network ->
                        "%s: the pod waits for it, unless it has %s: \"false\"".formatted(network, keys.waits()));
        return Stream.concat(missing, facts.rejectionOfAgent().stream()).toList();
    }
}
