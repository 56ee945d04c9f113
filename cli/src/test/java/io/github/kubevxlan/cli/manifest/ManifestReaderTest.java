package io.github.kubevxlan.cli.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestReaderTest {
    private static final String POD = "{apiVersion: v1, kind: Pod, metadata: {name: a}}\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0644 | 420",
                "0o17 | 15",
                "0x1F | 31",
                "0b11 | 3",
                "08 | 8",
                "-1 | -1",
                "1_000 | 1000",
                "1e3 | 1E+3",
                "0.10 | 0.10",
                "on | true",
                "Yes | true",
                "n | false",
                "OFF | false",
                "oN | \"oN\"",
                "~ | null",
                "`` | null",
                "\"0644\" | \"0644\"",
                "'on' | \"on\"",
                "!!str 0644 | \"0644\"",
                "12:30 | \"12:30\"",
                "2026-01-01 | \"2026-01-01\"",
                "10m | \"10m\"",
                "1.2.3.4 | \"1.2.3.4\"",
            })
    void wordsMeanWhatTheyMeanToKubectl(String word, String json) throws Exception {
        String text = "apiVersion: v1\nkind: Pod\nvalue: " + word;

        assertEquals(json, read(text).getFirst().root().path("value").toString());
    }

    @Test
    void documentsAreCountedAndEmptyOnesPassedOver() throws Exception {
        List<Manifest> manifests = read("# nothing yet\n---\n" + POD + "---\n---\n" + POD.replace("a}", "b}"));

        assertEquals(
                List.of("pods.yaml, document 1, Pod lab/a", "pods.yaml, document 3, Pod lab/b"), titles(manifests));
    }

    @Test
    void jsonMayHaveTabsAndSeveralDocuments() throws Exception {
        String pod = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\", \"metadata\": {\"name\": \"a\"}}";

        assertEquals(
                List.of("pods.yaml, document 1, Pod lab/a", "pods.yaml, document 2, Pod lab/a"),
                titles(read("\uFEFF" + pod + "\n" + pod)));
    }

    @Test
    void theItemsOfAListAreObjects() throws Exception {
        List<Manifest> manifests = read("apiVersion: v1\nkind: List\nitems:\n- " + POD + "- "
                + POD.replace("name: a", "generateName: b-, namespace: other"));

        assertEquals(
                List.of("pods.yaml, document 1, item 1, Pod lab/a", "pods.yaml, document 1, item 2, Pod other/b-"),
                titles(manifests));
    }

    @Test
    void anchorsAndMergeKeysAreResolved() throws Exception {
        String text = """
            apiVersion: v1
            kind: Pod
            base: &base {a: 1, b: 2}
            other: &other {b: 3, c: 4}
            one: {<<: *base, b: 5}
            all: {<<: [*other, *base]}
            same: *base
            """;

        assertEquals(
                new ObjectMapper()
                        .readTree("{\"one\": {\"b\": 5, \"a\": 1}, \"all\": {\"b\": 3, \"c\": 4, \"a\": 1},"
                                + " \"same\": {\"a\": 1, \"b\": 2}}"),
                new ObjectMapper()
                        .readTree(read(text)
                                .getFirst()
                                .root()
                                .without(List.of("apiVersion", "kind", "base", "other"))
                                .toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: b: c | document 1, line 1, column 5: found no YAML (mapping values are not allowed here),",
                "kind: Pod\\n"
                        + "---\\n"
                        + "x | document 1: found no apiVersion, allowed: a Kubernetes object with apiVersion and",
                "apiVersion: v1\\nkind: 1 | document 1: found no kind, allowed: a Kubernetes object",
                "[] | document 1: found a list, allowed: a Kubernetes object",
                "hello | document 1: found \"hello\", allowed: a Kubernetes object",
                "POD---\\na: 1\\nb: 2\\na: 3 | document 2, line 5, column 1: found key a again, allowed: each key once",
                "? [a]\\n: b | document 1, line 1, column 3: found a key that is a list or an object, allowed: a text",
                "a: !!binary aGk= | document 1, line 1, column 4: found tag tag:yaml.org,2002:binary, allowed: no tag",
                "a: *b | document 1, line 1, column 4: found no YAML (found undefined alias b), allowed: YAML or JSON",
                "a: {<<: 1} | document 1, line 1, column 9: found a text, allowed: an object, or a list of them, to",
                "a: \"\\u0007\" | document 1: found no YAML (special characters are not allowed), allowed: YAML or"
                        + " JSON",
                "{\"a\": 1, \"a\": 2} | document 1, line 1, column 10: found key a again, allowed: each key once",
                "--- | found nothing, allowed: Kubernetes objects as YAML or JSON",
                "a: &a [*a] | document 1, line 1, column 4: found more, allowed: 500000 values in a file, 100 deep",
            })
    void aMistakeIsToldWithItsPlace(String text, String expected) {
        String content = text.replace("POD", POD).replace("\\n", "\n").replace("\\u0007", "\u0007");

        String message = String.valueOf(assertThrows(MalformedManifestException.class, () -> read(content))
                .getMessage());

        assertTrue(message.startsWith("pods.yaml" + (expected.startsWith("found") ? ": " : ", ") + expected), message);
    }

    @Test
    void whatAnchorsUnfoldToIsBounded() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
        }

        assertThrows(MalformedManifestException.class, () -> read(bomb.toString()));
    }

    @Test
    void nestingIsBounded() {
        assertThrows(MalformedManifestException.class, () -> read("a: " + "[".repeat(10_000) + "]".repeat(10_000)));
        assertThrows(MalformedManifestException.class, () -> read("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)));
    }

    @Test
    void aListLeavesOutWhatIsTakenAway() throws Exception {
        Manifest list = read("apiVersion: v1\nkind: List\nitems:\n- " + POD + "- " + POD.replace("a}", "b}"))
                .getFirst();

        assertEquals(
                "[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"b\"}}]",
                list.changed(object -> object.name().equals("a") ? Optional.empty() : Optional.of(object.root()))
                        .orElseThrow()
                        .root()
                        .path("items")
                        .toString());
        assertTrue(list.changed(_ -> Optional.empty()).isEmpty());
    }

    private static List<Manifest> read(String text) throws MalformedManifestException {
        return ManifestReader.read("pods.yaml", text, "lab");
    }

    private static List<String> titles(List<Manifest> manifests) {
        return manifests.stream()
                .flatMap(manifest -> manifest.objects().stream())
                .map(KubeObject::title)
                .toList();
    }
}
