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
 * @param byHand addresses that are declared for it
 * @param pools those to give it an address each, some of the network's
 * @param avoided gateways of its own routes, which are its own addresses only where they are reserved for it
 * @param written what is written on it as its addresses, the first of a pool that of the pool
 */
public record AddressRequest(Claimant pod, ByHand byHand, List<Pool> pools, Set<IpAddr> avoided, List<IpAddr> written) {
    public AddressRequest {
        pools = List.copyOf(pools);
        avoided = Set.copyOf(avoided);
        written = List.copyOf(written);
    }

    /**
     * Addresses that are declared for a pod.
     *
     * @param addresses in order
     * @param shares whether it may have one outside of the subnets that another pod has
     */
    public record ByHand(List<InterfaceAddress> addresses, boolean shares) {
        static final ByHand NOTHING = new ByHand(List.of(), false);

        public ByHand {
            addresses = List.copyOf(addresses);
        }
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
