package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Lab.Request;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pods that the webhook refuses, labelled when it does not look any more: nobody talks to their agents. */
class UntouchedIT {
    private static final String NETWORK = "e2e-untouched";

    @RegisterExtension
    static final Stage stage = Stage.named("untouched");

    @Test
    void podsWithTheNodesNetworkOrForWindowsAreToldAndLeftAlone() {
        stage.define(NETWORK, "8610");
        stage.start(new PodBuilder(withAgent("node-network"))
                .editSpec()
                .withHostNetwork(true)
                .endSpec()
                .build());
        stage.create(new PodBuilder(withAgent("other-system"))
                .editSpec()
                .withNodeSelector(Map.of("kubernetes.io/os", "windows"))
                .endSpec()
                .build());
        stage.label("node-network");
        stage.label("other-system");

        assertTrue(stage.event("node-network", "HostNetwork").contains("never touches"));
        assertTrue(stage.event("other-system", "Windows").contains("for Windows"));
        stage.start(Pods.member("member", NETWORK));
        List<Request> execs = Lab.requests().stream()
                .filter(request -> request.isExec() && request.uri().contains(stage.namespace()))
                .toList();
        assertFalse(execs.isEmpty());
        assertTrue(execs.stream().allMatch(exec -> exec.uri().contains("/pods/member/")), execs::toString);
    }

    private static Pod withAgent(String name) {
        return Pods.withOwnAgent(
                Pods.annotated(Pods.plain(name, "exec hold"), "networks", NETWORK), List.of("NET_ADMIN"));
    }
}
