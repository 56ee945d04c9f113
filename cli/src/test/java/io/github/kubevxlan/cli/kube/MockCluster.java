package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** An API server that answers as a test has told it, and else by what was made in it. */
public final class MockCluster implements AutoCloseable {
    private final Map<ServerRequest, Queue<ServerResponse>> told = new HashMap<>();
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), told, new KubernetesMixedDispatcher(told), false);
    private final KubernetesClient client;

    /** Starts one. */
    public MockCluster() {
        server.init();
        client = server.createClient();
    }

    /** To be told what to answer. */
    public KubernetesMockServer server() {
        return server;
    }

    /** Takes each new pod of a namespace in a dry run, and answers that it would become this one. */
    public void takesPods(String namespace, Pod changed) {
        server.expect()
                .post()
                .withPath("/api/v1/namespaces/" + namespace + "/pods?dryRun=All")
                .andReturn(HttpURLConnection.HTTP_CREATED, changed)
                .always();
    }

    /** The way to it. */
    public KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        // What is tested is over; the mock complains if its connections take more than ten seconds to end.
        Thread.ofVirtual().start(server::destroy);
    }
}
