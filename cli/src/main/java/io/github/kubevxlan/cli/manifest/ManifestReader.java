package io.github.kubevxlan.cli.manifest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads manifests: documents of YAML or JSON, one behind the other. */
public final class ManifestReader {
    /** As long as the text of a file may be, in bytes; some two thousand Deployments. */
    public static final int MOST_BYTES = 10 * 1024 * 1024;

    static final int MOST_DEPTH = 100;
    static final int MOST_VALUES = 500_000;

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxTokenCount(2L * MOST_VALUES)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private ManifestReader() {}

    /**
     * Reads a text; gives at least one document. Empty ones are passed over.
     *
     * @param file for messages
     * @param namespace of objects that name none; empty where nobody says
     */
    public static List<Manifest> read(String file, String text, String namespace) throws MalformedManifestException {
        return read(file, text, namespace, _ -> false);
    }

    /**
     * Reads a text in which documents may also be something other than Kubernetes objects.
     *
     * @param others which documents without apiVersion and kind are allowed, such as values of a chart
     */
    public static List<Manifest> read(String file, String text, String namespace, Predicate<ObjectNode> others)
            throws MalformedManifestException {
        String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        Optional<List<JsonNode>> json = content.stripLeading().startsWith("{") ? json(content) : Optional.empty();
        List<JsonNode> documents = json.isPresent() ? json.get() : YamlReader.read(file, content);
        List<Manifest> manifests = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            JsonNode document = documents.get(i);
            if (!document.isNull()) {
                manifests.add(
                        isOther(document, others)
                                ? Manifest.other((ObjectNode) document, place(file, i + 1), namespace)
                                : Manifest.of(document, place(file, i + 1), namespace));
            }
        }
        if (manifests.isEmpty()) {
            throw new MalformedManifestException(file, "nothing", "Kubernetes objects as YAML or JSON");
        }
        return manifests;
    }

    private static boolean isOther(JsonNode document, Predicate<ObjectNode> others) {
        return document instanceof ObjectNode object
                && !object.has("apiVersion")
                && !object.has("kind")
                && others.test(object);
    }

    static String place(String file, int document) {
        return file + ", document " + document;
    }

    /** Empty if it is none: YAML may begin with a brace too, and its parser says what is wrong with either. */
    private static Optional<List<JsonNode>> json(String text) {
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
            return Optional.of(values.readAll());
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("a text can be read", e);
        }
    }
}
