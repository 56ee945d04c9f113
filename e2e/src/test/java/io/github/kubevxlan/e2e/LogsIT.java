package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("changes the release")
class LogsIT {
    /** A bearer token, or the head of any that is signed: JSON in base64, and a dot. */
    private static final Pattern TOKEN = Pattern.compile("Bearer |eyJ[A-Za-z0-9_-]{20,}\\.");

    @RegisterExtension
    static final Stage stage = Stage.named("logs");

    @Test
    void tokensAreInNoLogHoweverMuchIsLogged() {
        stage.define("e2e-logs", "8620");
        try (Release _ = Release.with("--set", "log.level=trace")) {
            stage.start(Pods.member("member", "e2e-logs"));
            List<Pod> ours = Stream.concat(Controller.listed().stream(), Webhook.pods().stream())
                    .toList();
            assertTrue(ours.stream().map(Cluster::log).anyMatch(log -> log.contains("/member")), "the pod is in a log");
            ours.forEach(pod -> assertFalse(TOKEN.matcher(Cluster.log(pod)).find(), "a token in the log of " + pod));
        }
    }
}
