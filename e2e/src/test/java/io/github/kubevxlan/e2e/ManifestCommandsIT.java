package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Manifest;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Vxlan;
import io.github.kubevxlan.e2e.scenario.OlderConfigMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code vxlan convert} and {@code vxlan render}, held against what the cluster makes of the same manifests. */
class ManifestCommandsIT {
    private static final String SELECTOR = "(?m)^  selector:\n    matchLabels:\n      run: .*\n";

    private static final Path OLDER =
            Client.repository().resolve("e2e/src/test/resources/older").toAbsolutePath();

    @RegisterExtension
    static final Stage stage = Stage.named("manifests");

    @TempDir
    private Path folder;

    @BeforeAll
    static void defineNetworksAsTheOlderConfigMapDid() {
        OlderConfigMap.define(stage, "convert", 7631);
        stage.define("cgw1", "8590");
        stage.define("cgw2", "8591");
    }

    @Test
    void olderManifestsComeUpOnceConverted() throws IOException {
        Path converted = folder.resolve("converted.yaml");
        Client.Ended ended = Vxlan.run(
                converted,
                "convert",
                "--networks",
                definitions().toString(),
                "--filename",
                asInTheFirstExamples(older("gateway.yaml")).toString(),
                "--filename",
                older("spellings.yaml").toString());
        assertTrue(ended.status() < 2, ended.output());
        stage.create(Manifest.file(converted).objects());

        Pod a = stage.ready("run", "a", 1).getFirst();
        Pod b = stage.ready("run", "b", 1).getFirst();
        Pod gw = stage.ready("run", "gw", 1).getFirst();
        Pod inline = stage.ready("inline").getFirst();
        Pod renamed = stage.ready("renamed").getFirst();
        Pod sidecarOnly = stage.ready("sidecar-only").getFirst();
        Overlays.awaitExact("convert1", List.of(a, gw));
        Overlays.awaitExact("convert2", List.of(b, gw));
        Overlays.ping(a, "10.78.2.2");
        assertEquals(
                List.of("convert3 7633 14789 1450 up 10.78.3.1/24", "convert4 7634 14789 1450 down "), links(inline));
        assertEquals(
                List.of(
                        "convert4 7634 14789 1450 up ",
                        "convert5 7635 14789 1450 down 10.78.5.2/24",
                        "inner 7633 14789 1450 up 10.78.3.2/24"),
                links(renamed));
        assertEquals(List.of("convert3 7633 14789 1450 up ", "convert5 7635 14789 1450 down "), links(sidecarOnly));
        assertFalse(
                Stream.of(a, b, gw, inline, renamed, sidecarOnly)
                        .flatMap(pod -> Stream.concat(
                                pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream()))
                        .map(Container::getImage)
                        .anyMatch(image -> image.contains("openvnf") || image.contains("aialferov")),
                "an agent of the older controllers is left");
    }

    @Test
    void aGatewaysChartComesUpWithItsValuesConverted() throws IOException {
        Path values = folder.resolve("values.yaml");
        Client.Ended ended = Vxlan.run(
                values,
                "convert",
                "--networks",
                definitions().toString(),
                "--filename",
                OLDER.resolve("cgw-values.yaml").toString());
        assertEquals(0, ended.status(), ended.output());
        Path chart = Files.writeString(
                folder.resolve("chart.yaml"),
                Client.run("helm", "template", "cgw", OLDER.resolve("cgw").toString(), "--values", values.toString()));
        stage.create(Manifest.file(chart).objects());
        Pod peer = stage.start(Pods.member("cgw-peer", "cgw1 ip=10.79.1.2/24")).getFirst();

        Pod gateway = stage.ready("run", "cgw", 1).getFirst();

        Overlays.awaitExact("cgw1", List.of(gateway, peer));
        assertEquals(List.of("cgw1 8590 14789 1450 up 10.79.1.1/24", "cgw2 8591 14789 1450 up "), links(gateway));
        assertTrue(Shell.exec(gateway, "gateway", "ip", "route", "show", "10.79.3.0/24")
                .contains("via 10.79.1.2 dev cgw1"));
        assertTrue(Shell.exec(gateway, "gateway", "ip", "link", "show", "cgw2").contains("master bridge0"));
        Overlays.ping(gateway, "10.79.1.2");
    }

    /** What is rendered has the agent already, to which the webhook adds nothing, so both come out as the same pod. */
    @Test
    void whatIsRenderedIsWhatTheWebhookMakes() throws IOException {
        Path plain = folder.resolve("plain.yaml");
        Path release = folder.resolve("release.yaml");
        Path rendered = folder.resolve("rendered.yaml");
        Pod pod = Pods.member("rendered", "convert1 ip=10.78.9.1/24");
        Files.writeString(plain, Cluster.client().getKubernetesSerialization().asYaml(pod));
        Files.writeString(release, Client.run("helm", "-n", Cluster.SYSTEM, "get", "manifest", Cluster.CONTROLLER));

        Client.Ended ended = Vxlan.run(
                rendered,
                "render",
                "--networks",
                release.toString(),
                "--networks",
                definitions().toString(),
                "--filename",
                plain.toString());

        assertEquals(0, ended.status(), ended.output());
        HasMetadata only = Manifest.file(rendered).objects()[0];
        assertTrue(Pods.hasAgent((Pod) only), "nothing was rendered");
        assertEquals(specOf(pod), specOf((Pod) only));
    }

    /** Volumes come in no order, and the name of the one with the service account's token is drawn anew each time. */
    private static String specOf(Pod pod) {
        PodSpec spec = stage.dryRun(pod).getSpec();
        spec.setVolumes(spec.getVolumes().stream()
                .sorted(Comparator.comparing(Volume::getName))
                .toList());
        return Cluster.client()
                .getKubernetesSerialization()
                .asYaml(spec)
                .replaceAll("kube-api-access-[a-z0-9]+", "kube-api-access");
    }

    private Path definitions() throws IOException {
        return Files.writeString(
                folder.resolve("networks.yaml"),
                Client.run(
                        "kubectl", "-n", Cluster.SYSTEM, "get", "configmap", Cluster.CONFIG_MAP, "--output", "yaml"));
    }

    /** With names and addresses that no other class has. */
    private Path older(String name) throws IOException {
        String text = Files.readString(OLDER.resolve(name))
                .replace("older", "convert")
                .replace("=762", "=763")
                .replace("10.77.", "10.78.");
        return Files.writeString(folder.resolve(name), text);
    }

    /** An API version that is gone, without selectors, and the label that later became today's. */
    private static Path asInTheFirstExamples(Path file) throws IOException {
        return Files.writeString(
                file,
                Files.readString(file)
                        .replace("apps/v1", "extensions/v1beta1")
                        .replaceAll(SELECTOR, "")
                        .replace("vxlan.openvnf.org", "vxlan.travelping.com"));
    }

    private static List<String> links(Pod pod) {
        return Overlays.of(pod).describe();
    }
}
