package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.spec.Network;

/**
 * A VXLAN link as one pod should have it.
 *
 * @param network the network with the pod's own options
 * @param vteps all VTEPs of its segment, the pod's own among them
 */
public record DesiredLink(Network network, Vteps vteps) {
    /** The link's name in the pod. */
    public IfName name() {
        return network.ifName();
    }
}
