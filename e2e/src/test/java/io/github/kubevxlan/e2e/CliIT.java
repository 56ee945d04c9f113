package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Vxlan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command {@code vxlan}. What is changed by hand stays so until the class is over, so that comes last. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CliIT {
    private static final String NETWORK = "e2e-cli";

    @RegisterExtension
    static final Stage stage = Stage.named("cli");

    private static List<Pod> pods = List.of();

    @BeforeAll
    static void startMembers() {
        stage.define(NETWORK, "8490");
        pods = stage.start(
                Pods.onNode(0, Pods.member("hand", NETWORK + " ip=10.84.90.1/24 route=10.84.91.0/24:10.84.90.2")),
                Pods.onNode(1, Pods.member("peer", NETWORK + " ip=10.84.90.2/24")));
        Overlays.awaitExact(NETWORK, pods);
    }

    @Test
    @Order(1)
    void networksAreListedWithTheirMembers() {
        JsonNode network = find(
                Vxlan.items("list", "networks", "-o", "json"),
                item -> item.path("name").asText().equals(NETWORK));

        assertEquals(8490, network.path("vni").asInt());
        assertEquals(2, network.path("members").asInt());
        assertEquals(2, network.path("ready").asInt());
    }

    @Test
    @Order(1)
    void podsAreListedByTheBeginningOfTheirNames() {
        JsonNode items = Vxlan.items("list", "pods", "ha", "--namespace", stage.namespace(), "-o", "json");

        assertEquals(1, items.size());
        assertEquals("Ready", items.path(0).path("state").asText());
        assertEquals(
                Pods.mac(pods.getFirst(), NETWORK, 8490),
                items.path(0).path("networks").path(0).path("mac").asText());
    }

    @Test
    @Order(1)
    void podsOfTheOlderControllersAreListedToo() {
        stage.create(Pods.labelled(Pods.plain("older", "exec hold"), "vxlan.openvnf.org", "true"));

        JsonNode pod = Vxlan.items("list", "pods", "older", "--namespace", stage.namespace(), "-o", "json")
                .path(0);

        assertEquals("NotServed", pod.path("state").asText());
        assertTrue(pod.path("reason").asText().contains("vxlan convert"), pod::toString);
    }

    @Test
    @Order(1)
    void nothingDiffersAtRest() {
        Client.Ended pod = Vxlan.run("inspect", "pod", "hand", "--namespace", stage.namespace());
        Client.Ended network = Vxlan.run("inspect", "nets", NETWORK);

        assertEquals(0, pod.status(), pod.output());
        assertTrue(pod.output().contains("No difference"), pod.output());
        assertEquals(0, network.status(), network.output());
    }

    @Test
    @Order(1)
    void coloursAreForATerminalWhoseUserWantsThem() {
        String[] inspect = {"inspect", "pod", "hand", "--namespace", stage.namespace()};
        String green = "\u001b[32m";

        assertTrue(Vxlan.onTerminal(List.of(), inspect).contains(green + "Ready"));
        assertFalse(Vxlan.onTerminal(List.of("NO_COLOR=1"), inspect).contains(green));
        assertFalse(Vxlan.run(inspect).output().contains("\u001b"));
    }

    @Test
    @Order(1)
    void theRightThatIsMissingIsNamed() {
        Client.Ended ended = Vxlan.run("list", "pods", "--namespace", stage.namespace(), "--as", "nobody");

        assertEquals(3, ended.status());
        assertTrue(ended.output().contains("list pods in namespace " + stage.namespace()), ended.output());
    }

    @Test
    @Order(1)
    void doctorFindsAPodThatWaitsWithWhatMendsIt() {
        stage.create(Pods.annotated(Pods.member("waits", "e2e-cli-nowhere"), "wait", "false"));
        stage.awaitAgent("waits");

        JsonNode finding = find(
                Vxlan.items("doctor", "--namespace", stage.namespace(), "-o", "json"),
                item -> item.path("where").asText().equals("Pod " + stage.namespace() + "/waits"));

        assertEquals("pods", finding.path("check").asText());
        assertEquals(
                "kubectl --namespace kube-system edit configmap kube-vxlan-controller",
                finding.path("remedy").asText());
    }

    /** What is dropped is of this network alone: the VNI is the third word and a half of the VXLAN header's (RFC 7348 section 5). */
    @Test
    @Order(1)
    void deepDoctorTriesTheNodesAndFindsWhatTheirNetworkDrops() {
        stage.define("e2e-cli-deep", "8491");
        Await.until("nothing is found", () -> {
            List<String> found = deep();
            return found.isEmpty() ? Optional.empty() : Optional.of(found.toString());
        });
        List<String> found = List.of(
                        whileDropping("udp dport 14789 @th,96,24 8491", CliIT::deep),
                        whileDropping("udp dport 14789 @th,96,24 8491 meta length gt 1300", CliIT::deep))
                .stream()
                .flatMap(List::stream)
                .toList();

        assertEquals(List.of("BROKEN trial-path", "WARNING trial-path"), found);
        Await.until(
                "no pod of the command's is left",
                () -> Cluster.client().pods().inNamespace(stage.namespace()).list().getItems().stream()
                        .map(pod -> pod.getMetadata().getName())
                        .filter(name -> name.startsWith("vxlan-doctor-"))
                        .findFirst());
    }

    private static List<String> deep() {
        JsonNode findings = Vxlan.items(
                "doctor", "--deep", "--namespace", stage.namespace(), "--network", "e2e-cli-deep", "-o", "json");
        return StreamSupport.stream(findings.spliterator(), false)
                .filter(finding -> finding.path("check").asText().startsWith("trial-"))
                .map(finding -> finding.path("severity").asText().toUpperCase(Locale.ROOT) + " "
                        + finding.path("check").asText())
                .toList();
    }

    private static <T> T whileDropping(String packets, Supplier<T> work) {
        Lab.outside("nft 'table bridge e2e-cut { chain forward { type filter hook forward priority 0; " + packets
                + " counter drop; }; }'");
        try {
            return work.get();
        } finally {
            Lab.outside("nft delete table bridge e2e-cut");
        }
    }

    @Test
    @Order(1)
    void uiForwardsTheLivePage() throws IOException, InterruptedException {
        Process ui = Vxlan.begin("ui", "--no-browser");
        try {
            String address = ui.inputReader().readLine();
            assertTrue(String.valueOf(address).startsWith("http://localhost:"), address);
            HttpClient browser = HttpClient.newHttpClient();
            HttpResponse<String> page = browser.send(
                    HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, page.statusCode());
            assertTrue(page.body().contains("<title>"), page.body());
            HttpResponse<Stream<String>> events = browser.send(
                    HttpRequest.newBuilder(URI.create(address + "events")).build(),
                    HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = events.body()) {
                assertTrue(
                        lines.anyMatch(line -> line.contains(stage.namespace()) && line.contains("\"peer\"")),
                        "the page has no member peer");
            }
        } finally {
            ui.destroy();
        }
    }

    @Test
    @Order(1)
    void pingMeasuresBothDirections() {
        Await.until("a measurement for which the machine had time", () -> {
            JsonNode ping = Vxlan.items("ping", "hand", "peer", "--namespace", stage.namespace(), "-o", "json")
                    .path(0);
            int mtu = ping.path("mtu").asInt();
            boolean isWhole = ping.path("answered").asInt() == 10
                    && ping.path("arrived").asInt() == 10
                    && ping.path("rttMicros").size() == 10
                    && ping.path("forwardBytes").asInt() == mtu
                    && ping.path("backwardBytes").asInt() == mtu
                    && ping.path("endsAt").asText().equals("NOWHERE");
            return isWhole ? Optional.empty() : Optional.of(ping.toString());
        });
    }

    @Test
    @Order(3)
    void pingSaysWhatAPodLacks() {
        awaitWithoutLink(2, "table: " + stage.namespace() + "/hand: missing", "ping", "hand", "peer");
    }

    @Test
    @Order(2)
    void whatIsRemovedByHandIsADifference() {
        awaitWithoutLink(1, "interface " + NETWORK, "inspect", "pod", "hand");
    }

    /** Awaits what a command says while a link is removed: again if the drift check was faster than the command. */
    private static void awaitWithoutLink(int status, String words, String... command) {
        String[] all = Stream.concat(Stream.of(command), Stream.of("--namespace", stage.namespace()))
                .toArray(String[]::new);
        Await.until(String.join(" ", command) + " says " + words, () -> {
            Lab.inPod(pods.getFirst(), "/sbin/ip link del dev " + NETWORK + " || true");
            Client.Ended ended = Vxlan.run(all);
            return ended.status() == status && ended.output().contains(words)
                    ? Optional.empty()
                    : Optional.of(ended.output());
        });
    }

    private static JsonNode find(JsonNode items, Predicate<JsonNode> wanted) {
        return StreamSupport.stream(items.spliterator(), false)
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new AssertionError("not among " + items));
    }
}
