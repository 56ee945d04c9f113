package io.github.kubevxlan.certs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifetimesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        PT2M | PT29S | PT0S  | life of a serving certificate is PT29S; allowed: at least PT30S
        PT1M | PT31S | PT0S  | life of an authority is PT1M; allowed: at least twice PT31S
        PT2M | PT1M  | PT16S | overlap is PT16S; allowed: at most a quarter of PT1M
        PT2M | PT1M  | -PT1S | overlap is PT-1S; allowed: not negative
        """)
    void refusesWhatLeavesNoTime(Duration ca, Duration leaf, Duration overlap, String message) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new Lifetimes(ca, leaf, overlap));

        assertEquals(message, refusal.getMessage());
    }

    @Test
    void allowsCertificatesThatLiveForAMinute() {
        assertDoesNotThrow(() -> new Lifetimes(Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofSeconds(15)));
    }
}
