package io.github.kubevxlan.controller.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One pod, a/p, behind HTTP with the API server's rules for a strategic merge patch of its status: UID and
 * resourceVersion must be the pod's, conditions are merged by type, null removes.
 */
final class PodApi implements AutoCloseable {
    static final String KEY = "vxlan.travelping.com/status";
    static final String CONDITION = "vxlan.travelping.com/ready";

    final List<String> requests = new ArrayList<>();
    final Deque<Runnable> beforePatch = new ArrayDeque<>();
    int refusal;
    /** No annotation more fits. */
    boolean full;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final HttpServer server;
    private final KubernetesClient client;
    private ObjectNode pod;

    PodApi(String uid) {
        pod = pod(uid);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    KubernetesClient client() {
        return client;
    }

    /** The pod of that UID is there now. */
    void replace(String uid) {
        pod = pod(uid);
    }

    /** Somebody else changes the pod. */
    void touch() {
        metadata().put("resourceVersion", Long.toString(version() + 1));
    }

    void annotate(String text) {
        metadata().withObject("annotations").put(KEY, text);
        touch();
    }

    long version() {
        return Long.parseLong(metadata().get("resourceVersion").textValue());
    }

    JsonNode metadataNow() {
        return metadata();
    }

    JsonNode condition(String type) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").textValue().equals(type)) {
                return condition;
            }
        }
        return MAPPER.createObjectNode();
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        requests.add(
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        if (exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 200);
            return;
        }
        if (!beforePatch.isEmpty()) {
            beforePatch.removeFirst().run();
        }
        JsonNode patch = MAPPER.readTree(exchange.getRequestBody());
        boolean strategic = "application/strategic-merge-patch+json"
                .equals(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (refusal != 0 || !strategic) {
            answer(exchange, refusal == 0 ? 415 : refusal);
        } else if (!patch.path("metadata").path("uid").equals(metadata().get("uid"))) {
            answer(exchange, 422);
        } else if (!patch.path("metadata")
                .path("resourceVersion")
                .equals(metadata().get("resourceVersion"))) {
            answer(exchange, 409);
        } else if (full && patch.path("metadata").has("annotations")) {
            answer(
                    exchange,
                    422,
                    MAPPER.createObjectNode()
                            .put("kind", "Status")
                            .put("apiVersion", "v1")
                            .put("message", "metadata.annotations: Too long: may not be more than 262144 bytes"));
        } else {
            apply(patch);
            touch();
            answer(exchange, 200);
        }
    }

    private void apply(JsonNode patch) {
        patch.path("metadata").path("annotations").properties().forEach(entry -> {
            ObjectNode annotations = metadata().withObject("annotations");
            if (entry.getValue().isNull()) {
                annotations.remove(entry.getKey());
            } else {
                annotations.set(entry.getKey(), entry.getValue());
            }
        });
        ArrayNode conditions = (ArrayNode) pod.path("status").path("conditions");
        for (JsonNode changed : patch.path("status").path("conditions")) {
            JsonNode there = condition(changed.path("type").textValue());
            if (there.isEmpty()) {
                conditions.add(changed);
            } else {
                ((ObjectNode) there).setAll((ObjectNode) changed);
            }
        }
    }

    private void answer(HttpExchange exchange, int status) throws IOException {
        answer(exchange, status, pod);
    }

    private static void answer(HttpExchange exchange, int status, JsonNode object) throws IOException {
        byte[] body = object.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private ObjectNode metadata() {
        return pod.withObject("metadata");
    }

    private static ObjectNode pod(String uid) {
        ObjectNode made = MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        made.putObject("metadata")
                .put("name", "p")
                .put("namespace", "a")
                .put("uid", uid)
                .put("resourceVersion", "100")
                .putObject("annotations")
                .put("other", "stays");
        made.putObject("spec").putArray("containers");
        made.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "True");
        return made;
    }
}
