package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import java.util.List;

/**
 * Settings of the operator for all networks.
 *
 * @param dev the underlay device of those that name none
 * @param port the UDP port of those that name none
 * @param reserved what no address, subnet or route may overlap: pods, Services and nodes of the cluster
 * @param podsChooseId whether a pod may set another {@code id} than its network has
 * @param anyMac whether a MAC may be chosen that is not locally administered
 */
public record Defaults(IfName dev, Port port, List<Cidr> reserved, boolean podsChooseId, boolean anyMac) {
    public Defaults {
        reserved = List.copyOf(reserved);
    }

    /** Nothing reserved, pods can't choose the id, and MACs are locally administered. */
    public Defaults(IfName dev, Port port) {
        this(dev, port, List.of(), false, false);
    }
}
