package io.github.kubevxlan.e2e.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunnableBlocksTest {
    @Test
    void onlyBlocksInTheLanguageShAreRun() {
        String page =
                "Text\n\n```sh\nfirst\n```\n\n```console\n$ no\n```\n\n    nor this\n\n```sh\nsecond\nthird\n```\n";

        assertEquals(List.of("first\n", "second\nthird\n"), RunnableBlocks.blocks("page", page));
    }

    @ParameterizedTest
    @ValueSource(strings = {"- item\n\n  ```sh\n  first\n  ```\n", "```sh\nfirst\n", "``` sh\nfirst\n```\n"})
    void aMarkedBlockThatWouldNotBeRunIsAMistake(String page) {
        assertThrows(AssertionError.class, () -> RunnableBlocks.blocks("page", page));
    }
}
