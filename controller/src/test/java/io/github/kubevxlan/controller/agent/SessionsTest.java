package io.github.kubevxlan.controller.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.plan.Ask;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.Script;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SessionsTest {
    private static final Limits LIMITS = new Limits(4, 4, 3, Duration.ofSeconds(30), Duration.ofSeconds(10));

    private final List<FakeSession> opened = Collections.synchronizedList(new ArrayList<>());
    private final TestClock clock = new TestClock();
    private String addresses = "2: eth0    inet 10.0.0.1/24 scope global eth0";
    private volatile String held = "";
    private CountDownLatch openingTogether = new CountDownLatch(0);
    private final CountDownLatch holding = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final Sessions sessions = new Sessions((pod, _) -> open(pod), LIMITS, clock, new SecureRandom(), () -> 1);

    @Test
    void keepsASessionOpenForTheNextScript() throws Exception {
        sessions.run(pod("a"), script());
        sessions.run(pod("a"), script());

        assertEquals(1, opened.size());
        assertEquals(3, opened.getFirst().texts.size(), "what opens it, and two scripts");
    }

    @Test
    void closesASessionThatWasIdleForTooLong() throws Exception {
        sessions.run(pod("a"), script());
        clock.now = clock.now.plusSeconds(31);

        sessions.closeIdle();

        assertEquals(0, sessions.size());
        assertTrue(opened.getFirst().closed);
    }

    @Test
    void closesTheSessionIdleLongestWhenAnotherNeedsItsPlace() throws Exception {
        for (String uid : List.of("a", "b", "c", "d")) {
            sessions.run(pod(uid), script());
            clock.now = clock.now.plusSeconds(1);
        }

        assertEquals(3, sessions.size());
        assertEquals(
                List.of(true, false, false, false),
                opened.stream().map(session -> session.closed).toList());
    }

    @Test
    void sessionsThatOpenTogetherAreNoMoreThanMayBe() throws Exception {
        for (String uid : List.of("a", "b")) {
            sessions.run(pod(uid), script());
            clock.now = clock.now.plusSeconds(1);
        }
        openingTogether = new CountDownLatch(2);
        List<Thread> threads = List.of(start("c"), start("d"));
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(3, LIMITS.sessions());
        assertEquals(Set.of("b", "c", "d"), Set.copyOf(open()));
    }

    @Test
    void aBusySessionKeepsItsPlaceHoweverLongItIsBusy() throws Exception {
        for (String uid : List.of("a", "b", "c")) {
            sessions.run(pod(uid), script());
            clock.now = clock.now.plusSeconds(1);
        }
        held = "a";
        Thread busy = start("a");
        holding.await();
        sessions.run(pod("d"), script());
        sessions.run(pod("e"), script());
        clock.now = clock.now.plusSeconds(31);
        sessions.closeIdle();

        assertEquals(List.of("a"), open());
        over.countDown();
        busy.join();
    }

    @Test
    void replacesABrokenSession() throws Exception {
        sessions.run(pod("a"), script());
        opened.getFirst().close();

        sessions.run(pod("a"), script());

        assertEquals(2, opened.size());
    }

    @Test
    void numbersSessionsInTheOrderTheyAreOpened() throws Exception {
        sessions.run(pod("a"), script());
        opened.getFirst().close();
        sessions.run(pod("a"), script());

        assertTrue(opened.get(0).texts.get(1).contains("fence 1 1 "));
        assertTrue(opened.get(1).texts.get(1).contains("fence 1 2 "));
    }

    @Test
    void refusesAShellInAPodThatHasAnotherAddress() {
        addresses = "2: eth0    inet 10.0.0.11/24 scope global eth0";

        AgentException refused = assertThrows(AgentException.class, () -> sessions.run(pod("a"), script()));

        assertEquals("the pod does not have its address 10.0.0.1 (yet, or any more)", refused.getMessage());
        assertTrue(opened.getFirst().closed);
        assertEquals(0, sessions.size());
    }

    @Test
    void dropsASessionWhoseReportMakesNoSense() {
        AgentException malformed = assertThrows(
                AgentException.class,
                () -> sessions.run(pod("a"), new Script(List.of(), false, new Ask(true, List.of(), List.of()))));

        assertTrue(malformed.toString().contains("the agent's report of devices can't be read"));
        assertEquals(0, sessions.size());
    }

    @Test
    void keepsNothingOfAnAnswerThatWasRead() throws Exception {
        sessions.run(pod("a"), script());

        assertEquals(0, opened.getFirst().unread);
    }

    @Test
    void keepsNothingOfAnAnswerThatMakesNoSense() {
        assertThrows(
                AgentException.class,
                () -> sessions.run(pod("a"), new Script(List.of(), false, new Ask(true, List.of(), List.of()))));

        assertEquals(0, opened.getFirst().unread);
    }

    private static PodSnapshot pod(String uid) {
        return SimulatedAgent.pod(uid, "10.0.0.1");
    }

    private static Script script() {
        return new Script(List.of(), false, new Ask(false, List.of(), List.of()));
    }

    private AgentSession open(PodSnapshot pod) throws InterruptedException {
        FakeSession session = new FakeSession(pod.ref().uid());
        opened.add(session);
        openingTogether.countDown();
        openingTogether.await();
        return session;
    }

    private Thread start(String uid) {
        return Thread.ofVirtual().start(() -> {
            try {
                sessions.run(pod(uid), script());
            } catch (AgentException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private List<String> open() {
        return opened.stream()
                .filter(session -> !session.closed)
                .map(session -> session.uid)
                .toList();
    }

    private final class FakeSession implements AgentSession {
        final List<String> texts = new ArrayList<>();
        final String uid;
        volatile boolean closed;
        int unread;

        FakeSession(String uid) {
            this.uid = uid;
        }

        @Override
        public void done() {
            unread = 0;
        }

        @Override
        public String run(String text, String nonce, Duration deadline) throws InterruptedException {
            if (uid.equals(held)) {
                holding.countDown();
                over.await();
            }
            texts.add(text);
            unread++;
            boolean opening = texts.size() == 1;
            String report = text.contains("devices") ? "@" + nonce + " devices\n{\"no\":\"list\"}" : "";
            return opening ? addresses : report;
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class TestClock extends Clock {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
