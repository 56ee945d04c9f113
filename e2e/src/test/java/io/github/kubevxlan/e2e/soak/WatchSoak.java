package io.github.kubevxlan.e2e.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Watches whose connections have gone silent, as behind a firewall that has forgotten them. */
class WatchSoak {
    private static final String NETWORK = "e2e-silent";

    /** Three minutes of silence, then the look at the watches that comes next, and a new one. */
    private static final Duration REOPENED = Duration.ofMinutes(5);

    /** Drops what comes and goes on the connections that are there now; new ones work. */
    private static final String SILENCE = """
        nft add table inet silence
        nft add chain inet silence in '{ type filter hook input priority 0; }'
        nft add chain inet silence out '{ type filter hook output priority 0; }'
        for port in $(ss -Htn state established "( dport = :443 )" | awk '{ print $3 }' | sed 's/.*://'); do
            nft add rule inet silence in tcp dport "$port" drop
            nft add rule inet silence out tcp sport "$port" drop
            echo "$port"
        done
        """;

    @RegisterExtension
    static final Stage stage = Stage.named("silence");

    private final List<Pod> webhooks = Webhook.pods();

    @AfterEach
    void endSilence() {
        webhooks.forEach(pod -> Lab.inPod(pod, "nft delete table inet silence"));
    }

    @Test
    void webhooksFindOutThatTheyHearNothingAndAskAnew(@TempDir Path folder) {
        webhooks.forEach(pod -> assertTrue(!Lab.inPod(pod, SILENCE).isBlank(), pod + " has no connection"));
        stage.define(NETWORK, "8890");
        assertTrue(warning(folder).isPresent(), "the webhooks know of a network that nobody told them of");

        Await.until("the webhooks know " + NETWORK, REOPENED, () -> warning(folder));
        Webhook.awaitReady();
    }

    /** What the webhook that is asked says of a pod in the network, where it does not know it. */
    private static Optional<String> warning(Path folder) {
        return Client.dryRun(Pods.member("asks", NETWORK), stage.namespace(), folder).warnings().stream()
                .filter(words -> words.contains(NETWORK))
                .findFirst();
    }
}
