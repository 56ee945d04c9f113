package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Applies a JSON Patch document as RFC 6902 says and no more kindly: parents have to be there, what is removed too.
 * Written from the RFC, not from what the webhook makes.
 */
final class StrictPatch {
    private StrictPatch() {}

    /** Gives the patched copy; throws IllegalArgumentException where the RFC asks for an error. */
    static JsonNode apply(JsonNode document, JsonNode patch) {
        JsonNode result = document.deepCopy();
        for (JsonNode op : patch) {
            JsonPointer path = JsonPointer.compile(op.required("path").textValue());
            JsonNode parent = result.at(path.head());
            String last = path.last().getMatchingProperty();
            switch (op.required("op").textValue()) {
                case "add" -> add(parent, last, op.required("value"), path);
                case "remove" -> remove(parent, last, path);
                default -> throw new IllegalArgumentException("op of " + op);
            }
        }
        return result;
    }

    private static void add(JsonNode parent, String last, JsonNode value, JsonPointer path) {
        switch (parent) {
            case ObjectNode object -> object.set(last, value.deepCopy());
            case ArrayNode array ->
                array.insert(last.equals("-") ? array.size() : index(last, array.size(), path), value);
            default -> throw new IllegalArgumentException("no list or object to add to: " + path);
        }
    }

    private static void remove(JsonNode parent, String last, JsonPointer path) {
        boolean isThere = switch (parent) {
            case ObjectNode object -> object.remove(last) != null;
            case ArrayNode array -> array.remove(index(last, array.size() - 1, path)) != null;
            default -> false;
        };
        if (!isThere) {
            throw new IllegalArgumentException("nothing to remove: " + path);
        }
    }

    private static int index(String text, int most, JsonPointer path) {
        if (!text.matches("0|[1-9][0-9]*") || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("no such index: " + path);
        }
        return Integer.parseInt(text);
    }
}
