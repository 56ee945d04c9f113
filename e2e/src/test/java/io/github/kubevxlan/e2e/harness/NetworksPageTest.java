package io.github.kubevxlan.e2e.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworksPageTest {
    private static final String HEADING = "## ";

    @Test
    void everySectionThatShowsSomethingIsAnExample() throws IOException {
        Set<String> shown = new LinkedHashSet<>();
        String section = "";
        for (String line : Files.readAllLines(Client.repository().resolve("docs/networks.md"))) {
            if (line.startsWith(HEADING)) {
                section = line.substring(HEADING.length()).replace("`", "");
            } else if (line.equals("```console")) {
                shown.add(section);
            }
        }

        assertEquals(
                List.copyOf(shown),
                NetworksPage.examples("namespace").stream()
                        .map(NetworksPage.Example::option)
                        .toList());
    }
}
