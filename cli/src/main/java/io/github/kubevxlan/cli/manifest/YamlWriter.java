package io.github.kubevxlan.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.serializer.Serializer;

/**
 * Writes documents as people write YAML: texts without quotes where every reader takes them for texts, several lines as a
 * block.
 */
public final class YamlWriter {
    private static final Resolver RESOLVER = new Resolver();
    private static final Pattern QUOTED =
            Pattern.compile("^[^A-Za-z/]|[^-A-Za-z0-9_./=@,+: ]|[: ](?![-A-Za-z0-9_./=@+])");
    private static final Pattern QUANTITY = Pattern.compile("[0-9]+(m|k|[KMGTPE]i)");
    private static final Pattern NO_BLOCK = Pattern.compile("^\\s|[\\p{C}\\p{Zl}\\p{Zp}&&[^\\n]]");

    private YamlWriter() {}

    /** Writes documents, each behind a line of three dashes, its last line ended; reading gives the same again. */
    public static String write(List<? extends JsonNode> documents) {
        DumperOptions options = new DumperOptions();
        options.setExplicitStart(true);
        options.setSplitLines(false);
        options.setDefaultFlowStyle(FlowStyle.BLOCK);
        StringWriter text = new StringWriter();
        try {
            Serializer serializer = new Serializer(new Emitter(text, options), RESOLVER, options, null);
            serializer.open();
            for (JsonNode document : documents) {
                serializer.serialize(node(document));
            }
            serializer.close();
        } catch (IOException e) {
            throw new IllegalStateException("a text can be written", e);
        }
        return text.toString();
    }

    private static Node node(JsonNode tree) {
        return switch (tree.getNodeType()) {
            case OBJECT -> {
                List<NodeTuple> members = new ArrayList<>();
                tree.properties()
                        .forEach(entry -> members.add(new NodeTuple(text(entry.getKey()), node(entry.getValue()))));
                yield new MappingNode(Tag.MAP, members, FlowStyle.BLOCK);
            }
            case ARRAY ->
                new SequenceNode(
                        Tag.SEQ,
                        StreamSupport.stream(tree.spliterator(), false)
                                .map(YamlWriter::node)
                                .toList(),
                        FlowStyle.BLOCK);
            case STRING -> text(tree.asText());
            default -> {
                String word = tree.asText();
                yield new ScalarNode(RESOLVER.resolve(NodeId.scalar, word, true), word, null, null, ScalarStyle.PLAIN);
            }
        };
    }

    private static Node text(String text) {
        return new ScalarNode(Tag.STR, text, null, null, style(text));
    }

    private static ScalarStyle style(String text) {
        boolean isPlain =
                QUANTITY.matcher(text).matches() || !QUOTED.matcher(text).find();
        if (isPlain && PlainScalar.isText(text)) {
            return ScalarStyle.PLAIN;
        }
        boolean isBlock = text.indexOf('\n') >= 0 && !NO_BLOCK.matcher(text).find();
        return isBlock ? ScalarStyle.LITERAL : ScalarStyle.DOUBLE_QUOTED;
    }
}
