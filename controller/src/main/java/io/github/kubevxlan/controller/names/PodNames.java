package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.List;
import java.util.Map;

/**
 * What a pod's names are made of.
 *
 * @param ref the pod
 * @param spec what its spec has
 * @param labels all of its labels
 * @param conditions whether it is of use
 * @param networks as they are written on it
 */
public record PodNames(
        PodRef ref, Spec spec, Map<String, String> labels, Conditions conditions, List<NetworkStatus> networks) {
    public PodNames {
        labels = Map.copyOf(labels);
        networks = List.copyOf(networks);
    }

    /**
     * What a name takes of the pod's spec.
     *
     * @param node where it runs
     * @param hostname which a StatefulSet sets; empty if it has none
     */
    public record Spec(String node, String hostname) {}

    /**
     * Whether a name may lead to the pod.
     *
     * @param ready its condition {@code Ready}
     * @param ends whether it is on its way to deletion
     */
    public record Conditions(boolean ready, boolean ends) {}

    public String node() {
        return spec.node();
    }

    public String hostname() {
        return spec.hostname();
    }

    public boolean ready() {
        return conditions.ready();
    }

    public boolean ends() {
        return conditions.ends();
    }
}
