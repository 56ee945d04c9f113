package io.github.kubevxlan.controller.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.overlay.Refusal;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.reconcile.RefusedPackets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PodEventsTest {
    private static final PodRef POD = new PodRef("u1", "a", "p");

    private final List<String> written = new CopyOnWriteArrayList<>();
    private Duration now = Duration.ZERO;
    private volatile int status = 201;
    private HttpServer server;
    private KubernetesClient client;
    private EventWriter writer;
    private PodEvents events;
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            written.add(new String(body, StandardCharsets.UTF_8));
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        at(Duration.ZERO);
        writer = new EventWriter(client, Clock.systemUTC(), () -> now, Runnable::run);
        events = new PodEvents(writer, (pod, reason, _) -> heard.add(pod + " " + reason));
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void aServicesEventIsOnTheServiceAndSaysWhatIsAllowed() {
        ServiceRef service = new ServiceRef("u1", "a", "web");
        Problem problem = new Problem("annotation p/network", 1, 1, "blu", "a network that is defined, such as blue");
        new ServiceEvents(writer).refused(service, List.of(problem));
        new ServiceEvents(writer).refused(service, List.of(problem));
        new ServiceEvents(writer).unwritten(service, "too many");

        assertEquals(2, written.size());
        assertTrue(written.getFirst().contains("\"kind\":\"Service\",\"name\":\"web\""), written.getFirst());
        assertTrue(written.getFirst().contains("NamesUnavailable"), written.getFirst());
        assertTrue(written.getFirst().contains("allowed: a network that is defined, such as blue"), written.getFirst());
        assertTrue(written.getLast().contains("SlicesNotWritten"), written.getLast());
        assertEquals(List.of(), heard);
    }

    @Test
    void saysTheSameWordsOnTheSamePodOnceInTenMinutes() {
        events.failing(POD, "no answer");
        at(Duration.ofMinutes(10).minusSeconds(1));
        events.failing(POD, "no answer");
        assertEquals(1, written.size());

        at(Duration.ofMinutes(10));
        events.failing(POD, "no answer");
        events.failing(POD, "another reason");
        events.failing(new PodRef("u2", "a", "p"), "no answer");

        assertEquals(4, written.size());
        assertTrue(written.getFirst().contains("\"uid\":\"u1\""), written.getFirst());
    }

    @Test
    void whatFailsAgainAfterItRecoveredIsSaidAtOnce() {
        events.failing(POD, "no answer");
        events.recovered(POD);
        events.failing(POD, "no answer");
        events.recovered(POD);
        events.recovered(POD);

        assertEquals(List.of("a/p AgentFailed", "a/p AgentRecovered", "a/p AgentFailed", "a/p AgentRecovered"), heard);
    }

    @Test
    void whatIsWrittenIsHeardOnce() {
        events.failing(POD, "no answer");
        events.failing(POD, "no answer");
        events.ready(POD);

        assertEquals(List.of("a/p AgentFailed", "a/p NetworksReady"), heard);
    }

    @Test
    void anOutageOfAThousandPodsDoesNotFlood() {
        fail(1000);
        assertEquals(100, written.size());
        assertEquals(900, writer.leftOut());

        at(Duration.ofSeconds(10));
        fail(1000);

        assertEquals(150, written.size(), "those that were left out come again, others don't");
        assertEquals(150, written.stream().distinct().count());
    }

    @Test
    void whatIsNoWarningIsNotHeldBackByWarnings() {
        fail(1000);
        written.clear();

        events.ready(POD);

        assertEquals(1, written.size());
    }

    @Test
    void whoSendsWhatItMustNotHearsOfWhatAndWhoSawItOnceForAllThatSeeIt() {
        events.refused(POD, refused("v1", Security.ON, Refusal.ARP));
        events.refused(POD, refused("v2", Security.ON, Refusal.ARP));
        events.refused(POD, refused("v2", Security.LOG, Refusal.DHCP));

        assertEquals(2, written.size());
        assertTrue(written.getFirst().contains("\"uid\":\"u1\""), written.getFirst());
        assertTrue(
                written.getFirst()
                        .contains("network red: pod v/v1 drops packets that this pod must not send: ARP that says"),
                written.getFirst());
        assertTrue(written.getFirst().contains("security-exempt"), written.getFirst());
        assertTrue(written.getLast().contains("would drop them with security=on"), written.getLast());
        assertEquals(List.of("a/p PacketsRefused", "a/p PacketsRefused"), heard);
    }

    /** A tenant's agent may tell of anybody. */
    @Test
    void aMemberThatAccusesOthersUsesUpItsOwnBudgetAlone() {
        for (int pod = 0; pod < 100; pod++) {
            for (Refusal reason : Refusal.values()) {
                events.refused(new PodRef("p" + pod, "a", "p" + pod), refused("liar", Security.ON, reason));
            }
        }
        assertEquals(10, written.size());

        events.failing(new PodRef("p0", "a", "p0"), "no answer");
        events.failing(new PodRef("liar", "v", "liar"), "no answer");
        events.refused(new PodRef("p99", "a", "p99"), refused("honest", Security.ON, Refusal.HIDDEN));
        assertEquals(13, written.size());
    }

    private static RefusedPackets refused(String receiver, Security mode, Refusal reason) {
        return new RefusedPackets("red", new PodRef(receiver, "v", receiver), mode, reason);
    }

    /** An agent of somebody's own may say something else each time. */
    @Test
    void aPodThatSaysSomethingElseEachTimeIsHeardOnceAMinuteAndCostsNobodyElsesEvents() {
        for (int minute = 0; minute < 60; minute++) {
            at(Duration.ofMinutes(minute));
            for (int i = 0; i < 1000; i++) {
                events.failing(
                        POD, "bad " + Integer.toString(minute * 1000 + i, 36).replaceAll("[0-9]", "x"));
            }
        }
        assertTrue(written.size() <= 10 + 60, () -> written.size() + " Events in an hour");
        written.clear();

        for (int i = 0; i < 40; i++) {
            events.failing(new PodRef("v" + i, "a", "q" + i), "no answer");
        }

        assertEquals(40, written.size());
    }

    @Test
    void theEventsOfANamespaceFullOfThemLeaveRoomForOthers() {
        for (int i = 0; i < 10_000; i++) {
            events.failing(new PodRef("u" + i, "a", "p" + i), "no answer");
        }
        written.clear();

        events.failing(new PodRef("other", "b", "q"), "no answer");

        assertEquals(1, written.size());
    }

    @Test
    void numbersInWhatAnAgentSaysAreNoOtherWords() {
        events.failing(POD, "at 12:31:07 pid 17 failed");
        events.failing(POD, "at 12:31:09 pid 18 failed");

        assertEquals(1, written.size());
        assertTrue(written.getFirst().contains("at 12:31:07 pid 17 failed"), written.getFirst());
    }

    @Test
    void whatCouldNotBeWrittenComesAgain() {
        status = 500;
        events.failing(POD, "no answer");
        status = 201;
        events.failing(POD, "no answer");

        assertEquals(2, written.size());
    }

    @Test
    void whatFailedInAWayThatNobodyForesawComesAgainToo() {
        KubernetesClient broken = mock(KubernetesClient.class);
        when(broken.v1()).thenThrow(new IllegalStateException("no JSON"));
        EventWriter failing = new EventWriter(broken, Clock.systemUTC(), () -> now, Runnable::run);
        PodEvents unwritten = new PodEvents(failing, (pod, reason, _) -> heard.add(pod + " " + reason));

        unwritten.failing(POD, "no answer");
        unwritten.failing(POD, "no answer");

        assertEquals(List.of("a/p AgentFailed", "a/p AgentFailed"), heard);
    }

    private void fail(int pods) {
        for (int i = 0; i < pods; i++) {
            events.failing(new PodRef("x" + i, "n" + i % 20, "p" + i), "no answer");
        }
    }

    private void at(Duration passed) {
        now = passed;
    }
}
