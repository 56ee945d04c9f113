package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Numbers;
import java.util.regex.Pattern;

/** Reads the texts of those options whose values are no types of their own. */
final class OptionTexts {
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private OptionTexts() {}

    static boolean bool(String text) {
        require(text.equals("true") || text.equals("false"), text, "true or false");
        return text.equals("true");
    }

    static int metric(String text) {
        return Numbers.parse(text, 1, Integer.MAX_VALUE, "a metric, 1 to 2147483647");
    }

    static InterfaceAddress hostAddress(String text) {
        InterfaceAddress parsed = InterfaceAddress.parse(text);
        unicast(parsed.address(), text);
        require(!text.startsWith("255.255.255.255/"), text, "the address of a host: not the limited broadcast address");
        boolean isOfNetwork = !parsed.address().isIpv6()
                && parsed.network()
                        .hosts()
                        .filter(hosts -> !hosts.contains(parsed.address()))
                        .isPresent();
        require(
                !isOfNetwork,
                text,
                "the address of a host: not that of the network itself and not its broadcast address");
        boolean isMapped =
                parsed.address().isIpv6() && parsed.address().value().toIPv6().isIPv4Mapped();
        require(!isMapped, text, "an address of its own family: not IPv4 written as IPv6");
        return parsed;
    }

    private static IpAddr unicast(IpAddr address, String text) {
        boolean unusable = address.value().isMulticast()
                || address.value().isZero()
                || address.value().isLoopback();
        require(!unusable, text, "the address of a host: not 0.0.0.0 or ::, not multicast, not loopback");
        return address;
    }

    /** What stands behind zeros, mapped IPv4 for one, iproute2 prints in a way of its own. */
    static IpAddr peer(String text) {
        IpAddr address = unicast(IpAddr.parse(text), text);
        boolean unusable = address.value().isLinkLocal()
                || (address.isIpv6() && address.toString().startsWith("::"));
        require(!unusable, text, "the address of a VTEP: not link-local, not IPv6 that begins with ::");
        return address;
    }

    static String namespace(String text) {
        require(NAMESPACE.matcher(text).matches(), text, "names of namespaces with ; between them");
        return text;
    }

    static void require(boolean isAllowed, String found, String allowed) {
        if (!isAllowed) {
            throw new InvalidValueException(found, allowed);
        }
    }
}
