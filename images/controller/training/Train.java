import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * {@code Train ROOTFS KEYSTORE PASSWORD CA OUTPUT}: runs the staged program against a {@link FakeApi}, has it issue its
 * certificates and admit pods, then ends it, upon which its Java writes the ahead-of-time cache OUTPUT.
 */
final class Train {
    private static final int ADMISSIONS = 300;
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final String PREFIX = "vxlan.travelping.com";

    private final long end = System.nanoTime() + DEADLINE.toNanos();

    private Train() {}

    static void main(String[] args) throws Exception {
        // The certificate is for the webhook's Service, and this calls it on loopback.
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        new Train().run(Path.of(args[0]), args[1], args[2].toCharArray(), args[3], args[4]);
    }

    private void run(Path rootfs, String keyStore, char[] password, String ca, String output) throws Exception {
        try (FakeApi api = new FakeApi(keyStore, password)) {
            fill(api);
            int port = freePort();
            int webhookAdmin = freePort();
            int controllerAdmin = freePort();
            int page = freePort();
            Process program = start(
                    rootfs,
                    api.port(),
                    ca,
                    output,
                    "webhook KUBEVXLAN_AGENT_IMAGE=agent KUBEVXLAN_PORT=%d KUBEVXLAN_ADMIN_PORT=%d"
                            .formatted(port, webhookAdmin),
                    "controller KUBEVXLAN_INITIAL_NETWORKS=vxeth0=100 KUBEVXLAN_ADMIN_PORT=%d KUBEVXLAN_PAGE_PORT=%d"
                            .formatted(controllerAdmin, page));
            try {
                awaitReady(program, controllerAdmin);
                awaitReady(program, webhookAdmin);
                try (HttpClient client = client(api)) {
                    for (int i = 0; i < ADMISSIONS; i++) {
                        admit(client, port, i);
                    }
                }
                get(webhookAdmin, "/metrics");
                get(controllerAdmin, "/metrics");
                get(page, "/");
                program.destroy();
                if (!program.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new IOException("the program did not end");
                }
            } finally {
                program.destroyForcibly();
            }
        }
    }

    private static Process start(Path rootfs, int apiPort, String ca, String output, String... commands)
            throws IOException {
        Path app = rootfs.resolve("app");
        ProcessBuilder builder = new ProcessBuilder(
                rootfs.resolve("opt/java/bin/java").toString(),
                "@" + app.resolve("jvm.options"),
                "-XX:AOTCacheOutput=" + output,
                "-cp",
                app.resolve("kube-vxlan-controller.jar").toString(),
                "io.github.kubevxlan.app.Training");
        builder.command().addAll(List.of(commands));
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "KUBERNETES_MASTER",
                        "https://127.0.0.1:" + apiPort,
                        "KUBERNETES_CERTS_CA_FILE",
                        ca,
                        "KUBERNETES_AUTH_TOKEN",
                        "token",
                        "KUBERNETES_AUTH_TRYKUBECONFIG",
                        "false"));
        return builder.inheritIO().start();
    }

    /** What is there when the program starts: the registration to trust, and one pod whose agent does not answer. */
    private static void fill(FakeApi api) throws IOException {
        api.put("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/kube-vxlan-controller", json("""
            {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
             "metadata": {"name": "kube-vxlan-controller"},
             "webhooks": [{"name": "pods", "clientConfig": {}}]}\
            """));
        api.put("/version", json("""
            {"major": "1", "minor": "34", "gitVersion": "v1.34.4"}\
            """));
        api.put("/api/v1/namespaces/default", json("""
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}\
            """));
        api.put("/api/v1/namespaces/default/pods/member", json("""
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "member", "namespace": "default", "labels": {"%1$s": "true"},
                          "annotations": {"%1$s/networks": "vxeth0 ip=192.168.11.2/29"}},
             "spec": {"nodeName": "node", "containers": [{"name": "app"}],
                      "initContainers": [{"name": "vxlan-controller-agent", "restartPolicy": "Always"}]},
             "status": {"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}],
                        "initContainerStatuses": [{"name": "vxlan-controller-agent", "started": true,
                                                   "state": {"running": {}}}]}}\
            """.formatted(PREFIX)));
    }

    private static void admit(HttpClient client, int port, int number) throws Exception {
        String uid = "uid-" + number;
        String review = """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
             "request": {"uid": "%s", "operation": "CREATE", "namespace": "default", "name": "p",
               "kind": {"group": "", "version": "v1", "kind": "Pod"},
               "resource": {"group": "", "version": "v1", "resource": "pods"},
               "object": {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "p", "namespace": "default", "labels": {"%s": "true"},
                              "annotations": {"%s/networks": "vxeth0 ip=192.168.11.%d/24 up"}},
                 "spec": {"containers": [{"name": "app", "image": "app"}]}}}}\
            """.formatted(uid, PREFIX, PREFIX, number % 250 + 1);
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/mutate"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(review))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200
                || !FakeApi.JSON.readTree(answer.body()).at("/response/patch").isTextual()) {
            throw new IOException("admission answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private void awaitReady(Process program, int adminPort) throws Exception {
        while (get(adminPort, "/readyz") != 200) {
            if (!program.isAlive() || System.nanoTime() > end) {
                throw new IOException("the program did not become ready");
            }
            Thread.sleep(100);
        }
    }

    private static int get(int port, String path) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) FakeApi.JSON.readTree(text);
    }

    /** Trusts the authority that the controller has made and put into the webhook's Secret. */
    private static HttpClient client(FakeApi api) throws Exception {
        String path = "/api/v1/namespaces/kube-system/secrets/kube-vxlan-controller-webhook-tls";
        byte[] pem = Base64.getDecoder().decode(api.get(path).at("/data/ca.crt").asText());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "ca", CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(tls).build();
    }
}
