package io.github.kubevxlan.common.spec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page that tells users of every option. */
class NetworksPageTest {
    private static final Path PAGE = Path.of("../docs/networks.md");

    @ParameterizedTest
    @EnumSource(Option.class)
    void everyOptionHasASectionAndAPlaceInTheTable(Option option) throws IOException {
        String page = Files.readString(PAGE);
        assertTrue(page.contains("\n## `" + option + "`\n"), "a section");
        assertTrue(page.contains("[`" + option + "`](#" + option + ")"), "a place in the table");
    }
}
