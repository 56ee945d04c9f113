package io.github.kubevxlan.common.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page that tells users of every option. */
class NetworksPageTest {
    private static final Path PAGE = Path.of("../docs/networks.md");

    @Test
    void everyKeyHasAPlaceInItsTable() throws IOException {
        String page = Files.readString(PAGE);
        Keys keys = new Keys("");
        Stream.of(keys.networks(), keys.names(), keys.inject(), keys.waits(), keys.gate(), keys.status(), keys.ready())
                .forEach(key -> assertTrue(page.contains("\n| `" + key + "`"), key));
        List<String> rows = page.lines().filter(line -> line.startsWith("| `/")).toList();
        assertEquals(7, rows.size(), "as many as there are in Keys");
    }

    @ParameterizedTest
    @EnumSource(Option.class)
    void everyOptionHasASectionAndAPlaceInTheTable(Option option) throws IOException {
        String page = Files.readString(PAGE);
        assertTrue(page.contains("\n## `" + option + "`\n"), "a section");
        assertTrue(page.contains("[`" + option + "`](#" + option + ")"), "a place in the table");
    }
}
