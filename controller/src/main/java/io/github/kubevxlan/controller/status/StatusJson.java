package io.github.kubevxlan.controller.status;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The text of the annotation {@code P/status}: a JSON list, an object for each network, with the fields {@code name},
 * {@code interface}, {@code ips}, {@code mac} and {@code mtu} of the NPWG network-status standard, and {@code vni},
 * {@code agent}, {@code state}, {@code message} and {@code uid}, the pod's. A field without a value is left out.
 */
public final class StatusJson {
    private static final int MOST_TEXT = 128 * 1024;
    private static final int MOST_DEPTH = 3;
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private StatusJson() {}

    /** Prints it, the same text for the same networks. */
    public static String print(List<NetworkStatus> networks, String uid) {
        ArrayNode list = MAPPER.createArrayNode();
        networks.forEach(network -> print(network, uid, list.addObject()));
        return list.toString();
    }

    /**
     * Reads it. What is written there may be anybody's: a text that is not what {@link #print} makes, fields that it
     * does not know aside, tells nothing, nor does what was written for another pod.
     *
     * @param uid the pod's
     */
    public static List<NetworkStatus> read(String text, String uid) {
        if (text.length() > MOST_TEXT) {
            return List.of();
        }
        try {
            List<NetworkStatus> networks = new ArrayList<>();
            for (JsonNode node : of(MAPPER.readTree(text), JsonNode::isArray)) {
                if (!string(node, "uid").equals(uid)) {
                    return List.of();
                }
                networks.add(read(node));
            }
            return networks;
        } catch (JacksonException | InvalidValueException e) {
            return List.of();
        }
    }

    private static void print(NetworkStatus network, String uid, ObjectNode object) {
        object.put("name", network.name());
        network.ifName().ifPresent(ifName -> object.put("interface", ifName.value()));
        if (!network.ips().isEmpty()) {
            ArrayNode ips = object.putArray("ips");
            network.ips().forEach(ip -> ips.add(ip.toString()));
        }
        network.mac().ifPresent(mac -> object.put("mac", mac.value()));
        network.mtu().ifPresent(mtu -> object.put("mtu", mtu));
        network.vni().ifPresent(vni -> object.put("vni", vni.value()));
        network.link().agent().ifPresent(agent -> object.put("agent", agent));
        object.put("state", word(network.state()));
        if (!network.message().isEmpty()) {
            object.put("message", network.message());
        }
        object.put("uid", uid);
    }

    private static NetworkStatus read(JsonNode node) {
        List<IpAddr> ips = new ArrayList<>();
        if (node.has("ips")) {
            of(node.get("ips"), JsonNode::isArray)
                    .forEach(ip ->
                            ips.add(IpAddr.parse(of(ip, JsonNode::isTextual).textValue())));
        }
        String ifName = string(node, "interface");
        String mac = string(node, "mac");
        OptionalInt vni = number(node, "vni");
        return new NetworkStatus(
                string(node, "name"),
                state(string(node, "state")),
                vni.isPresent() ? Optional.of(new Vni(vni.getAsInt())) : Optional.empty(),
                new NetworkStatus.Link(
                        ifName.isEmpty() ? Optional.empty() : Optional.of(new IfName(ifName)),
                        ips,
                        mac.isEmpty() ? Optional.empty() : Optional.of(new Mac(mac)),
                        number(node, "mtu"),
                        Optional.of(string(node, "agent")).filter(agent -> !agent.isEmpty())),
                string(node, "message"));
    }

    private static String string(JsonNode node, String field) {
        return node.has(field) ? of(node.get(field), JsonNode::isTextual).textValue() : "";
    }

    private static OptionalInt number(JsonNode node, String field) {
        return node.has(field)
                ? OptionalInt.of(of(node.get(field), JsonNode::isInt).intValue())
                : OptionalInt.empty();
    }

    private interface Kind {
        boolean fits(JsonNode node);
    }

    private static JsonNode of(JsonNode node, Kind kind) {
        if (!kind.fits(node)) {
            throw new InvalidValueException(node.getNodeType().toString(), "another kind of value");
        }
        return node;
    }

    private static State state(String word) {
        return Arrays.stream(State.values())
                .filter(state -> word(state).equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(word, "a state"));
    }

    private static String word(State state) {
        return switch (state) {
            case CLAIMED -> "Claimed";
            case READY -> "Ready";
            case DEGRADED -> "Degraded";
            case PENDING -> "Pending";
            case UNAVAILABLE -> "Unavailable";
        };
    }
}
