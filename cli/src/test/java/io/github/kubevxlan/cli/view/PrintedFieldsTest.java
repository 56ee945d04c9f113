package io.github.kubevxlan.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.ping.PingView;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is really printed has the fields of docs/cli.schema.json, and no others: a method may look like a field too. */
class PrintedFieldsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Class<?>> KINDS = Map.of(
            "NetworkList", NetworkView.class,
            "PodList", PodView.class,
            "Findings", Finding.class,
            "Pings", PingView.class,
            "PodInspection", PodInspection.class,
            "NetworkInspection", MemberInspection.class);

    @ParameterizedTest
    @ValueSource(strings = {"NetworkList", "PodList", "Findings", "Pings", "PodInspection", "NetworkInspection"})
    void theFieldsOfTheSchemaArePrintedAndNoOthers(String kind) throws Exception {
        JsonNode schema = JSON.readTree(Path.of("../docs/cli.schema.json").toFile());
        List<Object> items = List.of(sample(KINDS.getOrDefault(kind, Object.class)));

        List<String> differences = new ArrayList<>();
        compare(
                schema,
                listing(schema, kind),
                JSON.readTree(Documents.json(Listing.of(kind, items, List.of("a note")))),
                differences);

        assertEquals(List.of(), differences);
    }

    private static JsonNode listing(JsonNode schema, String kind) throws IOException {
        for (JsonNode each : schema.path("oneOf")) {
            if (each.at("/properties/kind/const").asText().equals(kind)) {
                return each;
            }
        }
        throw new IOException("no kind " + kind);
    }

    private static void compare(JsonNode schema, JsonNode its, JsonNode printed, List<String> differences) {
        if (its.has("$ref")) {
            compare(schema, schema.at(its.path("$ref").asText().substring(1)), printed, differences);
        } else if (its.has("oneOf")) {
            compare(schema, its.path("oneOf").path(0), printed, differences);
        } else if (printed.isArray()) {
            printed.forEach(each -> compare(schema, its.path("items"), each, differences));
        } else if (printed.isObject()) {
            TreeSet<String> wanted = new TreeSet<>();
            its.path("properties").fieldNames().forEachRemaining(wanted::add);
            TreeSet<String> found = new TreeSet<>();
            printed.fieldNames().forEachRemaining(found::add);
            if (!wanted.equals(found)) {
                differences.add("schema " + wanted + ", printed " + found);
            }
            printed.properties()
                    .forEach(field -> compare(
                            schema, its.path("properties").path(field.getKey()), field.getValue(), differences));
        }
    }

    /** A value of a type, without null and without an empty list in it. */
    private static Object sample(Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType list) {
            return List.of(sample(list.getActualTypeArguments()[0]));
        }
        Class<?> known = (Class<?>) type;
        if (known.isEnum()) {
            return known.getEnumConstants()[0];
        }
        if (known.isRecord()) {
            RecordComponent[] components = known.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int index = 0; index < values.length; index++) {
                values[index] = sample(components[index].getGenericType());
            }
            Constructor<?> constructor = known.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        }
        if (known == boolean.class) {
            return true;
        }
        return known == long.class || known == Long.class ? (Object) 1L : known == String.class ? "text" : (Object) 1;
    }
}
