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

/** Builds options from values as text, one at a time. */
final class OptionsBuilder {
    private static final int MOST_VALUES = 256;
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private Optional<Vni> id = Optional.empty();
    private Optional<IfName> name = Optional.empty();
    private Optional<IfName> dev = Optional.empty();
    private Optional<Boolean> up = Optional.empty();
    private final Set<InterfaceAddress> ip = new LinkedHashSet<>();
    private final Set<Cidr> subnet = new LinkedHashSet<>();
    private final Set<IpRange> range = new LinkedHashSet<>();
    private final Set<Route> route = new LinkedHashSet<>();
    private Optional<Integer> metric = Optional.empty();
    private Optional<Mtu> mtu = Optional.empty();
    private final Map<LinkAttribute, Integer> attributes = new EnumMap<>(LinkAttribute.class);
    private Optional<Port> dstport = Optional.empty();
    private Optional<Family> family = Optional.empty();
    private Optional<Forwarding> forwarding = Optional.empty();
    private Optional<Advertisements> ra = Optional.empty();
    private final Set<IpAddr> peer = new LinkedHashSet<>();
    private final Set<String> namespaces = new LinkedHashSet<>();
    private Optional<Boolean> isDefault = Optional.empty();

    /** Sets an option, or adds to a list; throws {@link InvalidValueException} if the text is no value of it. */
    void put(Option option, String text) {
        switch (option) {
            case ID -> id = Optional.of(Vni.parse(text));
            case NAME -> name = Optional.of(new IfName(text));
            case TYPE -> require(text.equals("vxlan"), text, "vxlan");
            case DEV -> dev = Optional.of(new IfName(text));
            case UP -> up = Optional.of(bool(text));
            case IP -> add(ip, hostAddress(text), text);
            case SUBNET -> add(subnet, AddressRules.subnet(text), text);
            case RANGE -> add(range, IpRange.parse(text), text);
            case ROUTE -> add(route, Route.parse(text), text);
            case METRIC -> metric = Optional.of(Numbers.parse(text, 1, Integer.MAX_VALUE, "a metric, 1 to 2147483647"));
            case MTU -> mtu = Optional.of(Mtu.parse(text));
            case TTL, TOS, LEARNING, CHECKSUM, TXQUEUELEN -> {
                LinkAttribute attribute = LinkAttribute.of(option);
                attributes.put(attribute, attribute.parse(text));
            }
            case DSTPORT -> dstport = Optional.of(Port.parse(text));
            case FAMILY -> family = Optional.of(Family.parse(text));
            case FORWARDING -> forwarding = Optional.of(Forwarding.parse(text));
            case RA -> ra = Optional.of(Advertisements.parse(text));
            case PEER -> add(peer, outside(unicast(IpAddr.parse(text), text), text), text);
            case NAMESPACES -> add(namespaces, namespace(text), text);
            case DEFAULT -> isDefault = Optional.of(bool(text));
        }
    }

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

    private static InterfaceAddress hostAddress(String text) {
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
    private static IpAddr outside(IpAddr address, String text) {
        boolean unusable = address.value().isLinkLocal()
                || (address.isIpv6() && address.toString().startsWith("::"));
        require(!unusable, text, "the address of a VTEP: not link-local, not IPv6 that begins with ::");
        return address;
    }

    private static String namespace(String text) {
        require(NAMESPACE.matcher(text).matches(), text, "names of namespaces with ; between them");
        return text;
    }

    private static <T> void add(Set<T> values, T value, String text) {
        require(values.add(value), text, "each value once");
        require(values.size() <= MOST_VALUES, text, "at most " + MOST_VALUES + " values");
    }

    private static void require(boolean isAllowed, String found, String allowed) {
        if (!isAllowed) {
            throw new InvalidValueException(found, allowed);
        }
    }
}
