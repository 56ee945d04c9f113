package io.github.kubevxlan.common.net;

/**
 * A route through a gateway on the overlay, as {@code SUBNET:GATEWAY} or {@code [v6subnet]:[v6gateway]}.
 *
 * @param destination where it leads
 * @param gateway the next hop, of the destination's family
 */
public record Route(Cidr destination, IpAddr gateway) implements Comparable<Route> {
    public static final String ALLOWED = "SUBNET:GATEWAY of one family, as 192.168.12.0/29:192.168.11.1 or"
            + " [fd00:12::/64]:[fd00:11::1]; SUBNET may be 0.0.0.0/0 or [::/0] in the ConfigMap";

    public Route {
        if (destination.network().isIpv6() != gateway.isIpv6()) {
            throw new InvalidValueException(text(destination, gateway), ALLOWED);
        }
    }

    /** Parses the notation above; throws {@link InvalidValueException} for anything else. */
    public static Route parse(String text) {
        try {
            if (text.startsWith("[") && text.endsWith("]")) {
                int middle = text.indexOf("]:[");
                if (middle > 0) {
                    return new Route(
                            Cidr.parse(text.substring(1, middle)),
                            IpAddr.parse(text.substring(middle + 3, text.length() - 1)));
                }
            }
            int colon = text.indexOf(':');
            if (colon > 0) {
                return new Route(Cidr.parse(text.substring(0, colon)), IpAddr.parse(text.substring(colon + 1)));
            }
        } catch (InvalidValueException e) {
            throw new InvalidValueException(
                    text, e.allowed().equals(Cidr.ALLOWED) ? ALLOWED + "; no host bits" : ALLOWED);
        }
        throw new InvalidValueException(text, ALLOWED);
    }

    @Override
    public int compareTo(Route other) {
        int byDestination = destination.compareTo(other.destination);
        return byDestination != 0 ? byDestination : gateway.compareTo(other.gateway);
    }

    @Override
    public String toString() {
        return text(destination, gateway);
    }

    private static String text(Cidr destination, IpAddr gateway) {
        return destination.network().isIpv6() ? "[" + destination + "]:[" + gateway + "]" : destination + ":" + gateway;
    }
}
