package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Manifest;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.OlderConfigMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Manifests of the older controller under its key prefix, unchanged: with agents by hand, whose images are nowhere to be
 * had here, and definitions as its ConfigMap spells them.
 */
@Alone("another key prefix replaces the whole release")
@ParameterizedClass
@ValueSource(strings = {"classic", "auto"})
class OlderManifestsIT {
    private static final String PREFIX = "vxlan.openvnf.org";

    @RegisterExtension
    static final Stage stage = Stage.named("older");

    private static final Manifest MANIFESTS = Manifest.resources("older/gateway.yaml", "older/spellings.yaml");

    private final boolean isClassic;
    private final Pod a = stage.ready("run", "a", 1).getFirst();
    private final Pod b = stage.ready("run", "b", 1).getFirst();
    private final Pod gw = stage.ready("run", "gw", 1).getFirst();
    private final Pod inline = stage.ready("inline").getFirst();
    private final Pod renamed = stage.ready("renamed").getFirst();
    private final Pod sidecarOnly = stage.ready("sidecar-only").getFirst();

    OlderManifestsIT(String mode) {
        isClassic = mode.equals("classic");
    }

    @BeforeAll
    static void defineNetworksAsTheOlderConfigMapDid() {
        OlderConfigMap.define(stage, "older", 7621);
    }

    @BeforeParameterizedClassInvocation
    static void setUp(String mode) {
        stage.setUp(OlderManifestsIT.class, () -> applyManifests(mode));
    }

    private static void applyManifests(String mode) {
        Release.replace("--set", "keyPrefix=" + PREFIX + ",agent.mode=" + mode);
        Release.awaitInjection(PREFIX);
        stage.create(MANIFESTS.objects());
    }

    @AfterParameterizedClassInvocation
    static void takeThemAway() {
        stage.delete(MANIFESTS.objects());
    }

    @AfterAll
    static void returnToTheUsualPrefix() {
        Release.replace("--set", "keyPrefix=" + Cluster.PREFIX + ",agent.mode=auto");
        Release.awaitInjection(Cluster.PREFIX);
    }

    @Test
    void ourAgentIsInThePlaceOfEveryExistingOne() {
        assertEquals(List.of(isClassic ? Cluster.AGENT + "-init" : Cluster.AGENT), names(initContainers(a)));
        assertEquals(isClassic ? List.of("a", Cluster.AGENT) : List.of("a"), names(containers(a)));
        assertEquals(
                List.of(isClassic ? Cluster.AGENT + "-init" : Cluster.AGENT, "sees-its-interface"),
                names(initContainers(inline)));
        assertEquals(isClassic ? List.of(Cluster.AGENT, "app") : List.of("app"), names(containers(inline)));
        assertEquals(
                List.of("busybox:1.36", "kube-vxlan-controller-agent:lab"),
                Stream.of(a, b, gw, inline, renamed, sidecarOnly)
                        .flatMap(pod -> Stream.concat(initContainers(pod).stream(), containers(pod).stream()))
                        .map(Container::getImage)
                        .distinct()
                        .sorted()
                        .toList());
    }

    @Test
    void gatewayExampleHasExactlyItsLinksAndRoutesAndForwards() {
        assertEquals(List.of("older1 7621 8472 1450 up 10.77.1.2/29"), links(a));
        assertEquals(List.of("older2 7622 8472 1450 up 10.77.2.2/29"), links(b));
        assertEquals(
                List.of("older1 7621 8472 1450 up 10.77.1.1/29", "older2 7622 8472 1450 up 10.77.2.1/29"), links(gw));
        assertEquals(List.of("10.77.2.0/29 via 10.77.1.1 dev older1"), routes(a));
        assertEquals(List.of("10.77.1.0/29 via 10.77.2.1 dev older2"), routes(b));
        assertEquals(List.of(), routes(gw));
        Overlays.awaitExact("older1", List.of(a, gw));
        Overlays.awaitExact("older2", List.of(b, gw));
        ping(a, "10.77.2.2", "ttl=63");
        ping(b, "10.77.1.2", "ttl=63");
    }

    @Test
    void everySpellingGivesExactlyWhatItGaveBefore() {
        assertEquals(List.of("older3 7623 8472 1450 up 10.77.3.1/24", "older4 7624 8472 1450 down "), links(inline));
        assertEquals(
                List.of(
                        "inner 7623 8472 1450 up 10.77.3.2/24",
                        "older4 7624 8472 1450 up ",
                        "older5 7625 8472 1450 down 10.77.5.2/24"),
                links(renamed));
        assertEquals(List.of("older3 7623 8472 1450 up ", "older5 7625 8472 1450 down "), links(sidecarOnly));
        awaitFloods(inline, "older3", renamed, sidecarOnly);
        awaitFloods(renamed, "inner", inline, sidecarOnly);
        awaitFloods(sidecarOnly, "older3", inline, renamed);
        ping(inline, "10.77.3.2", "ttl=64");
        ping(renamed, "10.77.3.1", "ttl=64");
    }

    private static void awaitFloods(Pod pod, String link, Pod... peers) {
        List<String> wanted = Stream.of(peers).map(Pods::ip).sorted().toList();
        Await.until("exact entries of " + link, () -> {
            List<String> found = Overlays.of(pod).floods(link).stream().sorted().toList();
            return found.equals(wanted) ? Optional.empty() : Optional.of(found + ", not " + wanted);
        });
    }

    private static void ping(Pod from, String address, String sign) {
        String said = Overlays.ping(from, address);
        assertTrue(said.contains(sign), said);
    }

    private static List<String> links(Pod pod) {
        return Overlays.of(pod).describe();
    }

    private static List<String> routes(Pod pod) {
        return Lab.inPod(pod, "ip route show proto 184")
                .lines()
                .map(String::strip)
                .toList();
    }

    private static List<Container> initContainers(Pod pod) {
        return pod.getSpec().getInitContainers();
    }

    private static List<Container> containers(Pod pod) {
        return pod.getSpec().getContainers();
    }

    private static List<String> names(List<Container> containers) {
        return containers.stream().map(Container::getName).toList();
    }
}
