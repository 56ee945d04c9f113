package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapturesTest {
    private static final String PATH = "/api/v1/namespaces/lab/pods/one";

    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void theContainerIsAddedToWhateverOthersThereAreAtThatTime() throws Exception {
        RecordedRequest patch = patch();

        assertEquals("application/strategic-merge-patch+json", patch.getHeader("Content-Type"));
        assertEquals(1, containers(patch).size());
        assertFalse(patch.getUtf8Body().contains("resourceVersion"), patch.getUtf8Body());
    }

    @Test
    void theContainerOnlyWaits() throws Exception {
        JsonNode container = containers(patch()).get(0);

        assertEquals(
                "[\"/vxlan/agent\",\"capturing\"]", container.get("command").toString());
        assertFalse(container.has("stdin"), container.toString());
    }

    /** The kubelet does not try again. */
    @ParameterizedTest
    @ValueSource(strings = {"ErrImagePull", "ImagePullBackOff", "CreateContainerConfigError", "InvalidImageName"})
    void anImageThatCannotBeHadIsAFailureAtOnce(String reason) {
        assertTrue(Captures.isStartedOrFailed(waiting(reason)));
        assertFalse(Captures.isStartedOrFailed(waiting("ContainerCreating")));
    }

    private static ContainerState waiting(String reason) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .endWaiting()
                .build();
    }

    private RecordedRequest patch() throws Exception {
        cluster.server()
                .expect()
                .patch()
                .withPath(PATH + "/ephemeralcontainers")
                .andReturn(200, new PodBuilder().build())
                .once();
        Captures captures = new Captures(cluster.client(), "registry/agent:1");
        assertThrows(
                CommandFailure.class, () -> captures.open(new PodRef("uid", "lab", "one")), "the pod is not there");
        List<String> seen = new ArrayList<>();
        while (true) {
            RecordedRequest request = cluster.server().takeRequest(0, TimeUnit.SECONDS);
            if (request == null) {
                throw new AssertionError("no patch in " + seen);
            }
            seen.add(request.getMethod() + " " + request.getPath());
            if (request.getMethod().equals("PATCH")) {
                assertEquals(List.of("PATCH " + PATH + "/ephemeralcontainers"), seen);
                return request;
            }
        }
    }

    private static JsonNode containers(RecordedRequest patch) throws JsonProcessingException {
        return new ObjectMapper().readTree(patch.getUtf8Body()).at("/spec/ephemeralContainers");
    }
}
