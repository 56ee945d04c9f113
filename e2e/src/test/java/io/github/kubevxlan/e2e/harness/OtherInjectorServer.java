package io.github.kubevxlan.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Somebody else's injector, for a pod of its own: it adds containers as such do, some at the head of a list, some at its
 * end, each once. One class file with no other class of ours, since that is how it gets into its pod.
 */
public final class OtherInjectorServer {
    static final int PORT = 8443;
    static final String PASSWORD = "changeit";

    private static final ObjectMapper JSON = new ObjectMapper();

    private OtherInjectorServer() {}

    /** Serves /before and /after with the key in that PKCS #12 file; ends with the process. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = new FileInputStream(arguments[0])) {
            keys.load(file, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, new SecureRandom());
        HttpsServer server = HttpsServer.create(new InetSocketAddress(PORT), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/before", exchange -> answer(exchange, "before"));
        server.createContext("/after", exchange -> answer(exchange, "after"));
        server.createContext("/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    private static void answer(HttpExchange exchange, String name) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody()).path("request");
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode response = review.putObject("response");
        response.set("uid", request.path("uid"));
        response.put("allowed", true).put("patchType", "JSONPatch");
        response.put("patch", JSON.writeValueAsBytes(patch(request.at("/object/spec"), name)));
        byte[] body = JSON.writeValueAsBytes(review);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static ArrayNode patch(JsonNode spec, String name) {
        String image = spec.at("/containers/0/image").asText();
        ArrayNode patch = JSON.createArrayNode();
        if (!names(spec.path("containers")).contains(name)) {
            if (spec.path("initContainers").isMissingNode()) {
                patch.addObject()
                        .put("op", "add")
                        .put("path", "/spec/initContainers")
                        .putArray("value");
            }
            add(patch, "/spec/initContainers/0", name + "-first", image, "exit 0");
            add(patch, "/spec/initContainers/-", name + "-last", image, "ip link show type vxlan | grep UP");
            add(patch, "/spec/containers/-", name, image, "exec hold");
        }
        return patch;
    }

    private static void add(ArrayNode patch, String path, String name, String image, String script) {
        ObjectNode container =
                patch.addObject().put("op", "add").put("path", path).putObject("value");
        container.put("name", name).put("image", image).put("imagePullPolicy", "IfNotPresent");
        container.putArray("command").add("sh").add("-c").add(script);
    }

    private static List<String> names(JsonNode containers) {
        List<String> names = new ArrayList<>();
        containers.forEach(container -> names.add(container.path("name").asText()));
        return names;
    }
}
