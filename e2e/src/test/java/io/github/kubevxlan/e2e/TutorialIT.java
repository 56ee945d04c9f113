package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.RunnableBlocks;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Every command of docs/tutorial.md, one after another, as it stands. Some rely on the check of edits. */
@ResourceLock("the check of edits")
@Timeout(value = 11, unit = TimeUnit.MINUTES)
class TutorialIT {
    private static final String PAGE = "docs/tutorial.md";

    @Test
    void everyCommandDoesWhatThePageSays() {
        String output = RunnableBlocks.run(PAGE, "default");

        int blocks = RunnableBlocks.of(PAGE).size();
        assertTrue(blocks >= 10, () -> blocks + " blocks");
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
