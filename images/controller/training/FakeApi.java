import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * As much of an API server as the program needs to come up without a cluster: it keeps what it is given, lists and
 * watches it, and checks nothing. WebSockets are refused, so the client watches by plain HTTP. On loopback, with the key and certificate of a key store.
 */
final class FakeApi implements AutoCloseable {
    private record Watcher(String path, String selector, BlockingQueue<String> events) {}

    static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private final HttpsServer server;
    private int version = 1;
    private volatile boolean execAsked;

    FakeApi(KeyStore store, char[] password) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, password);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** Stores an object at its path and tells those who watch. */
    synchronized ObjectNode put(String path, ObjectNode object) {
        ObjectNode metadata = object.withObject("metadata");
        boolean isNew = objects.put(path, object) == null;
        metadata.put("resourceVersion", Integer.toString(++version));
        if (!metadata.has("uid")) {
            metadata.put(
                    "uid",
                    UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8))
                            .toString());
        }
        String event = JSON.createObjectNode()
                .put("type", isNew ? "ADDED" : "MODIFIED")
                .set("object", object)
                .toString();
        watchers.stream()
                .filter(one -> matches(path, one.path(), one.selector()))
                .forEach(one -> one.events().add(event));
        return object;
    }

    /** Whether anybody asked to exec into a pod. */
    boolean isExecAsked() {
        return execAsked;
    }

    synchronized ObjectNode get(String path) {
        return objects.get(path);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getQuery() == null
                ? ""
                : exchange.getRequestURI().getQuery();
        byte[] body = exchange.getRequestBody().readAllBytes();
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (exchange.getRequestHeaders().containsKey("Upgrade")) {
                    execAsked |= path.endsWith("/exec");
                    reply(exchange, 200, status(200));
                } else if (query.contains("watch=true")) {
                    watch(exchange, path, selector(query));
                } else {
                    read(exchange, path, selector(query));
                }
            }
            case "POST" -> {
                ObjectNode object = (ObjectNode) JSON.readTree(body);
                reply(
                        exchange,
                        201,
                        put(path + "/" + object.at("/metadata/name").asText(), object));
            }
            case "PUT" -> reply(exchange, 200, put(path, (ObjectNode) JSON.readTree(body)));
            case "PATCH" -> reply(exchange, 200, put(path, patched(get(path).deepCopy(), JSON.readTree(body))));
            default -> reply(exchange, 405, status(405));
        }
    }

    /** A JSON patch (RFC 6902) is an array, a merge patch (RFC 7396) an object. */
    private static ObjectNode patched(ObjectNode object, JsonNode patch) {
        if (patch.isArray()) {
            return (ObjectNode) JsonPatch.apply(patch, object);
        }
        patch.fields().forEachRemaining(field -> {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                object.remove(field.getKey());
            } else if (value.isObject()) {
                JsonNode there = object.get(field.getKey());
                ObjectNode before = there instanceof ObjectNode known ? known : JSON.createObjectNode();
                object.set(field.getKey(), patched(before, value));
            } else {
                object.set(field.getKey(), value);
            }
        });
        return object;
    }

    private void read(HttpExchange exchange, String path, String selector) throws IOException {
        ObjectNode list = JSON.createObjectNode();
        ObjectNode object;
        synchronized (this) {
            object = objects.get(path);
            list.putObject("metadata").put("resourceVersion", Integer.toString(version));
            var items = list.putArray("items");
            objects.forEach((key, value) -> {
                if (matches(key, path, selector)) {
                    items.add(value);
                }
            });
        }
        boolean isCollection = path.matches(".*/(pods|namespaces|configmaps|secrets|leases)");
        if (object != null) {
            reply(exchange, 200, object);
        } else {
            reply(exchange, isCollection ? 200 : 404, isCollection ? list : status(404));
        }
    }

    private void watch(HttpExchange exchange, String path, String selector) throws IOException {
        Watcher watcher = new Watcher(path, selector, new LinkedBlockingQueue<>());
        synchronized (this) {
            watchers.add(watcher);
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
                out.flush();
                out.write((watcher.events().take() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the object at {@code key} is in the collection at {@code path}, in its namespace or in all. */
    private static boolean matches(String key, String path, String selector) {
        String collection = key.substring(0, key.lastIndexOf('/'));
        boolean isIn = collection.equals(path)
                || collection.replaceFirst("/namespaces/[^/]+/", "/").equals(path);
        return isIn && (selector.isEmpty() || key.endsWith("/" + selector));
    }

    private static String selector(String query) {
        return query.replaceFirst("^(?:.*&)?fieldSelector=metadata\\.name=([^&]*).*$|^.*$", "$1");
    }

    private static ObjectNode status(int code) {
        return JSON.createObjectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("code", code);
    }

    private static void reply(HttpExchange exchange, int code, ObjectNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
