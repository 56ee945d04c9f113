package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.IpRange;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Numbers;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Options in the making, and the texts of those values that are no types of their own. */
final class OptionsBuilder {
    private static final int MOST_VALUES = 256;
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    Optional<Vni> id = Optional.empty();
    Optional<IfName> name = Optional.empty();
    Optional<IfName> dev = Optional.empty();
    Optional<Boolean> up = Optional.empty();
    final Set<InterfaceAddress> ip = new LinkedHashSet<>();
    final Set<Cidr> subnet = new LinkedHashSet<>();
    final Set<IpRange> range = new LinkedHashSet<>();
    final Set<Route> route = new LinkedHashSet<>();
    Optional<Integer> metric = Optional.empty();
    Optional<Mtu> mtu = Optional.empty();
    final Map<LinkAttribute, Integer> attributes = new EnumMap<>(LinkAttribute.class);
    Optional<Port> dstport = Optional.empty();
    Optional<Family> family = Optional.empty();
    Optional<Forwarding> forwarding = Optional.empty();
    Optional<Advertisements> ra = Optional.empty();
    final Set<IpAddr> peer = new LinkedHashSet<>();
    final Set<String> namespaces = new LinkedHashSet<>();
    Optional<Boolean> isDefault = Optional.empty();

    /** Sets the family, or none. */
    OptionsBuilder with(Optional<Family> of) {
        family = of;
        return this;
    }

    Options build() {
        return new Options(
                id,
                name,
                dev,
                up,
                List.copyOf(ip),
                List.copyOf(subnet),
                List.copyOf(range),
                List.copyOf(route),
                metric,
                mtu,
                Map.copyOf(attributes),
                dstport,
                family,
                forwarding,
                ra,
                List.copyOf(peer),
                List.copyOf(namespaces),
                isDefault);
    }

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

    static <T> void add(Set<T> values, T value, String text) {
        require(values.add(value), text, "each value once");
        require(values.size() <= MOST_VALUES, text, "at most " + MOST_VALUES + " values");
    }

    static void require(boolean isAllowed, String found, String allowed) {
        if (!isAllowed) {
            throw new InvalidValueException(found, allowed);
        }
    }
}
