package io.github.kubevxlan.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML as kubectl does, so that {@code 0644} is 420 and {@code on} is true. Not by Jackson, whose trees have the name of
 * an anchor for what it stands for. Anchors and merge keys are resolved; what they unfold to is bounded.
 */
final class YamlReader {
    private static final Resolver RESOLVER = new Resolver();

    private final String file;
    private int document = 1;
    private int values;
    private long characters;

    private YamlReader(String file) {
        this.file = file;
    }

    /** Gives the documents in their order, null for an empty one. */
    static List<JsonNode> read(String file, String text) throws MalformedManifestException {
        return new YamlReader(file).documents(text);
    }

    private List<JsonNode> documents(String text) throws MalformedManifestException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(ManifestReader.MOST_BYTES);
        options.setNestingDepthLimit(ManifestReader.MOST_DEPTH);
        options.setMaxAliasesForCollections(ManifestReader.MOST_VALUES);
        List<JsonNode> documents = new ArrayList<>();
        try {
            Composer composer = new Composer(new ParserImpl(new StreamReader(text), options), RESOLVER, options);
            while (composer.checkNode()) {
                documents.add(tree(composer.getNode(), 0));
                document++;
            }
            return documents;
        } catch (MarkedYAMLException e) {
            String at = e.getProblemMark() == null
                    ? ""
                    : ", line %d, column %d"
                            .formatted(
                                    e.getProblemMark().getLine() + 1,
                                    e.getProblemMark().getColumn() + 1);
            throw new MalformedManifestException(
                    ManifestReader.place(file, document) + at, "no YAML (" + e.getProblem() + ")", "YAML or JSON");
        } catch (YAMLException e) { // of the scanner's limits and of characters that no YAML has
            throw new MalformedManifestException(
                    ManifestReader.place(file, document),
                    "no YAML ("
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")",
                    "YAML or JSON");
        }
    }

    private JsonNode tree(Node node, int depth) throws MalformedManifestException {
        values++;
        if (depth > ManifestReader.MOST_DEPTH || values > ManifestReader.MOST_VALUES) {
            throw mistake(
                    node,
                    "more",
                    "%d values in a file, %d deep".formatted(ManifestReader.MOST_VALUES, ManifestReader.MOST_DEPTH));
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping, depth);
            case SequenceNode sequence -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (Node item : sequence.getValue()) {
                    array.add(tree(item, depth + 1));
                }
                yield array;
            }
            case ScalarNode scalar -> {
                characters += scalar.getValue().length();
                if (characters > ManifestReader.MOST_BYTES) {
                    throw mistake(node, "more", ManifestReader.MOST_BYTES + " characters in the values of a file");
                }
                yield scalar(scalar);
            }
            default -> throw mistake(node, "an unknown anchor", "the name of an anchor before");
        };
    }

    private ObjectNode object(MappingNode mapping, int depth) throws MalformedManifestException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        List<Node> merged = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw mistake(tuple.getKeyNode(), "a key that is a list or an object", "a text");
            }
            if (key.getTag().equals(Tag.MERGE)) {
                merged.add(tuple.getValueNode());
            } else if (keys.add(key.getValue())) {
                object.set(key.getValue(), tree(tuple.getValueNode(), depth + 1));
            } else {
                throw mistake(key, "key " + key.getValue() + " again", "each key once");
            }
        }
        for (Node source : merged) {
            merge(source, object, depth);
        }
        return object;
    }

    /** Of several sources the first has its way, and the object itself before all. */
    private void merge(Node source, ObjectNode into, int depth) throws MalformedManifestException {
        switch (tree(source, depth + 1)) {
            case ObjectNode object -> object.properties().forEach(entry -> putIfAbsent(into, entry));
            case ArrayNode list -> {
                for (JsonNode object : list) {
                    object.properties().forEach(entry -> putIfAbsent(into, entry));
                }
            }
            default -> throw mistake(source, "a text", "an object, or a list of them, to merge");
        }
    }

    private static void putIfAbsent(ObjectNode into, Map.Entry<String, JsonNode> entry) {
        if (!into.has(entry.getKey())) {
            into.set(entry.getKey(), entry.getValue());
        }
    }

    private JsonNode scalar(ScalarNode scalar) throws MalformedManifestException {
        Tag tag = scalar.getTag();
        if (scalar.getScalarStyle() == ScalarStyle.PLAIN
                && tag.equals(RESOLVER.resolve(NodeId.scalar, scalar.getValue(), true))) {
            return PlainScalar.value(scalar.getValue());
        }
        if (!tag.equals(Tag.STR)) {
            throw mistake(scalar, "tag " + tag.getValue(), "no tag but !!str");
        }
        return JsonNodeFactory.instance.textNode(scalar.getValue());
    }

    private MalformedManifestException mistake(Node node, String found, String allowed) {
        return new MalformedManifestException(
                "%s, line %d, column %d"
                        .formatted(
                                ManifestReader.place(file, document),
                                node.getStartMark().getLine() + 1,
                                node.getStartMark().getColumn() + 1),
                found,
                allowed);
    }
}
