package io.github.kubevxlan.controller.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    @Test
    void noMoreAreTalkedToAtOnceThanMayBe() throws Exception {
        Lanes lanes = lanes(4);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(3);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String uid = "pod-" + i;
                var _ = executor.submit(() -> lanes.through(NODE, uid, () -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    full.countDown();
                    full.await();
                    return now.decrementAndGet();
                }));
            }
        }
        assertTrue(most.get() <= 3, () -> most + " at once");
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
