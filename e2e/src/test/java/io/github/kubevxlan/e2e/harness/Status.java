package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the controller writes back on a pod: the annotation {@code P/status} and the condition {@code P/ready}. */
public final class Status {
    /** The annotation's key. */
    public static final String KEY = Cluster.PREFIX + "/status";

    /** The condition's type, the readiness gate's too. */
    public static final String READY = Cluster.PREFIX + "/ready";

    private Status() {}

    /** The networks as told, each a JSON object; empty if nothing is told. */
    public static List<Map<String, Object>> of(Pod pod) {
        KubernetesSerialization json = Cluster.client().getKubernetesSerialization();
        String text = Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(KEY))
                .orElse("[]");
        Holder holder = json.unmarshal("{\"networks\":" + text + "}", Holder.class);
        return holder.networks;
    }

    /** Waits until the pod's status is just this. */
    public static void await(Pod pod, List<Map<String, Object>> networks) {
        Await.until("the status of pod " + pod.getMetadata().getName() + " is " + networks, () -> {
            List<Map<String, Object>> now = of(Cluster.client().resource(pod).get());
            return now.equals(networks) ? Optional.empty() : Optional.of(now.toString());
        });
    }

    /** The status of the condition {@code P/ready} and since when; {@code none} if the pod has none. */
    public static String ready(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(READY))
                .map(condition -> condition.getStatus() + " since " + condition.getLastTransitionTime())
                .findFirst()
                .orElse("none");
    }

    /** Waits until the condition {@code P/ready} is true, or false. */
    public static void awaitReady(Pod pod, boolean holds) {
        Await.until("the condition " + READY + " of pod " + pod.getMetadata().getName() + " is " + holds, () -> {
            String now = ready(Cluster.client().resource(pod).get());
            return now.startsWith(holds ? "True" : "False") ? Optional.empty() : Optional.of(now);
        });
    }

    /** Waits until the pod's networks are in just these states, by name. */
    public static void awaitStates(Pod pod, Map<String, String> states) {
        Await.until("the networks of pod " + pod.getMetadata().getName() + " are " + states, () -> {
            Map<Object, Object> now = of(Cluster.client().resource(pod).get()).stream()
                    .collect(Collectors.toMap(one -> one.get("name"), one -> one.get("state")));
            return now.equals(states) ? Optional.empty() : Optional.of(now.toString());
        });
    }

    /** JSON that is an object. */
    public static final class Holder {
        public List<Map<String, Object>> networks = List.of();
    }
}
