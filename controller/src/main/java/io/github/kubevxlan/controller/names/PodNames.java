package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.List;
import java.util.Map;

/**
 * What a pod's names are made of.
 *
 * @param ref the pod
 * @param node where it runs
 * @param hostname as its spec has it, which a StatefulSet sets; empty if it has none
 * @param labels all of its labels
 * @param ready its condition {@code Ready}
 * @param ends whether it is on its way to deletion
 * @param networks as they are written on it
 */
public record PodNames(
        PodRef ref,
        String node,
        String hostname,
        Map<String, String> labels,
        boolean ready,
        boolean ends,
        List<NetworkStatus> networks) {
    public PodNames {
        labels = Map.copyOf(labels);
        networks = List.copyOf(networks);
    }
}
