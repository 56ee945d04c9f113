package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Segment;
import java.util.OptionalInt;

/**
 * One change to a pod's network, in the kernel's terms. Repeating one that was done does no harm. Names of devices that
 * are taken away are {@link IfName} as well: only what carries our mark is ever touched, and we give no other names.
 */
public sealed interface NetOp {
    /** The link that is changed, by the name that it has then. */
    IfName link();

    /** {@code ip link del}. */
    record DelLink(IfName link) implements NetOp {}

    /** {@code ip link set name}; the link is taken down for it, as kernels before 6.2 want. */
    record Rename(IfName from, IfName to) implements NetOp {
        @Override
        public IfName link() {
            return to;
        }
    }

    /** {@code ip link add type vxlan}, with an MTU in octets. */
    record AddLink(IfName link, Mac mac, Segment segment, IpAddr local, IfName dev, int mtu) implements NetOp {}

    /** {@code ip link set alias}: the mark of ownership. */
    record SetAlias(IfName link, String alias) implements NetOp {}

    /** {@code ip link set type vxlan local dev}: what can change in place. */
    record SetUnderlay(IfName link, Segment segment, IpAddr local, IfName dev) implements NetOp {}

    /** {@code ip link set mtu}, in octets. */
    record SetMtu(IfName link, int mtu) implements NetOp {}

    /** {@code ip link set address}; the kernel drops the link's neighbour entries. */
    record SetMac(IfName link, Mac mac) implements NetOp {}

    /** {@code ip link set up} or {@code down}. */
    record SetUp(IfName link, boolean up) implements NetOp {}

    /** {@code ip addr del}. */
    record DelAddress(IfName link, InterfaceAddress address) implements NetOp {}

    /** {@code ip addr replace}. */
    record PutAddress(IfName link, InterfaceAddress address) implements NetOp {}

    /** {@code ip route del}, only with our protocol number. */
    record DelRoute(IfName link, Route route) implements NetOp {}

    /** {@code ip route add}: never replace, which would take another device's route away. */
    record AddRoute(IfName link, Route route, OptionalInt metric) implements NetOp {}

    /** {@code bridge fdb append} of an all-zero entry, {@code bridge fdb replace} or {@code ip neigh replace}. */
    record PutEntry(IfName link, Entry entry) implements NetOp {}

    /** {@code bridge fdb del} or {@code ip neigh del}. */
    record DelEntry(IfName link, Entry entry) implements NetOp {}
}
