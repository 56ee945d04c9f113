package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Networks;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every command of docs/tutorial.md, one after another, as it stands. */
class TutorialIT {
    /** Some commands repeat until they succeed. */
    private static final String LIMIT = "300";

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

    @Test
    void everyCommandDoesWhatThePageSays() throws IOException {
        List<String> blocks = BLOCK.matcher(
                        Files.readString(Client.repository().resolve("docs").resolve("tutorial.md")))
                .results()
                .map(block -> block.group(1))
                .toList();

        String output = Client.run("timeout", LIMIT, "bash", "-c", "set -euo pipefail\n" + String.join("", blocks));

        assertTrue(blocks.size() >= 10, () -> blocks.size() + " blocks");
        assertTrue(output.contains("ttl=63"), output);
        assertTrue(output.contains("found \"huge\""), output);
    }

    /** What is left where a command failed. */
    @AfterEach
    void takeAway() {
        Cluster.client().namespaces().withName("tutorial").delete();
        List.of("tut-a", "tut-b").forEach(Networks::remove);
    }
}
