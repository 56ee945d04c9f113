package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Controller;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What users have edited outlives what they install again. */
@Isolated("replaces the controller")
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
        Networks.define(EXAMPLE, original);
    }

    @Test
    void helmUpgradeDoesNotRevertALiveEdit() {
        Release.upgrade("--set", "controller.resync=6m");
        assertEquals(edited, Networks.all());
        Release.upgrade("--set", "controller.resync=5m");
        assertEquals(edited, Networks.all());
    }

    @Test
    void applyingTheManifestAgainDoesNotRevertALiveEdit(@TempDir Path folder) throws IOException {
        String released = Files.readString(Client.repository().resolve("k8s.yaml"));
        Path ours =
                Files.writeString(folder.resolve("k8s.yaml"), released.replaceAll("(:\\s+\\S+):1\\.0\\.0", "$1:lab"));
        Client.run("kubectl", "apply", "--filename", ours.toString());
        Controller.awaitReady();
        assertEquals(edited, Networks.all());
    }

    @Test
    void theNewControllerServesTheEditedNetwork() {
        Release.upgrade("--set", "controller.resync=7m");
        assertEquals(
                203,
                Overlays.of(stage.start(Pods.member("edited", EXAMPLE)).getFirst())
                        .link(EXAMPLE)
                        .vni());
        Release.upgrade("--set", "controller.resync=5m");
    }
}
