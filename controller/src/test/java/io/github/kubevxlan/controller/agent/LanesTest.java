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
class LanesTest {
    private static final String NODE = "node-1";

    /** One place for pods that answer, one for those that failed last. */
    private final Lanes narrow = lanes(2);

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

    @Test
    void aNodeThatHangsTakesNoPlaceOfAnother() throws Exception {
        Lanes wide = new Lanes(new Limits(8, 2, 8, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        Thread stuck = hang(wide, "a");

        assertEquals("answer", wide.through("node-2", "b", () -> "answer"));

        over.countDown();
        stuck.join();
    }

    /** A quarter of each bound is for pods that failed last. */
    @ParameterizedTest
    @CsvSource({"8, 40, 6, 0", "40, 8, 6, 6", "40, 8, 18, 6"})
    void noMoreAreTalkedToAtOnceThanMayBe(int execs, int perNode, int most, int sameNode) throws Exception {
        Lanes lanes = new Lanes(new Limits(execs, perNode, execs, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        AtomicInteger now = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 40)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    String node = sameNode == 0 ? "node-" + i : "node-" + i % (most / sameNode);
                    occupy(lanes, node, "pod-" + i, now);
                }))
                .toList();
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }

        assertEquals(most, now.get());

        over.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void occupy(Lanes lanes, String node, String uid, AtomicInteger now) {
        try {
            lanes.through(node, uid, () -> {
                now.incrementAndGet();
                over.await();
                return "";
            });
        } catch (AgentException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Lanes lanes(int execs) {
        return new Lanes(new Limits(execs, execs, execs, Duration.ofSeconds(1), Duration.ofSeconds(1)));
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

    private Thread hang(Lanes lanes, String uid) throws InterruptedException {
        Thread stuck = Thread.ofVirtual().start(() -> {
            try {
                lanes.through(NODE, uid, () -> {
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
