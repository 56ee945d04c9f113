package io.github.kubevxlan.controller.registry;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Macs;
import java.util.List;
import java.util.stream.Stream;

/**
 * What port security lets a member send.
 *
 * @param isChecked whether its network has port security
 * @param isExempt whether it may send anything
 * @param ips its addresses in the network
 */
record Senders(boolean isChecked, boolean isExempt, List<IpAddr> ips) {
    private static final Senders ANYTHING = new Senders(false, false, List.of());

    Senders {
        ips = List.copyOf(ips);
    }

    static Senders of(Security mode, boolean exempt, Network network) {
        return mode == Security.OFF
                ? ANYTHING
                : new Senders(
                        true,
                        exempt,
                        exempt
                                ? List.of()
                                : network.addresses().stream()
                                        .map(InterfaceAddress::address)
                                        .distinct()
                                        .toList());
    }

    /** Its MAC, its addresses, and the link-local one that the kernel makes of the MAC. */
    Stream<Entry> entries(Filter filter, IpAddr vtep, Mac mac) {
        if (!isChecked) {
            return Stream.empty();
        }
        return isExempt
                ? Stream.of(new Entry.Exempt(filter, vtep))
                : Stream.concat(
                        Stream.of(new Entry.SenderMac(filter, vtep, mac)),
                        Stream.concat(ips.stream(), Stream.of(Macs.linkLocal(mac)))
                                .map(ip -> new Entry.SenderIp(filter, vtep, ip)));
    }
}
