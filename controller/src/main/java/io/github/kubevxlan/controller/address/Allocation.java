package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import java.util.List;

/**
 * The addresses that a pod may have in one network.
 *
 * @param addresses for its interface: first those that its owner chose, in order
 * @param claims those of them in the network's subnets, which nobody else may have
 * @param refusals why it can't have another, a clause each; empty if it has all
 * @param notApplied why it has one of before an edit instead of another, a clause each
 */
public record Allocation(
        List<InterfaceAddress> addresses, List<IpAddr> claims, List<String> refusals, List<String> notApplied) {
    static final Allocation NOTHING = new Allocation(List.of(), List.of(), List.of(), List.of());

    public Allocation {
        addresses = List.copyOf(addresses);
        claims = List.copyOf(claims);
        refusals = List.copyOf(refusals);
        notApplied = List.copyOf(notApplied);
    }

    /** Whether it is as the network is defined. */
    boolean isWhole() {
        return refusals.isEmpty() && notApplied.isEmpty();
    }
}
