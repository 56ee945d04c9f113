package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestLimiterTest {
    private static final Limits.Arrival NO_TIME = new Limits.Arrival(Duration.ZERO, Duration.ZERO);
    private static final Limits LIMITS = new Limits(3, 12, 0, Duration.ofMillis(1), NO_TIME);

    private final RequestLimiter limiter = new RequestLimiter(LIMITS);

    @Test
    void letsInAsManyAsThereArePlaces() throws Exception {
        RequestLimiter.Permit first = limiter.acquire(10);
        limiter.acquire(10);
        limiter.acquire(10);
        assertEquals(
                503,
                assertThrows(RefusedException.class, () -> limiter.acquire(10)).status());
        first.close();
        limiter.acquire(10);
    }

    @Test
    void hasMemoryForOneOfTheLargestBodiesAlways() throws Exception {
        RequestLimiter.Permit largest = limiter.acquire(AdmissionHandler.MAX_BYTES);
        assertThrows(RefusedException.class, () -> limiter.acquire(1));
        largest.close();
        limiter.acquire(AdmissionHandler.MAX_BYTES);
    }

    @Test
    void keepsNoPlaceForOneThatIsInterruptedAsItWaitsForMemory() throws Exception {
        RequestLimiter patient = new RequestLimiter(new Limits(2, 8, 0, Duration.ofMinutes(1), NO_TIME));
        RequestLimiter.Permit largest = patient.acquire(AdmissionHandler.MAX_BYTES);
        Thread waiting =
                Thread.ofPlatform().start(() -> assertThrows(InterruptedException.class, () -> patient.acquire(1)));
        Await.until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        waiting.interrupt();
        waiting.join();
        patient.acquire(0);
        largest.close();
    }

    @Test
    void hasRoomForOneOfTheLargestBodiesThatCome() throws Exception {
        RequestLimiter.BodyBudget first = limiter.budget();
        first.growTo(1024 * 1024);
        first.growTo(AdmissionHandler.MAX_BYTES);
        RequestLimiter.BodyBudget second = limiter.budget();
        assertEquals(
                503,
                assertThrows(RefusedException.class, () -> second.growTo(1024)).status());
        limiter.acquire(AdmissionHandler.MAX_BYTES);
        first.close();
        second.growTo(AdmissionHandler.MAX_BYTES);
    }

    /** As many as may wait for their namespace, with the review of a large pod each. */
    @Test
    void bodiesThatAreCompleteLeaveRoomForOthers() throws Exception {
        for (int i = 0; i < 64; i++) {
            RequestLimiter.BodyBudget budget = limiter.budget();
            budget.growTo(256 * 1024);
            budget.shrinkTo(160 * 1024);
        }
        RequestLimiter.BodyBudget small = limiter.budget();
        small.growTo(16 * 1024);
        small.shrinkTo(20 * 1024);
        limiter.budget().growTo(4 * 1024 * 1024);
    }
}
