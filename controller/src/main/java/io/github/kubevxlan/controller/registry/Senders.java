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
import java.util.Set;
import java.util.stream.Stream;

/**
 * What port security lets a member send.
 *
 * @param isChecked whether its network has port security
 * @param isExempt whether it may send anything
 * @param ips its addresses in the network
 * @param linkLocal the link-local ones that are declared for it alone
 */
record Senders(boolean isChecked, boolean isExempt, List<IpAddr> ips, List<IpAddr> linkLocal) {
    private static final Senders ANYTHING = new Senders(false, false, List.of(), List.of());
    private static final Senders EXEMPT = new Senders(true, true, List.of(), List.of());

    Senders {
        ips = List.copyOf(ips);
        linkLocal = List.copyOf(linkLocal);
    }

    /** Takes the network with the member's addresses, and those of them that are for the member alone. */
    static Senders of(boolean exempt, Network network, List<IpAddr> claims) {
        if (network.security().mode() == Security.OFF) {
            return ANYTHING;
        }
        return exempt
                ? EXEMPT
                : new Senders(
                        true,
                        false,
                        network.addresses().stream()
                                .map(InterfaceAddress::address)
                                .distinct()
                                .toList(),
                        claims.stream().filter(ip -> ip.value().isLinkLocal()).toList());
    }

    /** The same without some addresses. */
    Senders without(Set<IpAddr> taken) {
        return new Senders(
                isChecked,
                isExempt,
                ips.stream().filter(ip -> !taken.contains(ip)).toList(),
                linkLocal);
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
