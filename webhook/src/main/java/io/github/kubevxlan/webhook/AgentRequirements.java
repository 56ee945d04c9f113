package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.EnvConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Decides what the agent of a pod asks of its node.
 *
 * <p>The webhook can't see ResourceQuotas and LimitRanges, but it sees their effect: where one demands a CPU limit, every
 * container of the pod has one. So the agent has a CPU limit, which only slows it down, where all the others have one.
 * The same goes for ephemeral storage.
 *
 * @param usual what it asks for in most pods
 * @param guaranteed its {@code cpu} and {@code memory} in pods that are Guaranteed otherwise; requests equal limits
 */
public record AgentRequirements(AgentResources usual, AgentResources guaranteed) {
    static final AgentRequirements DEFAULT = new AgentRequirements(
            AgentResources.parse("requests.cpu=10m,requests.ephemeral-storage=4Mi,requests.memory=16Mi,"
                    + "limits.cpu=40m,limits.ephemeral-storage=16Mi,limits.memory=64Mi"),
            AgentResources.parseGuaranteed("limits.cpu=25m,limits.memory=64Mi"));

    private static final String REQUESTS = "requests";
    private static final String LIMITS = "limits";

    /** Reads it; mistakes stay with {@code env} until it is checked. */
    static AgentRequirements read(EnvConfig env) {
        return new AgentRequirements(
                env.value("AGENT_RESOURCES", DEFAULT.usual, AgentResources::parse),
                env.value("AGENT_GUARANTEED_RESOURCES", DEFAULT.guaranteed, AgentResources::parseGuaranteed));
    }

    /**
     * What the agent of a pod asks for. In a pod with resources of its own (pod-level, Kubernetes 1.34), which bound the
     * agent too, that is what the pod's annotations say and nothing else.
     *
     * @param refusals takes the mistakes in these annotations
     */
    AgentResources of(Keys keys, PodTree pod, List<String> refusals) {
        boolean hasOwn = hasOwnResources(pod);
        boolean isGuaranteed = !hasOwn && isGuaranteed(pod);
        Map<String, Quantity> requests = hasOwn ? new TreeMap<>() : usual(pod, REQUESTS);
        Map<String, Quantity> limits = hasOwn ? new TreeMap<>() : usual(pod, LIMITS);
        if (isGuaranteed) {
            requests.putAll(guaranteed.requests());
            limits.putAll(guaranteed.limits());
        }
        AgentAnnotations annotated = AgentAnnotations.read(keys, pod, isGuaranteed, refusals);
        requests.putAll(annotated.requests());
        limits.putAll(annotated.limits());
        annotated
                .limits()
                .forEach((name, most) ->
                        requests.computeIfPresent(name, (same, asked) -> asked.compareTo(most) > 0 ? most : asked));
        requests.forEach((name, asked) ->
                limits.computeIfPresent(name, (same, most) -> asked.compareTo(most) > 0 ? asked : most));
        return new AgentResources(requests, limits);
    }

    /**
     * Warns of resources that every other container of the pod has and the agent has not, because a quota may demand
     * them.
     */
    static Stream<String> warnings(PodTree pod, AgentResources agent) {
        if (hasOwnResources(pod)) {
            return Stream.empty();
        }
        return Stream.of(REQUESTS, LIMITS)
                .flatMap(kind -> AgentResources.NAMES.stream()
                        .filter(name -> !of(kind, agent).containsKey(name) && areStated(pod, kind, name))
                        .map(name -> ("the agent has no resources.%s.%s, but every other container of the pod has: if"
                                        + " a ResourceQuota or LimitRange demands it, set the chart's value"
                                        + " agent.resources.%s.%s")
                                .formatted(kind, name, kind, name)));
    }

    private static boolean hasOwnResources(PodTree pod) {
        return !pod.spec().path("resources").isEmpty();
    }

    private Map<String, Quantity> usual(PodTree pod, String kind) {
        Map<String, Quantity> stated = new TreeMap<>(of(kind, usual));
        stated.keySet().removeIf(name -> isOnlyOnDemand(kind, name) && !areStated(pod, kind, name));
        return stated;
    }

    private static boolean isOnlyOnDemand(String kind, String name) {
        return name.equals(AgentResources.EPHEMERAL_STORAGE)
                || (name.equals(AgentResources.CPU) && kind.equals(LIMITS));
    }

    private static Map<String, Quantity> of(String kind, AgentResources resources) {
        return kind.equals(REQUESTS) ? resources.requests() : resources.limits();
    }

    private static boolean areStated(PodTree pod, String kind, String name) {
        return pod.apps().allMatch(container -> quantity(container, kind, name).isPresent());
    }

    /** Each limits both and requests the same amount, agents aside; the API server has filled in absent requests. */
    private static boolean isGuaranteed(PodTree pod) {
        return pod.apps()
                .allMatch(container ->
                        isGuaranteed(container, AgentResources.CPU) && isGuaranteed(container, AgentResources.MEMORY));
    }

    private static boolean isGuaranteed(JsonNode container, String name) {
        Optional<Quantity> limit = quantity(container, LIMITS, name);
        return limit.isPresent()
                && quantity(container, REQUESTS, name).or(() -> limit).equals(limit);
    }

    /** Empty where there is none, and for what is none: the API server lets no such pod in. */
    private static Optional<Quantity> quantity(JsonNode container, String kind, String name) {
        JsonNode text = container.path("resources").path(kind).path(name);
        try {
            return Shape.isNothing(text) ? Optional.empty() : Optional.of(Quantity.parse(text.asText()));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }
}
