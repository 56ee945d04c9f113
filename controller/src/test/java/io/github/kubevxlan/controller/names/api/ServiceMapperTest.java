package io.github.kubevxlan.controller.names.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.github.kubevxlan.controller.names.Samples;
import io.github.kubevxlan.controller.names.ServicePort;
import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.names.ServiceSnapshot;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceMapperTest {
    private static final ServiceMapper MAPPER = new ServiceMapper(Samples.KEYS);

    @Test
    void aStrippedServiceSaysWhatItSaid() {
        Service service = service()
                .editMetadata()
                .addToAnnotations("vxlan.travelping.com/network", "blue")
                .addToAnnotations("vxlan.travelping.com/network-pods", "app=web")
                .endMetadata()
                .editSpec()
                .addToSelector("b", "2")
                .addToSelector("a", "1")
                .endSpec()
                .build();
        ServiceSnapshot snapshot = new ServiceSnapshot(
                new ServiceRef("u1", "shop", "web"),
                "2026-01-01T00:00:00Z",
                new ServiceSnapshot.Annotations("blue", Optional.of("app=web")),
                new ServiceSnapshot.Spec(
                        "a=1,b=2",
                        "None",
                        true,
                        List.of(
                                new ServicePort("web", "TCP", Optional.of("http"), "8080"),
                                new ServicePort("", "UDP", Optional.empty(), "53"),
                                new ServicePort("named", "TCP", Optional.empty(), "http"))));
        assertEquals(Optional.of(snapshot), MAPPER.snapshot(service));
        assertEquals(Optional.of(snapshot), MAPPER.snapshot(MAPPER.stripped(service)));
    }

    @Test
    void ofAServiceThatNamesNoNetworkTheNameIsLeft() {
        Service small = MAPPER.stripped(service().build());
        assertEquals(Optional.empty(), MAPPER.snapshot(small));
        assertEquals("web", small.getMetadata().getName());
        assertEquals("7", small.getMetadata().getResourceVersion());
        assertNull(small.getSpec());
    }

    private static ServiceBuilder service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("web")
                .withUid("u1")
                .withResourceVersion("7")
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .addToAnnotations("example.com/other", "x")
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .addNewPort()
                .withName("web")
                .withPort(80)
                .withAppProtocol("http")
                .withTargetPort(new IntOrString(8080))
                .endPort()
                .addNewPort()
                .withPort(53)
                .withProtocol("UDP")
                .endPort()
                .addNewPort()
                .withName("named")
                .withPort(81)
                .withTargetPort(new IntOrString("http"))
                .endPort()
                .endSpec();
    }
}
