package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final Limits LIMITS = new Limits(3, 12, 0, Duration.ofMillis(1), Duration.ZERO, Duration.ZERO);

    private final Gate gate = new Gate(LIMITS);

    @Test
    void letsInAsManyAsThereArePlaces() throws Exception {
        Gate.Pass first = gate.enter(10);
        gate.enter(10);
        gate.enter(10);
        assertEquals(
                503, assertThrows(RefusedException.class, () -> gate.enter(10)).status());
        first.close();
        gate.enter(10);
    }

    @Test
    void hasMemoryForOneOfTheLargestBodiesAlways() throws Exception {
        Gate.Pass largest = gate.enter(AdmissionHandler.MAX_OCTETS);
        assertThrows(RefusedException.class, () -> gate.enter(1));
        largest.close();
        gate.enter(AdmissionHandler.MAX_OCTETS);
    }

    @Test
    void keepsNoPlaceForOneThatIsInterruptedAsItWaitsForMemory() throws Exception {
        Gate patient = new Gate(new Limits(2, 8, 0, Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO));
        Gate.Pass largest = patient.enter(AdmissionHandler.MAX_OCTETS);
        Thread waiting =
                Thread.ofPlatform().start(() -> assertThrows(InterruptedException.class, () -> patient.enter(1)));
        Await.until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        waiting.interrupt();
        waiting.join();
        patient.enter(0);
        largest.close();
    }

    @Test
    void hasRoomForOneOfTheLargestBodiesThatCome() throws Exception {
        Gate.Room first = gate.room();
        first.growTo(1024 * 1024);
        first.growTo(AdmissionHandler.MAX_OCTETS);
        Gate.Room second = gate.room();
        assertEquals(
                503,
                assertThrows(RefusedException.class, () -> second.growTo(1024)).status());
        gate.enter(AdmissionHandler.MAX_OCTETS);
        first.close();
        second.growTo(AdmissionHandler.MAX_OCTETS);
    }
}
