package io.github.kubevxlan.webhook;

import static io.github.kubevxlan.webhook.AgentResources.CPU;
import static io.github.kubevxlan.webhook.AgentResources.MEMORY;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pod's annotations say about its agent's resources, by resource name; only what they say.
 *
 * @param requests none above its limit
 */
record AgentAnnotations(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    /**
     * Reads them.
     *
     * @param isGuaranteed whether the pod is Guaranteed otherwise: a request or a limit then stands for both
     * @param refusals takes the mistakes
     */
    static AgentAnnotations read(Keys keys, PodTree pod, boolean isGuaranteed, List<String> refusals) {
        Map<String, String> annotations = pod.annotations();
        AgentAnnotations read = new AgentAnnotations(new TreeMap<>(), new TreeMap<>());
        for (String name : List.of(CPU, MEMORY)) {
            String requestKey = keys.agentRequest(name);
            String limitKey = keys.agentLimit(name);
            put(read.requests, name, annotations, requestKey, refusals);
            put(read.limits, name, annotations, limitKey, refusals);
            if (isGuaranteed && read.limits.containsKey(name)) {
                read.requests.putIfAbsent(name, read.limits.get(name));
            } else if (isGuaranteed && read.requests.containsKey(name)) {
                read.limits.put(name, read.requests.get(name));
            }
            if (read.limits.containsKey(name) && read.requests.containsKey(name)) {
                int order = read.requests.get(name).compareTo(read.limits.get(name));
                String limit = "annotation " + limitKey + ", which is " + annotations.get(limitKey);
                if (isGuaranteed && order != 0) {
                    refuse(
                            annotations,
                            requestKey,
                            "the same as " + limit + ", because the pod is Guaranteed",
                            refusals);
                } else if (order > 0) {
                    refuse(annotations, requestKey, "at most " + limit, refusals);
                }
            }
        }
        return read;
    }

    private static void put(
            Map<String, Quantity> into,
            String name,
            Map<String, String> annotations,
            String key,
            List<String> refusals) {
        if (annotations.containsKey(key)) {
            try {
                into.put(name, Quantity.parse(annotations.get(key)));
            } catch (InvalidValueException e) {
                refuse(annotations, key, e.allowed(), refusals);
            }
        }
    }

    private static void refuse(Map<String, String> annotations, String key, String allowed, List<String> refusals) {
        String found = annotations.getOrDefault(key, "");
        refusals.add(new Problem("annotation " + key, 1, 1, found, allowed).toString());
    }
}
