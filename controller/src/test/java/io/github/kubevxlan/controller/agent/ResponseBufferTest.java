package io.github.kubevxlan.controller.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ResponseBufferTest {
    private static final int MOST_TOGETHER = 2000;
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ByteBudget budget = new ByteBudget(MOST_TOGETHER);
    private final ResponseBuffer buffer = new ResponseBuffer(1000, budget);

    @Test
    void completesAtTheEndLineHoweverItIsCut() throws Exception {
        String output = "some\nlines\n@n1 end 0\n";
        for (int cut = 1; cut < output.length(); cut++) {
            CompletableFuture<String> printed = buffer.expect(end("n1"), 100, LONG);
            print(output.substring(0, cut));
            assertFalse(printed.isDone(), "cut at " + cut);
            print(output.substring(cut));
            assertEquals("some\nlines", printed.join());
        }
    }

    @Test
    void isNotEndedByAnotherNonce() throws Exception {
        CompletableFuture<String> printed = buffer.expect(end("n2"), 100, LONG);

        print("@n1 end 0\n");

        assertFalse(printed.isDone());
    }

    @Test
    void isNotEndedInsideALine() throws Exception {
        CompletableFuture<String> printed = buffer.expect(end("n1"), 100, LONG);

        print("x@n1 end 0\n");

        assertFalse(printed.isDone());
    }

    @Test
    void failsWhenTooMuchIsPrinted() throws Exception {
        CompletableFuture<String> printed = buffer.expect(end("n1"), 100, LONG);

        print("x".repeat(1001));

        assertThrows(CompletionException.class, printed::join);
        assertTrue(printed.isCompletedExceptionally());
    }

    @Test
    void findsTheEndOfALongAnswerThatComesInSmallPieces() throws Exception {
        CompletableFuture<String> printed = buffer.expect(end("n1"), 100, LONG);
        String body = "0123456789\n".repeat(80);

        (body + "@n1 end 0\n").chars().forEach(next -> print(Character.toString(next)));

        assertEquals(body.strip(), printed.join());
    }

    @Test
    void anAnswerInManyPiecesCostsForEachByteTheSameHoweverLongItIs() throws Exception {
        allocatedPerByte(1 << 10); // what is loaded once is no answer's
        double small = allocatedPerByte(1 << 10);
        double large = allocatedPerByte(1 << 16);
        System.out.printf("allocated for a byte of an answer: %.1f, %.1f%n", small, large);

        assertTrue(large < 2 * small, () -> small + ", " + large);
    }

    @Test
    void whereAllPrintTooMuchTheOneThatPrintsMostBeyondWhatWasExpectedGivesWay() throws Exception {
        ResponseBuffer endless = new ResponseBuffer(MOST_TOGETHER, budget);
        CompletableFuture<String> lost = endless.expect(end("n0"), 0, LONG);
        print(endless, "x".repeat(MOST_TOGETHER - 100));
        CompletableFuture<String> printed = buffer.expect(end("n1"), 101, LONG);
        print("x".repeat(101));

        assertTrue(lost.isCompletedExceptionally());
        assertEquals(101, budget.taken());
        print("\n@n1 end 0\n");
        assertEquals("x".repeat(101), printed.join());
    }

    @Test
    void whatWasExpectedIsNeverGivenUp() throws Exception {
        ResponseBuffer other = new ResponseBuffer(MOST_TOGETHER, budget);
        CompletableFuture<String> right = other.expect(end("n0"), 1000, LONG);
        print(other, "x".repeat(900));
        ResponseBuffer endless = new ResponseBuffer(MOST_TOGETHER, budget);
        CompletableFuture<String> lost = endless.expect(end("n1"), 500, LONG);
        print(endless, "x".repeat(800));
        print(endless, "x".repeat(300));

        assertTrue(lost.isCompletedExceptionally());
        assertFalse(right.isDone());
        assertEquals(1000, budget.taken());
    }

    /** After a failover in a rollout all members are asked at once, and each answer is large. */
    @Test
    void manyLargeAnswersWaitForEachOtherAndNoneFails() throws Exception {
        int large = MOST_TOGETHER / 5;
        CountDownLatch over = new CountDownLatch(1);
        List<CompletableFuture<String>> printed = new CopyOnWriteArrayList<>();
        List<Thread> threads = IntStream.range(0, 64)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> printLarge(large, over, printed)))
                .toList();
        while (!threads.stream().allMatch(thread -> thread.getState().name().endsWith("WAITING"))) {
            Thread.onSpinWait();
        }
        assertTrue(budget.taken() <= MOST_TOGETHER);
        over.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(64, printed.size());
        printed.forEach(CompletableFuture::join);
        assertEquals(0, budget.taken());
    }

    private void printLarge(int bytes, CountDownLatch over, List<CompletableFuture<String>> all) {
        ResponseBuffer one = new ResponseBuffer(bytes, budget);
        try {
            CompletableFuture<String> printed = one.expect(end("n0"), bytes, LONG);
            all.add(printed);
            print(one, "x".repeat(bytes - 20));
            over.await();
            print(one, "\n@n0 end 0\n");
            one.drop();
        } catch (AgentException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoPrintsUnaskedIsReadForAWhileOnly() throws Exception {
        assertTrue(buffer.print(bytes("x".repeat(1000))));
        assertFalse(buffer.print(bytes("x".repeat(1 << 16))));
        assertEquals(0, budget.taken());
    }

    @Test
    void takesRoomUntilItWasRead() throws Exception {
        var _ = buffer.expect(end("n1"), 100, LONG);
        print("some\n@n1 end 0\n");
        assertEquals(100, budget.taken());

        buffer.drop();

        assertEquals(0, budget.taken());
    }

    /** Its caller reads the answer after that, or fails to. */
    @Test
    void anAnswerThatWasPrintedBeforeItsSessionClosedTakesRoomUntilItsCallerIsDone() throws Exception {
        CompletableFuture<String> printed = buffer.expect(end("n1"), 100, LONG);
        print("some\n@n1 end 0\n");
        buffer.fail(new AgentException("the session was closed"));
        assertEquals("some", printed.join());
        assertEquals(100, budget.taken());

        buffer.drop();

        assertEquals(0, budget.taken());
    }

    @Test
    @Timeout(60)
    void whatFindsNoRoomInTimeFailsAndHoldsUpNobodyBehindIt() throws Exception {
        ResponseBuffer first = new ResponseBuffer(MOST_TOGETHER, budget);
        var _ = first.expect(end("n0"), MOST_TOGETHER - 100, LONG);

        AgentException late = assertThrows(AgentException.class, () -> buffer.expect(end("n1"), 200, SHORT));

        assertEquals("it was not asked: no memory for its answer came free in time", late.getMessage());
        assertEquals(MOST_TOGETHER - 100, budget.taken());
        CompletableFuture<String> small = new ResponseBuffer(1000, budget).expect(end("n2"), 100, LONG);
        assertFalse(small.isDone());
    }

    @Test
    void takesNoRoomOnceItHasFailed() throws Exception {
        var _ = buffer.expect(end("n1"), 100, LONG);
        print("some");
        buffer.fail(new AgentException("the session was closed"));
        print("more");

        assertEquals(0, budget.taken());
    }

    private static double allocatedPerByte(int lines) throws AgentException, InterruptedException {
        byte[] line = bytes("0123456789abcde\n");
        ResponseBuffer buffer = new ResponseBuffer(Integer.MAX_VALUE, new ByteBudget(Integer.MAX_VALUE));
        CompletableFuture<String> printed = buffer.expect(end("n1"), 100, LONG);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < lines; i++) {
            assertTrue(buffer.print(line));
        }
        print(buffer, "@n1 end 0\n");
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        return (double) allocated / printed.join().length();
    }

    private void print(String text) {
        print(buffer, text);
    }

    private static void print(ResponseBuffer to, String text) {
        assertTrue(to.print(bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Pattern end(String nonce) {
        return Pattern.compile("\n@" + nonce + " end [0-9]{1,3}\n");
    }
}
