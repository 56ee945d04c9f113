package io.github.kubevxlan.controller.agent.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Segment;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The attributes of a link as iproute2 takes and shows them. */
final class IpAttributes {
    private IpAttributes() {}

    /** What follows {@code link set dev NAME}; what every link has comes before what a VXLAN link has. */
    static String words(Segment segment, Map<LinkAttribute, Integer> attributes) {
        String any = words(attributes, attribute -> !isOfVxlan(attribute));
        String vxlan = words(attributes, IpAttributes::isOfVxlan);
        return any + (vxlan.isEmpty() ? "" : " type vxlan id " + segment.vni() + vxlan);
    }

    private static String words(Map<LinkAttribute, Integer> attributes, Predicate<LinkAttribute> which) {
        return new TreeMap<>(attributes)
                .entrySet().stream()
                        .filter(entry -> which.test(entry.getKey()))
                        .map(entry -> " " + words(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining());
    }

    /** One of them. iproute2 takes the TOS in hexadecimal digits alone. */
    static String words(LinkAttribute attribute, int value) {
        return switch (attribute) {
            case TTL -> "ttl " + value;
            case TOS -> "tos " + (value == 1 ? "inherit" : "0x" + Integer.toHexString(value));
            case LEARNING -> value == 1 ? "learning" : "nolearning";
            case CHECKSUM -> value == 1 ? "udpcsum" : "noudpcsum";
            case TXQUEUELEN -> "txqueuelen " + value;
        };
    }

    private static boolean isOfVxlan(LinkAttribute attribute) {
        return switch (attribute) {
            case TTL, TOS, LEARNING, CHECKSUM -> true;
            case TXQUEUELEN -> false;
        };
    }

    /**
     * Reads all of them.
     *
     * @param link what {@code ip -d -j} shows of it
     * @param data the {@code info_data} in it
     * @param ipv6 whether its packets go over IPv6
     */
    static Map<LinkAttribute, Integer> read(JsonNode link, JsonNode data, boolean ipv6) {
        Map<LinkAttribute, Integer> attributes = new EnumMap<>(LinkAttribute.class);
        for (LinkAttribute attribute : LinkAttribute.values()) {
            attributes.put(attribute, value(attribute, link, data, ipv6));
        }
        return attributes;
    }

    /** iproute2 writes the TOS in hexadecimal digits, and neither TOS nor queue length where they are 0. */
    private static int value(LinkAttribute attribute, JsonNode link, JsonNode data, boolean ipv6) {
        return switch (attribute) {
            case TTL -> data.path("ttl").asInt();
            case TOS -> hexadecimal(data.path("tos").asText("0x0"));
            case LEARNING -> flag(data.path("learning").asBoolean(true));
            case CHECKSUM ->
                flag(
                        ipv6
                                ? !data.path("udp_zero_csum6_tx").asBoolean()
                                : data.path("udp_csum").asBoolean(true));
            case TXQUEUELEN -> link.path("txqlen").asInt();
        };
    }

    private static int flag(boolean is) {
        return is ? 1 : 0;
    }

    private static int hexadecimal(String text) {
        try {
            return Integer.decode(text);
        } catch (NumberFormatException e) {
            throw new InvalidValueException(text, "a number in hexadecimal digits");
        }
    }
}
