package io.github.kubevxlan.controller.names.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.controller.address.NameKind;
import io.github.kubevxlan.controller.names.Endpoint;
import io.github.kubevxlan.controller.names.ObservedSlice;
import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.names.Slice;
import io.github.kubevxlan.controller.names.SliceChange;
import io.github.kubevxlan.controller.names.SlicePort;
import io.github.kubevxlan.controller.names.SliceWriteException;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SliceApiTest {
    private static final String PATH = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";
    private static final Slice SLICE = new Slice(
            "web-vxlan-ipv4-0",
            new ServiceRef("uid", "shop", "web"),
            Family.IPV4,
            List.of(
                    new SlicePort("web", "TCP", Optional.of("http"), 8080),
                    new SlicePort("", "UDP", Optional.empty(), 53)),
            List.of(
                    new Endpoint(
                            "10.1.0.1",
                            "web-0",
                            "node",
                            new PodRef("p0", "shop", "web-0", NameKind.STATEFUL),
                            new Endpoint.Conditions(true, false)),
                    new Endpoint(
                            "10.1.0.2",
                            "",
                            "",
                            new PodRef("p1", "shop", "has.dots"),
                            new Endpoint.Conditions(false, true))));

    private final Map<ServerRequest, Queue<ServerResponse>> scripted = new HashMap<>();
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), scripted, new KubernetesMixedDispatcher(scripted), false);
    private final KubernetesClient client = started(server);
    private final SliceApi api = new SliceApi(client);

    @AfterEach
    void stop() {
        client.close();
        // What is tested is over; the mock complains if its connections take more than ten seconds to end.
        Thread.ofVirtual().start(server::destroy);
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() throws Exception {
        String version = api.write(new SliceChange.Create(SLICE));
        EndpointSlice there = there();
        assertEquals(Optional.of(new ObservedSlice(SLICE, version)), SliceMapper.observed(there));
        assertEquals(SliceMapper.observed(there), SliceMapper.observed(SliceMapper.stripped(there)));
        assertEquals("web", there.getMetadata().getLabels().get("kubernetes.io/service-name"));
        assertEquals("", there.getMetadata().getLabels().get("service.kubernetes.io/headless"));
        assertEquals("IPv4", there.getAddressType());
        assertTrue(there.getEndpoints().getLast().getConditions().getReady(), "it is wanted as it is");
    }

    @Test
    void eachChangeIsOneRequest() throws Exception {
        String first = api.write(new SliceChange.Create(SLICE));
        Slice less = new Slice(
                SLICE.name(),
                SLICE.service(),
                SLICE.family(),
                List.of(),
                SLICE.endpoints().subList(0, 1));
        String second = api.write(new SliceChange.Update(less, first));
        assertEquals(Optional.of(new ObservedSlice(less, second)), SliceMapper.observed(there()));
        assertEquals("", api.write(new SliceChange.Delete(less, second)));
        assertEquals(3, api.sent());

        assertEquals("POST " + PATH, request());
        assertEquals("PUT " + PATH + "/web-vxlan-ipv4-0", request());
        assertEquals("GET " + PATH + "/web-vxlan-ipv4-0", request());
        RecordedRequest delete = server.takeRequest();
        assertEquals("DELETE", delete.getMethod());
        String body = delete.getUtf8Body();
        assertTrue(body.contains("\"preconditions\":{\"resourceVersion\":\"" + second + "\"}"), body);
    }

    @Test
    void aRefusalIsTold() throws Exception {
        api.write(new SliceChange.Create(SLICE));
        assertThrows(SliceWriteException.class, () -> api.write(new SliceChange.Create(SLICE)));
    }

    @Test
    void aSliceOfAnotherOwnerIsNotOurs() throws Exception {
        api.write(new SliceChange.Create(SLICE));
        EndpointSlice there = there();
        assertEquals(
                Optional.empty(),
                SliceMapper.observed(new EndpointSliceBuilder(there)
                        .editMetadata()
                        .withOwnerReferences()
                        .endMetadata()
                        .build()));
        assertEquals(
                Optional.empty(),
                SliceMapper.observed(new EndpointSliceBuilder(there)
                        .editMetadata()
                        .editFirstOwnerReference()
                        .withKind("Deployment")
                        .endOwnerReference()
                        .endMetadata()
                        .build()));
        assertEquals(
                Optional.empty(),
                SliceMapper.observed(new EndpointSliceBuilder(there)
                        .editMetadata()
                        .addToLabels(SliceMapper.MANAGED_BY, "endpointslice-controller.k8s.io")
                        .endMetadata()
                        .build()));
    }

    private EndpointSlice there() {
        return client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("shop")
                .withName(SLICE.name())
                .get();
    }

    private String request() throws InterruptedException {
        RecordedRequest request = server.takeRequest();
        return request.getMethod() + " " + request.getPath();
    }

    private static KubernetesClient started(KubernetesMockServer server) {
        server.init();
        return server.createClient();
    }
}
