package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The examples of {@code docs/networks.md}: a section an option, in it YAML and what a pod's shell prints. */
public final class NetworksPage {
    /** What differs from pod to pod. */
    private static final String ANY = "…";

    private static final Pattern SECTION = Pattern.compile("(?ms)^## `([\\w-]+)`\n(.*?)(?=^## |\\z)");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(yaml|console)\n(.*?)^```$");

    private NetworksPage() {}

    /**
     * An example.
     *
     * @param definitions entries of the ConfigMap
     * @param annotations of the pod, keys with prefix
     */
    public record Example(
            String option, Map<String, String> definitions, Map<String, String> annotations, List<Command> commands) {
        @Override
        public String toString() {
            return option;
        }
    }

    /** What is typed, and lines of what comes, in order. */
    public record Command(String typed, List<String> lines) {
        /** The line that is missing among what came; empty if none is. */
        public Optional<String> missing(String came) {
            List<String> left = new ArrayList<>(came.lines().toList());
            for (String line : lines) {
                Pattern wanted = Pattern.compile(Arrays.stream(line.split(ANY, -1))
                        .map(part -> part.isBlank() ? "\\s*" : "\\s*" + Pattern.quote(part.strip()) + "\\s*")
                        .collect(Collectors.joining(".*")));
                int found = 0;
                while (found < left.size() && !wanted.matcher(left.get(found)).matches()) {
                    found++;
                }
                if (found == left.size()) {
                    return Optional.of("\"%s\" of %s: %s".formatted(line, typed, came));
                }
                left = left.subList(found + 1, left.size());
            }
            return Optional.empty();
        }
    }

    /** The script by which the other side of {@code peer} is set up. */
    public static String otherSide() {
        List<String> blocks = RunnableBlocks.of("docs/networks.md");
        if (blocks.size() != 1) {
            throw new AssertionError(blocks.size() + " marked blocks, and this test runs that of peer alone");
        }
        return blocks.getFirst();
    }

    /** All of them, with the name of the pod's namespace where the page says {@code NAMESPACE}. */
    public static List<Example> examples(String namespace) {
        List<Example> examples = new ArrayList<>();
        Matcher section = SECTION.matcher(text().replace("NAMESPACE", namespace));
        while (section.find()) {
            examples.add(example(section.group(1), section.group(2)));
        }
        return examples;
    }

    private static Example example(String option, String section) {
        Map<String, String> definitions = new HashMap<>();
        Map<String, String> annotations = new HashMap<>();
        List<Command> commands = new ArrayList<>();
        Matcher block = BLOCK.matcher(section);
        while (block.find()) {
            if (block.group(1).equals("yaml")) {
                for (String document : block.group(2).split("(?m)^---$", -1)) {
                    Yaml yaml = Serialization.unmarshal(document, Yaml.class);
                    definitions.putAll(yaml.data);
                    annotations.putAll(yaml.metadata.getOrDefault("annotations", Map.of()));
                }
            } else {
                for (String command : block.group(2).split("(?m)^\\$ ", -1)) {
                    List<String> lines = command.lines().toList();
                    if (!lines.isEmpty()) {
                        commands.add(new Command(lines.getFirst(), lines.subList(1, lines.size())));
                    }
                }
            }
        }
        return new Example(option, definitions, annotations, commands);
    }

    /** An excerpt of a ConfigMap or a pod. */
    static final class Yaml {
        public Map<String, String> data = Map.of();
        public Map<String, Map<String, String>> metadata = Map.of();
    }

    private static String text() {
        try {
            return Files.readString(Client.repository().resolve("docs/networks.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
