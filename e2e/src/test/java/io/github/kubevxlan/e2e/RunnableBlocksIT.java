package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.RunnableBlocks;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command block of README and docs that is marked as runnable, as it stands. */
@Alone("its doctor finds what other classes break")
@Timeout(value = 11, unit = TimeUnit.MINUTES)
class RunnableBlocksIT {
    /** Pages whose blocks TutorialIT and ExternalVtepIT run, which look at what they do. */
    private static final Set<String> ELSEWHERE = Set.of("docs/tutorial.md", "docs/networks.md");

    @RegisterExtension
    static final Stage stage = Stage.named("blocks");

    static List<String> pages() {
        return RunnableBlocks.pages().stream()
                .filter(page -> !ELSEWHERE.contains(page))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyMarkedBlockSucceeds(String page) {
        String output = RunnableBlocks.run(page, stage.namespace());

        System.out.println(page + ":\n" + output);
    }

    @Test
    void theReadmeAndTheOtherTestsPagesHaveMarkedBlocks() {
        assertTrue(pages().contains("README.md"), pages().toString());
        assertTrue(RunnableBlocks.pages().containsAll(ELSEWHERE));
    }
}
