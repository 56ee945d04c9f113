package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Set;

/**
 * Reads a review as a tree, without what makes most of a large one and decides nothing: of these fields' objects and
 * lists only the empty object or list is there. What is left out is JSON all the same, or the review is refused.
 */
final class ReviewReader {
    private static final Set<String> UNREAD = Set.of("args", "env", "managedFields", "ownerReferences", "userInfo");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ReviewReader() {}

    /** Reads all there is: one value with nothing behind it. */
    static JsonNode read(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            return NODES.missingNode();
        }
        JsonNode review = value(parser);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "more behind the value", parser.currentTokenLocation());
        }
        return review;
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new JsonParseException(parser, "no value");
        };
    }

    private static ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            boolean isUnread = token.isStructStart() && UNREAD.contains(name);
            object.set(name, isUnread ? empty(parser) : value(parser));
        }
        return object;
    }

    private static JsonNode empty(JsonParser parser) throws IOException {
        JsonNode empty = parser.currentToken() == JsonToken.START_OBJECT ? NODES.objectNode() : NODES.arrayNode();
        parser.skipChildren();
        return empty;
    }

    private static ArrayNode array(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static JsonNode integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }
}
