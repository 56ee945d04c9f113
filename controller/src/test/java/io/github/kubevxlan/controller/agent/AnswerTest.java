package io.github.kubevxlan.controller.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private final Answer answer = new Answer(1000);

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

        (body + "@n1 end 0\n").chars().forEach(answer::write);

        assertEquals(body.strip(), printed.join());
    }

    private void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        answer.write(bytes, 0, bytes.length);
    }
}
