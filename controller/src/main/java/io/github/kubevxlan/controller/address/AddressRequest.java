package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Pool;
import java.util.List;
import java.util.Set;

/**
 * A pod that wants addresses in one network.
 *
 * @param pod the pod
 * @param byHand addresses that its owner chose, in order
 * @param pools those to give it an address each, some of the network's
 * @param avoided gateways of its own routes, which are never its own addresses
 * @param written what is written on it as its addresses, the first of a pool that of the pool
 */
public record AddressRequest(
        Claimant pod, List<InterfaceAddress> byHand, List<Pool> pools, Set<IpAddr> avoided, List<IpAddr> written) {
    public AddressRequest {
        byHand = List.copyOf(byHand);
        pools = List.copyOf(pools);
        avoided = Set.copyOf(avoided);
        written = List.copyOf(written);
    }

    /** The pod's UID. */
    String uid() {
        return pod.uid();
    }

    /** The pod's name. */
    String name() {
        return pod.name();
    }
}
