package io.github.kubevxlan.controller.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.agent.UnreachableException.Hop;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SessionPoolTest {
    private static final Limits LIMITS = new Limits(4, 4, 3, Duration.ofHours(1), Duration.ofSeconds(9));
    private static final int MANY = 14;

    private static final String HELLO =
            "{\"hello\":{\"protocol\":1,\"agent\":\"1.0.0\",\"addresses\":[\"127.0.0.1\",\"10.0.0.1\"]}}";

    private final List<FakeSession> opened = new CopyOnWriteArrayList<>();
    private final FixedEpoch epoch = new FixedEpoch(1);
    private volatile Duration now = Duration.ZERO;
    private Duration openingTakes = Duration.ZERO;
    private String addresses = "2: eth0    inet 10.0.0.1/24 scope global eth0";
    private final List<String> programs = new CopyOnWriteArrayList<>();
    private Set<String> absent = Set.of("/vxlan/agent");
    private volatile String held = "";
    private String fence = "";
    private boolean breaking;
    private String garbage = "{\"no\":\"list\"}";
    private CountDownLatch openingTogether = new CountDownLatch(0);
    private final CountDownLatch holding = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final Set<AgentSession> broken = ConcurrentHashMap.newKeySet();
    private final Set<AgentSession> silent = ConcurrentHashMap.newKeySet();
    private final SessionPool sessions = pool(LIMITS);

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
        now = now.plusSeconds(3600);
        sessions.closeIdle();
        assertEquals(1, sessions.size());

        now = now.plusSeconds(1);
        sessions.closeIdle();

        assertEquals(0, sessions.size());
        assertTrue(opened.getFirst().closed);
    }

    /** Twelve join, a minute passes, one more joins, and one leaves, which takes its time. */
    @Test
    void aWaveOfJoinsAndLeavesOpensOneSessionAPod() throws Exception {
        SessionPool wide = pool(new Limits(4, 4, MANY, LIMITS.idle(), LIMITS.deadline()));
        programs.clear();
        List<String> members = IntStream.range(0, 12).mapToObj(i -> "m" + i).toList();
        for (int joined = 1; joined <= members.size(); joined++) {
            tell(wide, members.subList(0, joined));
        }
        for (int second = 0; second < 60; second++) {
            now = now.plusSeconds(1);
            wide.closeIdle();
        }
        List<String> more = Stream.concat(members.stream(), Stream.of("late")).toList();
        tell(wide, more);
        wide.run(SimulatedAgent.ending(pod("m3")), script());
        now = now.plusSeconds(40);
        tell(wide, more.stream().filter(uid -> !uid.equals("m3")).toList());
        wide.forget("m3");

        assertEquals(
                more.size(),
                opened.size(),
                () -> "sessions of " + opened.stream().map(one -> one.uid).toList());
        assertEquals(more.size() - 1, wide.size());
    }

    private void tell(SessionPool wide, List<String> members) throws AgentException, InterruptedException {
        for (String uid : members) {
            wide.run(pod(uid), script());
        }
    }

    @Test
    void aPodThatIsEndingGetsNoNewSession() {
        PodSnapshot ending = SimulatedAgent.ending(pod("a"));

        assertFalse(sessions.hasSession(ending));
        assertThrows(BrokenSessionException.class, () -> sessions.run(ending, script()));

        assertEquals(List.of(), programs);
    }

    @Test
    void aPodThatIsEndingGetsNoOtherSessionForOneThatBroke() throws Exception {
        PodSnapshot ending = SimulatedAgent.ending(pod("a"));
        sessions.run(pod("a"), script());
        sessions.run(ending, script());
        broken.add(opened.getFirst());
        assertTrue(sessions.hasSession(ending));

        assertThrows(BrokenSessionException.class, () -> sessions.run(ending, script()));

        assertEquals(1, opened.size());
        assertFalse(sessions.hasSession(ending));
    }

    /** The call began before that, and so knows nothing of it. */
    @Test
    void aPodThatEndsDuringACallGetsNoOtherSessionForOneThatBroke() throws Exception {
        Set<PodSnapshot> ending = new HashSet<>();
        SessionOpener opener = (pod, command, _) -> open(pod, command);
        SessionPool follows = pool(LIMITS, opener.unless(ending::contains));
        follows.run(pod("a"), script());
        broken.add(opened.getFirst());
        ending.add(pod("a"));

        assertThrows(BrokenSessionException.class, () -> follows.run(pod("a"), script()));

        assertEquals(1, opened.size());
    }

    /** Its agent may have ended before the watch told of the deletion. */
    @Test
    void aPodThatIsEndingThoughTheWatchHasNotToldGetsNoOtherSession() throws Exception {
        Set<PodSnapshot> ending = new HashSet<>();
        SessionPool follows = pool(
                LIMITS,
                new SessionOpener() {
                    @Override
                    public AgentSession open(PodSnapshot pod, List<String> command, Duration deadline)
                            throws AgentException, InterruptedException {
                        return SessionPoolTest.this.open(pod, command);
                    }

                    @Override
                    public boolean isStaying(PodSnapshot pod, Duration deadline) {
                        return !ending.contains(pod);
                    }
                }.unless(_ -> false));
        for (String uid : List.of("breaks", "broke", "stays")) {
            follows.run(pod(uid), script());
        }
        broken.add(opened.get(0));
        opened.get(1).closed = true;
        opened.get(2).closed = true;
        ending.add(pod("breaks"));
        ending.add(pod("broke"));

        assertThrows(BrokenSessionException.class, () -> follows.run(pod("breaks"), script()));
        assertThrows(BrokenSessionException.class, () -> follows.run(pod("broke"), script()));
        follows.run(pod("stays"), script());

        assertEquals(
                List.of("breaks", "broke", "stays", "stays"),
                opened.stream().map(one -> one.uid).toList());
    }

    @Test
    void replacesASessionThatTurnsOutToBeBrokenWithinTheCall() throws Exception {
        sessions.run(pod("a"), script());
        broken.add(opened.getFirst());

        sessions.run(pod("a"), script());
        sessions.run(pod("a"), script());

        assertEquals(2, opened.size());
        assertTrue(opened.getFirst().closed);
        assertEquals(1, sessions.size());
    }

    @Test
    void aFreshSessionThatBreaksIsNotReplacedWithinTheCall() {
        breaking = true;

        assertThrows(BrokenSessionException.class, () -> sessions.run(pod("a"), script()));

        assertEquals(1, opened.size());
    }

    /** A NAT or a load balancer may have forgotten its connection, and drop whatever comes. */
    @Test
    void aSessionThatWasQuietForLongHasAThirdOfTheDeadlineAndIsReplaced() throws Exception {
        sessions.run(pod("a"), script());
        now = now.plusSeconds(30);
        silent.add(opened.getFirst());

        sessions.run(pod("a"), script());

        assertEquals(Duration.ofSeconds(3), opened.getFirst().deadlines.getLast(), "for its answer");
        assertEquals(
                List.of(Duration.ofSeconds(6), Duration.ofSeconds(6)), opened.get(1).deadlines, "for the fresh one");
    }

    @Test
    void aSessionThatJustAnsweredIsNotReplacedWhenItIsSilent() throws Exception {
        sessions.run(pod("a"), script());
        now = now.plusSeconds(29);
        silent.add(opened.getFirst());

        assertThrows(UnreachableException.class, () -> sessions.run(pod("a"), script()));

        assertEquals(1, opened.size());
    }

    @Test
    void closesTheSessionUsedLastWhenAnotherNeedsItsPlace() throws Exception {
        for (String uid : List.of("a", "b", "c", "d")) {
            sessions.run(pod(uid), script());
            now = now.plusSeconds(1);
        }

        assertEquals(3, sessions.size());
        assertEquals(List.of("a", "b", "d"), open());
    }

    /** With one that closes those idle longest, hardly a session would be used twice. */
    @Test
    void goingOverMoreMembersThanThereAreSessionsUsesSessionsAgain() throws Exception {
        int scans = 10;
        int members = 8;
        for (int scan = 0; scan < scans; scan++) {
            for (int member = 0; member < members; member++) {
                sessions.run(pod("pod-" + member), script());
                now = now.plusSeconds(1);
            }
        }

        int again = LIMITS.sessions() - 1;
        int most = members + (scans - 1) * (members - again);
        assertTrue(opened.size() <= most, () -> opened.size() + " opened, " + most + " at most");
    }

    @Test
    void closesASessionThatNobodyCameBackToFirst() throws Exception {
        sessions.run(pod("a"), script());
        now = now.plusSeconds(15);
        for (String uid : List.of("b", "c", "d")) {
            sessions.run(pod(uid), script());
            now = now.plusSeconds(1);
        }

        assertEquals(List.of("b", "c", "d"), open());
    }

    @Test
    void keepsASessionThatWasUsedAMomentAgoForTheNextStep() throws Exception {
        for (String uid : List.of("a", "b")) {
            sessions.run(pod(uid), script());
            now = now.plusSeconds(1);
        }
        sessions.run(pod("c"), script());
        sessions.run(pod("d"), script());
        sessions.run(pod("c"), script());

        assertEquals(List.of("a", "c", "d"), open());
    }

    @Test
    void sessionsThatOpenTogetherAreNoMoreThanMayBe() throws Exception {
        for (String uid : List.of("a", "b")) {
            sessions.run(pod(uid), script());
            now = now.plusSeconds(1);
        }
        openingTogether = new CountDownLatch(2);
        List<Thread> threads = List.of(start("c"), start("d"));
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(3, LIMITS.sessions());
        assertEquals(Set.of("a", "c", "d"), Set.copyOf(open()));
    }

    @Test
    void openingAndAnswerShareOneDeadline() throws Exception {
        openingTakes = Duration.ofSeconds(7);
        sessions.run(pod("a"), script());
        sessions.run(pod("a"), script());

        assertEquals(
                List.of(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(9)),
                opened.getFirst().deadlines,
                "of the greeting, the first answer and the next one");
    }

    @Test
    void aBusySessionKeepsItsPlaceHoweverLongItIsBusy() throws Exception {
        for (String uid : List.of("a", "b", "c")) {
            sessions.run(pod(uid), script());
            now = now.plusSeconds(1);
        }
        held = "a";
        Thread busy = start("a");
        holding.await();
        sessions.run(pod("d"), script());
        sessions.run(pod("e"), script());
        now = now.plusSeconds(3601);
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

        assertTrue(opened.get(0).texts.get(1).contains("fence 1 2 "));
        assertTrue(opened.get(1).texts.get(1).contains("fence 1 3 "));
        assertEquals(3, sessions.opened(), "one asked for a program that the agent does not have");
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
                () -> sessions.run(
                        pod("a"), new Script(List.of(), false, new ReportRequest(true, List.of(), List.of()))));

        assertTrue(malformed.toString().contains("the agent's report of devices can't be read"));
        assertEquals(0, sessions.size());
    }

    @ParameterizedTest
    @CsvSource({
        "fenced 1 7, 7, the agent already obeys a later controller",
        "fenced 1 99999999999999999999, , the agent already obeys a later controller",
        "fenced 2 0, , another script holds the agent's lock on /dev/shm",
    })
    void tellsWhichEpochAnAgentThatRefusesHasSeen(String says, @Nullable Long seen, String words) {
        fence = says;

        AgentException refused = assertThrows(AgentException.class, () -> sessions.run(pod("a"), script()));

        assertEquals(words, refused.getMessage());
        assertEquals(seen == null ? List.of() : List.of(seen), epoch.refusals);
    }

    @Test
    void whatAnAgentSaysIsShownInOneShortPrintableLine() {
        garbage = "{\"" + "\u0007\u001b[31m".repeat(1000) + "\n";

        AgentException malformed = assertThrows(
                AgentException.class,
                () -> sessions.run(
                        pod("a"), new Script(List.of(), false, new ReportRequest(true, List.of(), List.of()))));

        String words = String.valueOf(malformed.getMessage());
        assertTrue(words.length() <= 303 && words.matches("[\\x20-\\x7e]*"), words);
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
                () -> sessions.run(
                        pod("a"), new Script(List.of(), false, new ReportRequest(true, List.of(), List.of()))));

        assertEquals(0, opened.getFirst().unread);
    }

    /** Anybody who may label a pod can have one whose program greets like that, over and over. */
    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "{\"hello\":{\"protocol\":99,\"addresses\":[\"10.0.0.1\"]}}"})
    void keepsNothingOfAGreetingThatCannotBeRead(String greeting) {
        absent = Set.of("sh");
        addresses = greeting;

        assertThrows(AgentException.class, () -> sessions.run(pod("a"), script()));

        assertEquals(List.of(0), opened.stream().map(session -> session.unread).toList());
        assertTrue(opened.getFirst().closed);
    }

    @Test
    void keepsNothingOfTheGreetingOfAPodThatHasAnotherAddress() {
        addresses = "2: eth0    inet 10.0.0.11/24 scope global eth0";

        assertThrows(AgentException.class, () -> sessions.run(pod("a"), script()));

        assertEquals(0, opened.getFirst().unread);
    }

    private static PodSnapshot pod(String uid) {
        return SimulatedAgent.pod(uid, "10.0.0.1");
    }

    private static Script script() {
        return new Script(List.of(), false, new ReportRequest(false, List.of(), List.of()));
    }

    @Test
    void triesTheOtherDialectOnceForAnImage() throws Exception {
        for (String uid : List.of("a", "b", "c")) {
            sessions.run(pod(uid), script());
        }

        assertEquals(List.of("/vxlan/agent", "sh", "sh", "sh"), programs);
    }

    @Test
    void anAgentWhoseProgramsEndCostsOneExecATryAfterTheFirst() {
        absent = Set.of("/vxlan/agent", "sh");
        for (int i = 0; i < 3; i++) {
            assertThrows(AgentException.class, () -> sessions.run(pod("a"), script()));
        }

        assertEquals(List.of("/vxlan/agent", "sh", "/vxlan/agent", "sh"), programs);
    }

    @Test
    void anAgentWhoseProgramsEndChangesNothingForOthersOfItsImage() throws Exception {
        sessions.run(pod("a"), script());
        absent = Set.of("/vxlan/agent", "sh");
        for (int i = 0; i < 3; i++) {
            assertThrows(AgentException.class, () -> sessions.run(pod("b"), script()));
        }
        absent = Set.of("/vxlan/agent");
        programs.clear();

        sessions.run(pod("c"), script());

        assertEquals(List.of("sh"), programs);
    }

    /** Somebody may hide the program in an agent of his own with our image. */
    @Test
    void anImageThatSpokeItsOwnDialectOnceIsTakenForOneOfOurs() throws Exception {
        sessions.run(pod("a"), script());
        absent = Set.of("sh");
        addresses = HELLO;
        for (String uid : List.of("b", "c")) {
            assertThrows(AgentException.class, () -> sessions.run(pod(uid), script()));
        }

        assertEquals(List.of("/vxlan/agent", "sh", "sh", "/vxlan/agent", "/vxlan/agent"), programs);
    }

    @Test
    void speaksToAnAgentOfOursInItsOwnDialect() throws Exception {
        absent = Set.of();
        addresses = HELLO;

        AgentException refused = assertThrows(AgentException.class, () -> sessions.run(pod("a"), script()));

        assertEquals(List.of("/vxlan/agent"), programs);
        assertTrue(opened.getFirst().texts.get(1).startsWith("{\"do\":{\"id\":"), "what it is asked");
        assertTrue(refused.toString().contains("the agent's answer can't be read"), refused.getMessage());
    }

    /** Docker's runtime prints on stdout that there is no such program, before it gives the exit status. */
    @Test
    void anAgentThatGreetsInNoWayOfOursIsTakenForOneWithAShell() throws Exception {
        absent = Set.of();

        sessions.run(pod("a"), script());

        assertEquals(List.of("/vxlan/agent", "sh"), programs);
    }

    @Test
    void aProgramThatEndedOnceIsTriedOnceMoreBeforeTheOther() {
        absent = Set.of();
        addresses = HELLO;
        assertThrows(AgentException.class, () -> sessions.run(pod("a"), script()));
        absent = Set.of("/vxlan/agent", "sh");
        for (int i = 0; i < 3; i++) {
            assertThrows(ProgramEndedException.class, () -> sessions.run(pod("a"), script()));
        }

        assertEquals(List.of("/vxlan/agent", "/vxlan/agent", "/vxlan/agent", "sh"), programs);
    }

    private SessionPool pool(Limits limits) {
        return pool(limits, (pod, command, _) -> open(pod, command));
    }

    private SessionPool pool(Limits limits, SessionOpener opener) {
        return new SessionPool(opener, limits, () -> now, new SecureRandom(), epoch);
    }

    private AgentSession open(PodSnapshot pod, List<String> command) throws AgentException, InterruptedException {
        programs.add(command.getFirst());
        if (absent.contains(command.getFirst())) {
            throw new ProgramEndedException("there is no such program");
        }
        FakeSession session = new FakeSession(pod.ref().uid());
        opened.add(session);
        if (breaking) {
            broken.add(session);
        }
        now = now.plus(openingTakes);
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
        final List<Duration> deadlines = new ArrayList<>();
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
        public String run(String text, Pattern end, int expected, Duration deadline)
                throws AgentException, InterruptedException {
            if (uid.equals(held)) {
                holding.countDown();
                over.await();
            }
            texts.add(text);
            deadlines.add(deadline);
            unread++;
            if (broken.contains(this)) {
                closed = true;
                throw new BrokenSessionException("Connection reset");
            }
            if (silent.contains(this)) {
                closed = true;
                now = now.plus(deadline);
                throw new UnreachableException(Hop.NODE, "no answer");
            }
            boolean opening = texts.size() == 1;
            String nonce = text.replaceAll("(?s).*@([0-9a-f]{16}) end.*", "$1");
            if (!fence.isEmpty() && !opening) {
                return "@" + nonce + " " + fence;
            }
            String report = text.contains("devices") ? "@" + nonce + " devices\n" + garbage : "";
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
}
