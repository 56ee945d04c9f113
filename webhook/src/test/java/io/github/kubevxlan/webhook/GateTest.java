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
}
