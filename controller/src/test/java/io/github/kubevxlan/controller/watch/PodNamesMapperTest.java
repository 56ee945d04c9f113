package io.github.kubevxlan.controller.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.names.PodNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodNamesMapperTest {
    private static final PodMapper PODS = new PodMapper(new Keys("vxlan.travelping.com"));
    private static final PodNamesMapper MAPPER = new PodNamesMapper(PODS);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStrippedPodHasWhatItsNamesAreMadeOf(boolean ready) {
        Pod pod = pod(ready ? "True" : "False").build();
        PodNames names = MAPPER.names(MAPPER.stripped(pod)).orElseThrow();

        assertEquals("web-0", names.hostname());
        assertEquals("node1", names.node());
        assertEquals(Map.of("app", "web"), names.labels());
        assertEquals(ready, names.ready());
        assertFalse(names.ends());
        assertEquals("blue", names.networks().getFirst().name());
    }

    @Test
    void whatIsKeptForNamesChangesNothingForMembers() {
        Pod pod = pod("True").build();
        assertEquals(PODS.snapshot(PODS.stripped(pod)), PODS.snapshot(MAPPER.stripped(pod)));
    }

    @Test
    void aPodThatIsOverHasNoNames() {
        Pod pod = pod("True").editStatus().withPhase("Failed").endStatus().build();
        assertEquals(Optional.empty(), MAPPER.names(MAPPER.stripped(pod)));
    }

    @Test
    void aPodWithoutStatusIsNotReady() {
        Pod pod = pod("True").withStatus(null).build();
        assertFalse(MAPPER.names(MAPPER.stripped(pod)).orElseThrow().ready());
        assertEquals(
                List.of(),
                MAPPER.names(MAPPER.stripped(pod("True")
                                .editMetadata()
                                .withUid("another")
                                .endMetadata()
                                .build()))
                        .orElseThrow()
                        .networks());
    }

    private static PodBuilder pod(String ready) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("web-0")
                .withUid("u1")
                .addToLabels("app", "web")
                .addToAnnotations(
                        "vxlan.travelping.com/status",
                        "[{\"name\":\"blue\",\"interface\":\"blue\",\"ips\":[\"10.1.0.1\"],\"state\":\"Ready\",\"uid\":\"u1\"}]")
                .endMetadata()
                .withNewSpec()
                .withNodeName("node1")
                .withHostname("web-0")
                .withSubdomain("web")
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready)
                .endCondition()
                .addNewCondition()
                .withType("vxlan.travelping.com/ready")
                .withStatus("True")
                .endCondition()
                .endStatus();
    }
}
