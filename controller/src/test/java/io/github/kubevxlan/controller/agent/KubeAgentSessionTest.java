package io.github.kubevxlan.controller.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.github.kubevxlan.controller.agent.ExecServer.Connection;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exec against a server on loopback. */
@Timeout(60)
class KubeAgentSessionTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String EXEC = "GET /api/v1/namespaces/default/pods/uid-1/exec"
            + "?command=sh&command=-s&container=vxlan-controller-agent&stdin=true&stdout=true&stderr=false HTTP/1.1";

    private static final int BYTES = 1000;
    private final CountDownLatch over = new CountDownLatch(1);
    private final CompletableFuture<Connection> asked = new CompletableFuture<>();
    private final CompletableFuture<ExecServer.Play> play = new CompletableFuture<>();
    private final ExecServer server = new ExecServer(connection -> {
        asked.complete(connection);
        play.get().play(connection);
    });
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder(Config.empty())
                    .withMasterUrl(server.url())
                    .build())
            .build();

    KubeAgentSessionTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        over.countDown();
        client.close();
        server.close();
    }

    @Test
    void sendsScriptsAndTakesWhatIsPrinted() throws Exception {
        play.complete(connection -> {
            connection.upgrade();
            connection.print(1, "first " + connection.read());
            connection.print(2, "a complaint\n@n end 1\n");
            connection.print(1, "\n@n end 0\n");
            connection.print(1, "second " + connection.read());
            connection.print(1, "\n@m end 0\n");
            connection.awaitEnd();
        });
        AgentSession session = open(LONG);

        assertEquals("first \0script", session.run("script", end("n"), BYTES, LONG));
        assertEquals("second \0more", session.run("more", end("m"), BYTES, LONG));
        assertEquals(List.of(EXEC), server.requests);
        session.close();
        asked.get().ended.get();
    }

    @Test
    void aRefusedExecIsOneRequest() throws Exception {
        play.complete(connection -> connection.answer(500));

        AgentException refused = assertThrows(AgentException.class, () -> open(LONG));

        assertEquals("exec was refused: the API server answered 500", refused.getMessage());
        assertEquals(List.of(EXEC), server.requests);
    }

    @Test
    void aRefusalIsToldInTheWordsOfThePolicyThatRefuses() {
        play.complete(connection -> connection.answer(403, """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "pods \\"p\\" is forbidden: rule 17"}
            """));

        AgentException refused = assertThrows(AgentException.class, () -> open(LONG));

        assertEquals(
                "exec was refused: the API server answered 403: pods \"p\" is forbidden: rule 17",
                refused.getMessage());
    }

    @Test
    void aRefusalByWhatIsNoApiServerIsToldByItsNumber() {
        play.complete(connection -> connection.answer(502, "<html>Bad Gateway</html>"));

        AgentException refused = assertThrows(AgentException.class, () -> open(LONG));

        assertEquals("exec was refused: the API server answered 502", refused.getMessage());
    }

    /** What the API server answers for a kubelet that it can't reach, and what it or the kubelet answers by itself. */
    @ParameterizedTest
    @CsvSource({
        "500, error dialing backend: dial tcp 10.0.0.2:10250: i/o timeout, true",
        "502, Bad Gateway, true",
        "500, unable to upgrade connection: container not found, false",
        "403, rule 17, false",
        "404, pods not found, false",
    })
    void tellsARefusalFromAKubeletThatCannotBeReached(int code, String words, boolean unreachable) {
        play.complete(connection -> connection.answer(
                code,
                "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"message\": \"" + words
                        + "\"}"));

        AgentException refused = assertThrows(AgentException.class, () -> open(LONG));

        assertEquals(unreachable, refused instanceof UnreachableException, refused.getMessage());
    }

    @Test
    void anExecWhoseAnswerBreaksOffIsOneRequest() throws Exception {
        play.complete(Connection::breakOff);

        assertThrows(AgentException.class, () -> open(LONG));

        assertEquals(List.of(EXEC), server.requests);
    }

    @Test
    void aShellThatOpensAfterTheDeadlineIsClosed() throws Exception {
        play.complete(connection -> {
            over.await();
            connection.upgrade();
            connection.awaitEnd();
        });

        AgentException late = assertThrows(AgentException.class, () -> open(SHORT));
        over.countDown();

        assertEquals("exec did not open within 0.2 s", late.getMessage());
        assertInstanceOf(UnreachableException.class, late);
        asked.get().ended.get();
        assertEquals(List.of(EXEC), server.requests);
    }

    @Test
    void aShellThatOpensWhenNobodyWaitsAnyMoreIsClosed() throws Exception {
        play.complete(connection -> {
            over.await();
            connection.upgrade();
            connection.awaitEnd();
        });
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                open(LONG);
            } catch (AgentException | InterruptedException e) {
                told.complete(e);
            }
        });
        asked.get();
        waiting.interrupt();

        assertEquals(InterruptedException.class, told.get().getClass());
        over.countDown();
        asked.get().ended.get();
    }

    @Test
    void aShellThatDoesNotAnswerIsClosed() throws Exception {
        play.complete(connection -> {
            connection.upgrade();
            connection.awaitEnd();
        });
        AgentSession session = open(LONG);

        AgentException late = assertThrows(AgentException.class, () -> session.run("script", end("n"), BYTES, SHORT));

        assertEquals("no answer within 0.2 s", late.getMessage());
        assertFalse(session.isOpen());
        asked.get().ended.get();
    }

    @Test
    void aShellThatEndsEndsWhatWaitsForIt() throws Exception {
        play.complete(connection -> {
            connection.upgrade();
            connection.read();
            connection.print(3, "{\"status\":\"Success\"}");
            connection.awaitEnd();
        });
        AgentSession session = open(LONG);
        assertTrue(session.isOpen());

        AgentException ended = assertThrows(AgentException.class, () -> session.run("script", end("n"), BYTES, LONG));

        assertEquals("the agent's program ended", ended.getMessage());
        assertFalse(session.isOpen());
        asked.get().ended.get();
    }

    /** Its answer is read all the same if it comes first. */
    @Test
    void aShellThatPrintsOnAndOnOnAnotherChannelIsClosed() throws Exception {
        play.complete(connection -> {
            connection.upgrade();
            connection.print(2, "x".repeat(120));
            connection.print(1, "answer" + connection.read() + "\n@n end 0\n");
            while (true) {
                connection.print(2, "x".repeat(120));
            }
        });
        AgentSession session = open(LONG);
        assertEquals("answer\0script", session.run("script", end("n"), BYTES, LONG));

        while (session.isOpen()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aShellThatPrintsOnAndOnUnaskedIsClosed() throws Exception {
        play.complete(connection -> {
            connection.upgrade();
            connection.print(1, "answer" + connection.read() + "\n@n end 0\n");
            while (true) {
                connection.print(1, "x".repeat(120));
            }
        });
        AgentSession session = open(LONG);
        session.run("script", end("n"), BYTES, LONG);

        while (session.isOpen()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aConnectionThatBreaksEndsWhatWaitsForIt() throws Exception {
        play.complete(connection -> {
            connection.upgrade();
            connection.read();
        });
        AgentSession session = open(LONG);

        assertThrows(BrokenSessionException.class, () -> session.run("script", end("n"), BYTES, LONG));

        assertFalse(session.isOpen());
        assertThrows(BrokenSessionException.class, () -> session.run("script", end("n"), BYTES, LONG));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"metadata\": {\"uid\": \"UID\"}} | true",
                "200 | {\"metadata\": {\"uid\": \"UID\", \"deletionTimestamp\": \"2026-01-01T00:00:00Z\"}} | false",
                "200 | {\"metadata\": {\"uid\": \"another\"}} | false",
                "404 | {} | false",
                "200 | {\"kind\": \"PartialObjectMetadata\", \"apiVersion\": \"meta.k8s.io/v1\", \"metadata\":"
                        + " {\"uid\": \"-\"}} | false",
                "200 | {\"metadata\": {}} | true",
                "200 | {} | true",
                "200 | '' | true",
                "200 | null | true",
                "200 | <html> | true",
                "200 | <p>a: b | true",
                "401 | {} | true",
                "403 | {} | true",
                "500 | {} | true",
            })
    void aPodIsStayingUnlessTheApiServerSaysThatItIsNot(int status, String body, boolean staying) throws Exception {
        PodSnapshot pod = SimulatedAgent.POD;
        play.complete(connection ->
                connection.answer(status, body.replace("UID", pod.ref().uid())));

        assertEquals(staying, KubeAgentSession.opener(client).isStaying(pod, LONG));
        assertEquals(
                List.of("GET /api/v1/namespaces/%s/pods/%s HTTP/1.1"
                        .formatted(pod.ref().namespace(), pod.ref().name())),
                server.requests);
    }

    @Test
    void aPodIsStayingIfNobodySaysInTime() throws Exception {
        play.complete(connection -> over.await());

        assertTrue(KubeAgentSession.opener(client).isStaying(SimulatedAgent.POD, Duration.ofMillis(50)));
        assertTrue(KubeAgentSession.opener(client).isStaying(SimulatedAgent.POD, Duration.ofNanos(1)));
    }

    @Test
    void aPodMayBeAskedForAnyNumberOfTimes() throws Exception {
        play.complete(connection -> connection.answer(404, "{}"));
        SessionOpener opener = KubeAgentSession.opener(client);

        for (int times = 0; times < 40; times++) {
            assertFalse(opener.isStaying(SimulatedAgent.POD, LONG));
        }
    }

    private AgentSession open(Duration deadline) throws AgentException, InterruptedException {
        return KubeAgentSession.opener(client).open(SimulatedAgent.POD, List.of("sh", "-s"), deadline);
    }

    private static Pattern end(String nonce) {
        return Pattern.compile("\n@" + nonce + " end [0-9]{1,3}\n");
    }
}
