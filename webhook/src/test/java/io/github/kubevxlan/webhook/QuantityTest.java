package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.InvalidValueException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "1Gi, 1073741824",
        "64Mi, 65536Ki",
        "0.5, 500m",
        ".5, 500m",
        "1., 1",
        "1000m, 1",
        "+2, 2",
        "2k, 2e3",
        "1E, 1e18",
        "1E3, 1000",
        "1Ei, 1152921504606846976",
        "1500n, 1.5u",
        "1e-3, 1m",
    })
    void oneAmountIsOneQuantityHoweverItIsWritten(String one, String other) {
        assertEquals(Quantity.parse(one), Quantity.parse(other));
        assertEquals(0, Quantity.parse(one).compareTo(Quantity.parse(other)));
        assertEquals(Quantity.parse(one).hashCode(), Quantity.parse(other).hashCode());
        assertEquals(one, Quantity.parse(one).toString());
    }

    @ParameterizedTest
    @CsvSource({"1M, 1Mi", "999m, 1", "1G, 1Gi", "5m, 10m", "1023Ki, 1Mi"})
    void theSmallerAmountComesFirst(String less, String more) {
        assertTrue(Quantity.parse(less).compareTo(Quantity.parse(more)) < 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "0Mi", "-1", "1 Mi", "1mi", "1KB", "Mi", ".", "1e", "1e100", "1,5", "٣", "1Mi\n", "0x1"
            })
    void allElseIsRefused(String text) {
        InvalidValueException refusal = assertThrows(InvalidValueException.class, () -> Quantity.parse(text));
        assertEquals("a quantity above 0, such as 250m or 64Mi", refusal.allowed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"000000000000000000000000000000001", "1000000000000000000000000000000Ei"})
    void aNumberWithoutEndIsRefused(String text) {
        assertThrows(InvalidValueException.class, () -> Quantity.parse(text));
    }
}
