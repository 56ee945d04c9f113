package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Segment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network device as the agent reports it. Names are the kernel's, which allows more than we do.
 *
 * @param name the device's name
 * @param ifindex the kernel's index
 * @param alias the ifalias; empty if none
 * @param mac its Ethernet address; empty if it has none
 * @param up whether it is administratively up
 * @param mtu in bytes
 * @param vxlan what makes it a VXLAN link; empty for other kinds
 * @param addresses in the kernel's order
 */
public record ObservedLink(
        String name,
        int ifindex,
        String alias,
        Optional<Mac> mac,
        boolean up,
        int mtu,
        Optional<Vxlan> vxlan,
        List<ObservedAddress> addresses) {
    public ObservedLink {
        addresses = List.copyOf(addresses);
    }

    /**
     * What only a VXLAN link has.
     *
     * @param segment VNI and UDP port
     * @param local the source address; empty if none is set
     * @param dev the underlay device's name; empty if none is set
     * @param attributes those that the agent reports; it can't set others, which it is too old to know
     */
    public record Vxlan(Segment segment, Optional<IpAddr> local, String dev, Map<LinkAttribute, Integer> attributes) {
        public Vxlan {
            attributes = Map.copyOf(attributes);
        }

        /** An attribute; the kernel's default if it is not reported. */
        public int attribute(LinkAttribute attribute) {
            return attributes.getOrDefault(attribute, attribute.kernelDefault());
        }
    }

    /**
     * An address on a device.
     *
     * @param address with its prefix length
     * @param owned whether it carries our mark
     */
    public record ObservedAddress(InterfaceAddress address, boolean owned) {}

    /** Whether the device holds the address, ours or not. */
    public boolean has(InterfaceAddress address) {
        return addresses.stream().anyMatch(observed -> observed.address().equals(address));
    }
}
