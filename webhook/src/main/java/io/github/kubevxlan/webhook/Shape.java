package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Checks that JSON has the shape it should have; absent and null are an empty list or map, as in Kubernetes. */
final class Shape {
    private Shape() {}

    static void object(JsonNode node, String where) throws MalformedReviewException {
        if (!node.isObject()) {
            throw unlike(node, where, "an object");
        }
    }

    static void objects(JsonNode node, String where) throws MalformedReviewException {
        if (!node.isArray() && !isNothing(node)) {
            throw unlike(node, where, "a list of objects");
        }
        for (JsonNode each : node) {
            object(each, where + "[]");
        }
    }

    static void strings(JsonNode node, String where) throws MalformedReviewException {
        if (!node.isObject() && !isNothing(node)) {
            throw unlike(node, where, "an object of strings");
        }
        for (JsonNode each : node) {
            if (!each.isTextual()) {
                throw unlike(each, where + ".*", "a string");
            }
        }
    }

    /** The members of an object of strings, in order of their keys. */
    static Map<String, String> strings(JsonNode object) {
        Map<String, String> result = new TreeMap<>();
        object.properties()
                .forEach(entry -> result.put(entry.getKey(), entry.getValue().asText()));
        return result;
    }

    /** Tells whether there is nothing there. */
    static boolean isNothing(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static MalformedReviewException unlike(JsonNode node, String where, String allowed) {
        String found =
                node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
        return new MalformedReviewException(where, found, allowed);
    }
}
