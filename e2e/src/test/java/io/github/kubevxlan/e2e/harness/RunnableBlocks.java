package io.github.kubevxlan.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The command blocks of README and docs that are marked as runnable: those in the language {@code sh}. */
public final class RunnableBlocks {
    /** Some commands repeat until they succeed, and a page has many of them. */
    private static final String LIMIT_SECONDS = "600";

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
    private static final Pattern MARK = Pattern.compile("(?m)^\\s*```\\s*sh\\b");

    private RunnableBlocks() {}

    /** The pages that have such blocks, as paths in the repository. */
    public static List<String> pages() {
        Path top = Client.repository();
        try (Stream<Path> docs = Files.walk(top.resolve("docs"))) {
            return Stream.concat(Stream.of(top.resolve("README.md")), docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .map(path -> top.relativize(path).toString())
                    .filter(page -> !of(page).isEmpty())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A page's blocks, from top to bottom. */
    public static List<String> of(String page) {
        String text;
        try {
            text = Files.readString(Client.repository().resolve(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return blocks(page, text);
    }

    /**
     * The blocks of a page's text.
     *
     * @throws AssertionError if one has the mark and would not be run, because it is indented or does not end
     */
    static List<String> blocks(String page, String text) {
        List<String> blocks =
                BLOCK.matcher(text).results().map(block -> block.group(1)).toList();
        long marks = MARK.matcher(text).results().count();
        if (marks != blocks.size()) {
            throw new AssertionError(
                    "%s: %d blocks have the mark, %d can be run".formatted(page, marks, blocks.size()));
        }
        return blocks;
    }

    /**
     * Runs a page's blocks one after another in one shell; gives what they print.
     *
     * @param namespace where kubectl and vxlan work that name none
     * @throws AssertionError if a command fails, or a block is not reached
     */
    public static String run(String page, String namespace) {
        List<String> blocks = of(page);
        StringBuilder script = new StringBuilder(prologue(namespace));
        IntStream.range(0, blocks.size())
                .forEach(i -> script.append(blocks.get(i))
                        .append("printf '\\n%s\\n' '")
                        .append(end(page, i))
                        .append("'\n"));
        String output = Client.run("timeout", LIMIT_SECONDS, "bash", "-c", script.toString());
        IntStream.range(0, blocks.size()).mapToObj(i -> end(page, i)).forEach(end -> {
            if (!output.lines().toList().contains(end)) {
                throw new AssertionError("not reached: " + end + "\n" + output);
            }
        });
        return output;
    }

    /** What names no namespace is in this one; {@code vxlan} is that of this checkout. */
    private static String prologue(String namespace) {
        return """
            set -euo pipefail
            exec 2>&1
            folder=$(mktemp -d)
            trap 'rm -rf "$folder"' EXIT
            kubectl config view --raw --flatten >"$folder/config"
            export KUBECONFIG=$folder/config PATH=$PWD/cli/target/vxlan/bin:$PATH
            kubectl config set-context --current --namespace %s
            """.formatted(namespace);
    }

    private static String end(String page, int block) {
        return "(end of block %d of %s)".formatted(block + 1, page);
    }
}
