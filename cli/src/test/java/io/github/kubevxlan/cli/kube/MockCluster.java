package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** An API server that answers as a test has told it, and else by what was made in it. */
final class MockCluster implements AutoCloseable {
    private final Map<ServerRequest, Queue<ServerResponse>> told = new HashMap<>();
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), told, new KubernetesMixedDispatcher(told), false);
    private final KubernetesClient client;

    MockCluster() {
        server.init();
        client = server.createClient();
    }

    KubernetesMockServer server() {
        return server;
    }

    KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        // What is tested is over; the mock complains if its connections take more than ten seconds to end.
        Thread.ofVirtual().start(server::destroy);
    }
}
