package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentModeTest {
    @ParameterizedTest
    @CsvSource({
        "1, 28, CLASSIC",
        "1, 31+, CLASSIC",
        "1, 32, NATIVE",
        "1, 34+, NATIVE",
        "1, 100, NATIVE",
        "2, 0, NATIVE",
        "'', '', NATIVE",
        "1, 99999999999, NATIVE",
    })
    void followsVersionOfServer(String major, String minor, AgentMode mode) {
        assertEquals(mode, AgentMode.forServer(major, minor));
    }
}
