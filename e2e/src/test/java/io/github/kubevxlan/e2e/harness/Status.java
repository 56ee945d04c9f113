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
