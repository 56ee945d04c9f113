package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What users have edited outlives what they install again. */
@Alone("replaces the controller")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstallationIT {
    private static final String EXAMPLE = "vxeth3";

    @RegisterExtension
    static final Stage stage = Stage.named("installation");

    private static String original;
    private static Map<String, String> edited;

    @BeforeAll
    static void editLive() {
        original = Networks.all().getOrDefault(EXAMPLE, "103");
        stage.define("e2e-live", "7800");
        Networks.define(EXAMPLE, "id=203 mtu=1400");
        edited = Networks.all();
    }

    @AfterAll
    static void undo() {
        Release.replace("--set", "controller.resync=5m");
        Networks.define(EXAMPLE, original);
    }

    @Test
    @Order(1)
    void helmUpgradeDoesNotRevertALiveEdit() {
        Release.upgrade("--set", "controller.resync=6m");
        assertEquals(edited, Networks.all());
    }

    @Test
    @Order(2)
    void theNewControllerServesTheEditedNetwork() {
        assertEquals(
                203,
                Overlays.of(stage.start(Pods.member("edited", EXAMPLE)).getFirst())
                        .link(EXAMPLE)
                        .vni());
    }

    @Test
    @Order(3)
    void applyingTheManifestAgainDoesNotRevertALiveEdit(@TempDir Path folder) throws IOException {
        String released = Files.readString(Client.repository().resolve("k8s.yaml"));
        Path ours =
                Files.writeString(folder.resolve("k8s.yaml"), released.replaceAll("(:\\s+\\S+):1\\.0\\.0", "$1:lab"));
        Client.run("kubectl", "apply", "--filename", ours.toString());
        Client.run("kubectl", "rollout", "status", "--namespace", Cluster.SYSTEM, "deployment/" + Cluster.CONTROLLER);
        assertEquals(edited, Networks.all());
    }
}
