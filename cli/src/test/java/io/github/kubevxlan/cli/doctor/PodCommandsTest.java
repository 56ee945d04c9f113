package io.github.kubevxlan.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.state.PodFacts.Manifest;
import io.github.kubevxlan.cli.state.PodFacts.Owner;
import io.github.kubevxlan.cli.state.Release;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodCommandsTest {
    private static final Release RELEASE = new Release(Release.USUAL_NAMESPACE, Release.USUAL_NAME);
    private static final String PATCH = "'{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":"
            + "\"vxlan-controller-agent\",\"securityContext\":{\"capabilities\":{\"add\":[\"NET_ADMIN\"]}}}]}}}}'";

    @Test
    void ownerMakesADeletedPodAnew() {
        assertEquals("kubectl --namespace lab delete pod one", of("job").recreate());
    }

    @Test
    void podOfNobodyIsReplaced() {
        assertEquals(
                "kubectl --namespace lab get pod one --output yaml | kubectl replace --force --filename -",
                of(Optional.empty()).recreate());
    }

    @Test
    void ephemeralContainersAreNotMadeAnew() {
        PodCommands debugged = new PodCommands(facts(Optional.empty(), true), RELEASE);

        assertEquals(
                "kubectl --namespace lab get pod one --output yaml | kubectl patch --local --filename - --output yaml"
                        + " --patch '{\"spec\":{\"ephemeralContainers\":null}}' | kubectl replace --force --filename -",
                debugged.recreate());
        assertTrue(debugged.recreateWithCapability().contains("\"ephemeralContainers\":null,\"containers\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deployment  | patch deployment web --patch PATCH",
                "daemonset   | patch daemonset web --patch PATCH",
                "statefulset | patch statefulset web --patch PATCH && kubectl --namespace lab delete pod one",
                "job         | edit job web",
            })
    void templateOfTheOwnerIsChanged(String kind, String command) {
        assertEquals("kubectl --namespace lab " + command.replace("PATCH", PATCH), of(kind).recreateWithCapability());
    }

    private static PodCommands of(String owner) {
        return of(Optional.of(new Owner(owner, "web")));
    }

    private static PodCommands of(Optional<Owner> owner) {
        return new PodCommands(facts(owner, false), RELEASE);
    }

    private static PodFacts facts(Optional<Owner> owner, boolean wasDebugged) {
        PodFacts pod = Clusters.member("one", "10.0.0.1", "vxeth1", "");
        return new PodFacts(
                pod.snapshot(),
                pod.prefix(),
                pod.phase(),
                pod.waiting(),
                new Manifest("agent:1", "containers", owner, wasDebugged));
    }
}
