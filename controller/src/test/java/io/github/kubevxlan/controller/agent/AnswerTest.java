package io.github.kubevxlan.controller.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static final int MOST_TOGETHER = 2000;

    private final Room room = new Room(MOST_TOGETHER);
    private final Answer answer = new Answer(1000, room);

    @Test
    void completesAtTheEndLineHoweverItIsCut() {
        String output = "some\nlines\n@n1 end 0\n";
        for (int cut = 1; cut < output.length(); cut++) {
            CompletableFuture<String> printed = answer.expect("n1");
            print(output.substring(0, cut));
            assertFalse(printed.isDone(), "cut at " + cut);
            print(output.substring(cut));
            assertEquals("some\nlines", printed.join());
        }
    }

    @Test
    void isNotEndedByAnotherNonce() {
        CompletableFuture<String> printed = answer.expect("n2");

        print("@n1 end 0\n");

        assertFalse(printed.isDone());
    }

    @Test
    void isNotEndedInsideALine() {
        CompletableFuture<String> printed = answer.expect("n1");

        print("x@n1 end 0\n");

        assertFalse(printed.isDone());
    }

    @Test
    void failsWhenTooMuchIsPrinted() {
        CompletableFuture<String> printed = answer.expect("n1");

        print("x".repeat(1001));

        assertThrows(CompletionException.class, printed::join);
        assertTrue(printed.isCompletedExceptionally());
    }

    @Test
    void findsTheEndOfALongAnswerThatComesInSmallPieces() {
        CompletableFuture<String> printed = answer.expect("n1");
        String body = "0123456789\n".repeat(80);

        (body + "@n1 end 0\n").chars().forEach(octet -> print(Character.toString(octet)));

        assertEquals(body.strip(), printed.join());
    }

    @Test
    void anAnswerInManyPiecesCostsForEachOctetTheSameHoweverLongItIs() {
        allocatedPerOctet(1 << 10); // what is loaded once is no answer's
        double small = allocatedPerOctet(1 << 10);
        double large = allocatedPerOctet(1 << 16);
        System.out.printf("allocated for an octet of an answer: %.1f, %.1f%n", small, large);

        assertTrue(large < 2 * small, () -> small + ", " + large);
    }

    @Test
    void whereAllPrintTooMuchTheOneThatPrintsMostGivesWay() {
        Answer endless = new Answer(MOST_TOGETHER, room);
        CompletableFuture<String> lost = endless.expect("n0");
        endless.print(bytes("x".repeat(MOST_TOGETHER - 100)));
        CompletableFuture<String> printed = answer.expect("n1");
        print("x".repeat(101));

        assertTrue(lost.isCompletedExceptionally());
        assertEquals(101, room.taken());
        print("\n@n1 end 0\n");
        assertEquals("x".repeat(101), printed.join());
    }

    @Test
    void theOneThatPrintsMostGivesWayAlsoIfItIsTheLast() {
        Answer other = new Answer(MOST_TOGETHER, room);
        CompletableFuture<String> small = other.expect("n0");
        other.print(bytes("x".repeat(500)));
        Answer endless = new Answer(MOST_TOGETHER, room);
        CompletableFuture<String> lost = endless.expect("n1");
        endless.print(bytes("x".repeat(800)));
        endless.print(bytes("x".repeat(800)));

        assertTrue(lost.isCompletedExceptionally());
        assertFalse(small.isDone());
        assertEquals(500, room.taken());
    }

    @Test
    void takesRoomUntilItWasRead() {
        var _ = answer.expect("n1");
        print("some\n@n1 end 0\n");
        assertEquals(15, room.taken());

        answer.drop();

        assertEquals(0, room.taken());
    }

    @Test
    void takesNoRoomOnceItHasFailed() {
        var _ = answer.expect("n1");
        print("some");
        answer.fail(new AgentException("the session was closed"));
        print("more");

        assertEquals(0, room.taken());
    }

    private static double allocatedPerOctet(int lines) {
        byte[] line = bytes("0123456789abcde\n");
        Answer answer = new Answer(Integer.MAX_VALUE, new Room(Integer.MAX_VALUE));
        CompletableFuture<String> printed = answer.expect("n1");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < lines; i++) {
            answer.print(line);
        }
        answer.print(bytes("@n1 end 0\n"));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        return (double) allocated / printed.join().length();
    }

    private void print(String text) {
        answer.print(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
