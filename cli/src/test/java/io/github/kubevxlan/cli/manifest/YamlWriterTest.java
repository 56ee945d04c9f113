package io.github.kubevxlan.cli.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
    private static final List<String> PIECES = List.of(
            "a", "B", "1", "0", ".", ":", " ", "  ", "#", "-", "'", "\"", "\n", "\n\n", "\t", "\r", "\\", "{", "}", "[",
            "]", ",", "&", "*", "!", "|", ">", "%", "@", "`", "~", "e", "x", "_", "on", "no", "null", "true", "é",
            "\u0085", "\u2028", "\u00A0", "\uFEFF", "😀", "<<", "=", "?", "---", "...", "m", "Mi");

    @Test
    void aManifestReadsAsPeopleWriteIt() throws Exception {
        String text = """
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: a
              annotations:
                vxlan.travelping.com/networks: |-
                  vxeth1 ip=192.168.11.1/29
                  vxeth2 ip=192.168.12.1/29
                vxlan.travelping.com/wait: "false"
            spec:
              containers:
              - name: app
                image: busybox:1.36
                command: []
                resources:
                  limits:
                    cpu: 100m
                    memory: 64Mi
                    version: "1.10"
              priority: 7
              hostNetwork: false
              nothing: null
            """;

        assertEquals(
                text,
                YamlWriter.write(
                        List.of(ManifestReader.read("a", text, "").getFirst().root())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"y", "n", "on", "NO", "null", "~", "0644", "1e3", "0x1F", "1_000", ".5", "12:30", "2026-01-01"})
    void textsThatSomeReaderTakesForSomethingElseAreQuoted(String text) {
        assertEquals("---\na: \"" + text + "\"\n", YamlWriter.write(List.of(object("a", text))));
    }

    @Test
    void whateverIsWrittenIsReadAgain() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            ObjectNode written = object(text(random), text(random));
            written.put("apiVersion", "v1").put("kind", "Pod");
            written.putArray("list").add(text(random)).addObject().put(text(random), random.nextInt());
            String yaml = YamlWriter.write(List.of(written, written));

            List<Manifest> read = ManifestReader.read("a", yaml, "");

            assertEquals(2, read.size(), yaml);
            assertEquals(json(written), json(read.getLast().root()), yaml);
            assertEquals(json(written), json(new YAMLMapper().readTree(yaml)), yaml);
        }
    }

    /** Numbers of one value may be of several classes. */
    private static JsonNode json(JsonNode tree) throws Exception {
        return new ObjectMapper().readTree(tree.toString());
    }

    private static ObjectNode object(String key, String value) {
        return JsonNodeFactory.instance.objectNode().put(key, value);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
