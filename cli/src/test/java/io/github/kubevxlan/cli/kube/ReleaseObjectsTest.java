package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.Keeper;
import io.github.kubevxlan.cli.state.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReleaseObjectsTest {
    private static final Release RELEASE = new Release("net", "kube-vxlan-controller");

    private final List<String> notes = new ArrayList<>();
    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void theReleaseIsThatOfTheWebhookWhereThereIsNoController() {
        cluster.client()
                .resource(deployment(RELEASE.webhook(), Map.of("meta.helm.sh/release-name", "overlay")))
                .create();

        assertEquals(
                "helm --namespace net get manifest overlay | kubectl apply --filename -",
                objects().installed().reapply());
    }

    @Test
    void theReleaseIsTakenForAHelmReleaseWhereNothingIsThere() {
        assertEquals(RELEASE, objects().installed());
    }

    @Test
    void accountAndSecretsAreReadFromTheDeployment() {
        cluster.client().resource(deployment(RELEASE.name(), Map.of())).create();

        Workload workload = objects().deployment(RELEASE.name()).object().orElseThrow();

        assertEquals("own-account", workload.account());
        assertEquals(Map.of("tls", "own-tls"), workload.secrets());
        assertEquals("1.2.3", workload.version());
    }

    @Test
    void theLabelWithTheVersionIsTheCharts() throws IOException {
        String helpers = Files.readString(Path.of("../charts/kube-vxlan-controller/templates/_helpers.tpl"));

        assertTrue(helpers.contains("\n" + Release.VERSION_LABEL + ": {{ .root.Chart.AppVersion"), helpers);
    }

    @Test
    void aCertificateInNoSecretIsNotLookedAt() {
        assertInstanceOf(Seen.Hidden.class, objects().certificate(new Keeper(Keeper.Mode.FILES, "")));
        assertEquals(1, notes.size());
    }

    private ReleaseObjects objects() {
        return new ReleaseObjects(cluster.client(), RELEASE, notes::add);
    }

    private static Deployment deployment(String name, Map<String, String> annotations) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("net")
                .withAnnotations(annotations)
                .addToLabels("app.kubernetes.io/version", "1.2.3")
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .withServiceAccountName("own-account")
                .addNewContainer()
                .withName("controller")
                .withImage("controller:1")
                .endContainer()
                .addNewVolume()
                .withName("tls")
                .withNewSecret()
                .withSecretName("own-tls")
                .endSecret()
                .endVolume()
                .addNewVolume()
                .withName("other")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
