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
 * A network device as the agent reports it. Names are the kernel's, which allows more than we do; what can't be shown of
 * them is replaced.
 *
 * @param identity what tells it from others
 * @param attributes what every device has
 * @param vxlan what makes it a VXLAN link; empty for other kinds
 * @param addresses in the kernel's order
 */
public record ObservedLink(
        Identity identity, Attributes attributes, Optional<Vxlan> vxlan, List<ObservedAddress> addresses) {
    public ObservedLink {
        addresses = List.copyOf(addresses);
    }

    /**
     * What tells a device from others.
     *
     * @param name the device's name
     * @param ifindex the kernel's index
     * @param alias the ifalias; empty if none
     */
    public record Identity(String name, int ifindex, String alias) {
        public Identity {
            name = ShownText.name(name);
            alias = ShownText.alias(alias);
        }
    }

    /**
     * What a device of any kind has.
     *
     * @param mac its Ethernet address; empty if it has none
     * @param up whether it is administratively up
     * @param mtu in bytes
     */
    public record Attributes(Optional<Mac> mac, boolean up, int mtu) {}

    /**
     * What only a VXLAN link has.
     *
     * @param segment VNI and UDP port
     * @param local the source address; empty if none is set
     * @param dev the underlay device's name; empty if none is set
     * @param attributes those that the agent reports; it can't set others, which it is too old to know
     * @param qdisc at its root
     */
    public record Vxlan(
            Segment segment,
            Optional<IpAddr> local,
            String dev,
            Map<LinkAttribute, Integer> attributes,
            ObservedQdisc qdisc) {
        public Vxlan {
            dev = ShownText.name(dev);
            attributes = Map.copyOf(attributes);
        }

        /** One without a qdisc. */
        public Vxlan(Segment segment, Optional<IpAddr> local, String dev, Map<LinkAttribute, Integer> attributes) {
            this(segment, local, dev, attributes, new ObservedQdisc.None());
        }

        /** The same with another qdisc. */
        public Vxlan with(ObservedQdisc other) {
            return new Vxlan(segment, local, dev, attributes, other);
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

    public String name() {
        return identity.name();
    }

    public int ifindex() {
        return identity.ifindex();
    }

    public String alias() {
        return identity.alias();
    }

    public Optional<Mac> mac() {
        return attributes.mac();
    }

    public boolean up() {
        return attributes.up();
    }

    public int mtu() {
        return attributes.mtu();
    }

    /** Whether it has a qdisc that the agent has to be asked about. */
    public boolean hasUnreadQdisc() {
        return vxlan.filter(known -> known.qdisc() instanceof ObservedQdisc.Unread)
                .isPresent();
    }

    /** The same with another qdisc, if it is a VXLAN link. */
    public ObservedLink with(ObservedQdisc qdisc) {
        return new ObservedLink(identity, attributes, vxlan.map(known -> known.with(qdisc)), addresses);
    }

    /** Whether the device holds the address, ours or not. */
    public boolean has(InterfaceAddress address) {
        return addresses.stream().anyMatch(observed -> observed.address().equals(address));
    }
}
