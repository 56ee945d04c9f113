package io.github.kubevxlan.common.net;

import java.util.Optional;

/**
 * A route over the overlay through a gateway, as {@code SUBNET:GATEWAY} or {@code [v6subnet]:[v6gateway]}, or one of IPv4
 * multicast, as {@code SUBNET}, which has no gateway. A subnet without a prefix length is one host.
 *
 * @param destination where it leads
 * @param gateway the next hop, of the destination's family; empty for multicast alone
 */
public record Route(Cidr destination, Optional<IpAddr> gateway) {
    public static final String ALLOWED = "SUBNET:GATEWAY of one family, such as 192.168.12.0/29:192.168.11.1 or"
            + " [fd00:12::/64]:[fd00:11::1]; SUBNET may be 0.0.0.0/0 or [::/0] in the ConfigMap, and 224.0.0.0/4 or a"
            + " part of it without a gateway";

    private static final String MULTICAST =
            "an IPv4 multicast SUBNET without a gateway, such as 224.0.0.0/4; IPv6 multicast"
                    + " needs no route, because the app names the interface";

    public Route {
        boolean ipv6 = destination.network().isIpv6();
        boolean multicast = destination.network().value().isMulticast();
        if (multicast && (ipv6 || gateway.isPresent())) {
            throw new InvalidValueException(text(destination, gateway), MULTICAST);
        }
        if (gateway.map(via -> via.isIpv6() != ipv6).orElse(!multicast)) {
            throw new InvalidValueException(text(destination, gateway), ALLOWED);
        }
    }

    /** Parses the notation above; throws {@link InvalidValueException} for anything else. */
    public static Route parse(String text) {
        try {
            boolean bracketed = text.startsWith("[") && text.endsWith("]");
            String plain = bracketed ? text.substring(1, text.length() - 1) : text;
            String between = bracketed ? "]:[" : ":";
            int middle = plain.indexOf(between);
            return middle < 0
                    ? new Route(destination(plain), Optional.empty())
                    : new Route(
                            destination(plain.substring(0, middle)),
                            Optional.of(IpAddr.parse(plain.substring(middle + between.length()))));
        } catch (InvalidValueException e) {
            String allowed = e.allowed().equals(MULTICAST) ? MULTICAST : ALLOWED;
            throw new InvalidValueException(
                    text, e.allowed().equals(Cidr.ALLOWED) ? ALLOWED + "; no host bits" : allowed);
        }
    }

    private static Cidr destination(String text) {
        if (text.contains("/")) {
            return Cidr.parse(text);
        }
        IpAddr host = IpAddr.parse(text);
        return new Cidr(host, host.bits());
    }

    @Override
    public String toString() {
        return text(destination, gateway);
    }

    private static String text(Cidr destination, Optional<IpAddr> gateway) {
        return destination.network().isIpv6()
                ? "[" + destination + "]" + gateway.map(via -> ":[" + via + "]").orElse("")
                : destination + gateway.map(via -> ":" + via).orElse("");
    }
}
