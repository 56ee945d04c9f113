package io.github.kubevxlan.e2e.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Silence;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Watches whose connections have gone silent, as behind a firewall that has forgotten them. */
class WatchSoak {
    private static final String NETWORK = "e2e-silent";

    /** Three minutes of silence, then the look at the watches that comes next, and a new one. */
    private static final Duration REOPENED = Duration.ofMinutes(5);

    @RegisterExtension
    static final Stage stage = Stage.named("silence");

    @Test
    void webhooksFindOutThatTheyHearNothingAndAskAnew(@TempDir Path folder) {
        try (Silence _ = Silence.of(Webhook.pods())) {
            stage.define(NETWORK, "8890");
            assertTrue(warning(folder).isPresent(), "the webhooks know of a network that nobody told them of");
            Await.until("the webhooks know " + NETWORK, REOPENED, () -> warning(folder));
        }
        Webhook.awaitReady();
    }

    /** What the webhook that is asked says of a pod in the network, where it does not know it. */
    private static Optional<String> warning(Path folder) {
        return Client.dryRun(Pods.member("asks", NETWORK), stage.namespace(), folder).warnings().stream()
                .filter(words -> words.contains(NETWORK))
                .findFirst();
    }
}
