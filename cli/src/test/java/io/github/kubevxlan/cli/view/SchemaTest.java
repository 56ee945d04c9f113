package io.github.kubevxlan.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.ping.PingView;
import io.github.kubevxlan.cli.state.Difference;
import java.io.IOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** docs/cli.schema.json says what {@code -o json} prints; descriptions in it are not compared. */
class SchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCHEMA = Path.of("../docs/cli.schema.json");
    private static final List<Class<?>> NAMED = List.of(
            NetworkView.class,
            PodView.class,
            PodNetworkView.class,
            PodInspection.class,
            MemberInspection.class,
            LinkView.class,
            LinkView.Side.class,
            LinkView.Packets.class,
            LinkView.Refused.class,
            Difference.class,
            EventView.class,
            Finding.class,
            PingView.class);
    private static final Map<String, Class<?>> KINDS = new LinkedHashMap<>(Map.of(
            "NetworkList", NetworkView.class,
            "PodList", PodView.class,
            "Findings", Finding.class,
            "Pings", PingView.class,
            "PodInspection", PodInspection.class,
            "NetworkInspection", MemberInspection.class));

    @Test
    void theSchemaHasTheFieldsThatArePrinted() throws IOException {
        Path made = Path.of("target/cli.schema.json");
        Files.writeString(made, Documents.json(schema()));

        assertEquals(
                JSON.readTree(made.toFile()),
                withoutDescriptions(JSON.readTree(SCHEMA.toFile())),
                "cli/" + made + " holds the fields that are printed");
    }

    private static ObjectNode schema() {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        ArrayNode kinds = schema.putArray("oneOf");
        KINDS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(kind -> {
            ObjectNode listing = object(kinds.addObject());
            ObjectNode properties = listing.putObject("properties");
            properties.putObject("apiVersion").put("const", Listing.VERSION);
            properties.putObject("kind").put("const", kind.getKey());
            array(properties.putObject("items")).put("$ref", reference(kind.getValue()));
            array(properties.putObject("notes")).put("type", "string");
            listing.putArray("required")
                    .add("apiVersion")
                    .add("kind")
                    .add("items")
                    .add("notes");
        });
        ObjectNode definitions = schema.putObject("$defs");
        NAMED.forEach(named -> describe(definitions.putObject(name(named)), named));
        return schema;
    }

    private static void describe(ObjectNode schema, Class<?> named) {
        object(schema);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        describe(properties, required, named);
    }

    private static void describe(ObjectNode properties, ArrayNode required, Class<?> named) {
        for (RecordComponent component : named.getRecordComponents()) {
            if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                describe(properties, required, component.getType());
                continue;
            }
            type(properties.putObject(component.getName()), component.getAnnotatedType(), component.getGenericType());
            required.add(component.getName());
        }
    }

    private static void type(ObjectNode schema, AnnotatedType annotated, Type type) {
        boolean mayBeNull = annotated.isAnnotationPresent(Nullable.class);
        if (type instanceof ParameterizedType list) {
            type(array(schema), annotated, list.getActualTypeArguments()[0]);
        } else if (type instanceof Class<?> known && known.isEnum()) {
            ArrayNode values = schema.put("type", "string").putArray("enum");
            Arrays.stream(known.getEnumConstants()).forEach(value -> values.add(value.toString()));
        } else if (type instanceof Class<?> known && known.isRecord()) {
            (mayBeNull ? schema.putArray("oneOf").addObject() : schema).put("$ref", reference(known));
            if (mayBeNull) {
                ((ArrayNode) schema.get("oneOf")).addObject().put("type", "null");
            }
        } else {
            String word = type == String.class ? "string" : type == boolean.class ? "boolean" : "integer";
            if (mayBeNull) {
                schema.putArray("type").add(word).add("null");
            } else {
                schema.put("type", word);
            }
        }
    }

    private static ObjectNode object(ObjectNode schema) {
        return schema.put("type", "object");
    }

    private static ObjectNode array(ObjectNode schema) {
        return schema.put("type", "array").putObject("items");
    }

    private static String reference(Class<?> named) {
        return "#/$defs/" + name(named);
    }

    private static String name(Class<?> named) {
        String name = named.getSimpleName();
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static JsonNode withoutDescriptions(JsonNode schema) {
        schema.findParents("description").forEach(parent -> {
            if (parent.get("description").isTextual()) {
                ((ObjectNode) parent).remove("description");
            }
        });
        return schema;
    }
}
