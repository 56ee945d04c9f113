package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.controller.pod.PodRef;

/**
 * One address that a name leads to.
 *
 * @param address an overlay address
 * @param hostname the name before the Service's; empty for none
 * @param node where the pod runs
 * @param pod whose address it is
 * @param conditions of the pod, as an EndpointSlice has them
 */
public record Endpoint(String address, String hostname, String node, PodRef pod, Conditions conditions) {
    /**
     * Whether the address is of use.
     *
     * @param serving whether the pod is ready; one that is not is here only where the Service wants such pods
     * @param ends whether the pod is on its way to deletion; likewise
     */
    public record Conditions(boolean serving, boolean ends) {}

    public boolean serving() {
        return conditions.serving();
    }

    public boolean ends() {
        return conditions.ends();
    }

    /** What stays the same as long as it is the same address of the same pod. */
    String key() {
        return pod.uid() + " " + address;
    }
}
