package io.github.kubevxlan.controller.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BulkheadTest {
    private static final String NODE = "node-1";

    /** One place for pods that answer, one for those that failed last. */
    private final Bulkhead narrow = bulkhead(2);

    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void aPodThatHangsAgainTakesNoPlaceFromThoseThatAnswer() throws Exception {
        fail("bad");
        Thread stuck = hang("bad");

        assertEquals("answer", narrow.through(NODE, "good", () -> "answer"));

        over.countDown();
        stuck.join();
    }

    @Test
    void aPodThatAnswersAgainIsTrustedAgain() throws Exception {
        fail("good");
        narrow.through(NODE, "good", () -> "answer");
        fail("bad");
        Thread stuck = hang("bad");

        assertEquals("answer", narrow.through(NODE, "good", () -> "answer"));

        over.countDown();
        stuck.join();
    }

    /** All pods of three nodes, at the limits that the chart sets. */
    @Test
    void nodesThatHangTakeNoPlaceOfAnother() throws Exception {
        Bulkhead wide = new Bulkhead(new Limits(64, 16, 256, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        AtomicInteger now = new AtomicInteger();
        List<Thread> stuck = IntStream.range(0, 120)
                .mapToObj(i -> Thread.ofVirtual().start(() -> occupy(wide, "node-" + i % 3, "pod-" + i, now)))
                .toList();
        awaitWaiting(stuck);

        assertEquals("answer", wide.through("node-4", "good", () -> "answer"));
        assertEquals(36, now.get());

        over.countDown();
        for (Thread thread : stuck) {
            thread.join();
        }
    }

    @Test
    void keepsNothingOfANodeThatNobodyWaitsFor() throws Exception {
        for (int node = 0; node < 100; node++) {
            narrow.through("node-" + node, "pod-" + node, () -> "answer");
        }
        fail("bad");
        Thread stuck = hang("good");

        assertEquals(1, narrow.nodes());

        over.countDown();
        stuck.join();
        assertEquals(0, narrow.nodes());
    }

    /** A quarter of each bound is for pods that failed last. */
    @ParameterizedTest
    @CsvSource({"8, 40, 6, 0", "40, 8, 6, 6", "40, 8, 18, 6"})
    void noMoreAreTalkedToAtOnceThanMayBe(int execs, int perNode, int most, int sameNode) throws Exception {
        Bulkhead bulkhead =
                new Bulkhead(new Limits(execs, perNode, execs, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        AtomicInteger now = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 40)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    String node = sameNode == 0 ? "node-" + i : "node-" + i % (most / sameNode);
                    occupy(bulkhead, node, "pod-" + i, now);
                }))
                .toList();
        awaitWaiting(threads);

        assertEquals(most, now.get());

        over.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void awaitWaiting(List<Thread> threads) {
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
    }

    private void occupy(Bulkhead bulkhead, String node, String uid, AtomicInteger now) {
        try {
            bulkhead.through(node, uid, () -> {
                now.incrementAndGet();
                over.await();
                return "";
            });
        } catch (AgentException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Bulkhead bulkhead(int execs) {
        return new Bulkhead(new Limits(execs, execs, execs, Duration.ofSeconds(1), Duration.ofSeconds(1)));
    }

    private void fail(String uid) {
        assertThrows(
                AgentException.class,
                () -> narrow.through(NODE, uid, () -> {
                    throw new AgentException("no answer");
                }));
    }

    private Thread hang(String uid) throws InterruptedException {
        return hang(narrow, uid);
    }

    private Thread hang(Bulkhead bulkhead, String uid) throws InterruptedException {
        Thread stuck = Thread.ofVirtual().start(() -> {
            try {
                bulkhead.through(NODE, uid, () -> {
                    hanging.countDown();
                    over.await();
                    return "";
                });
            } catch (AgentException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        hanging.await();
        return stuck;
    }
}
