package io.github.kubevxlan.common.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.kubevxlan.common.net.Port;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvConfigTest {
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofHours(24);

    @Test
    void takesDefaultsForWhatIsUnsetOrEmpty() {
        EnvConfig env = new EnvConfig(Map.of("KUBEVXLAN_A", "", "KUBEVXLAN_B", ""));
        assertEquals("x", env.text("A", "x"));
        assertEquals(7, env.integer("B", 7, 0, 10));
        assertEquals(new Port(8472), env.value("C", new Port(8472), Port::parse));
        assertEquals(Duration.ofSeconds(90), env.duration("D", Duration.ofSeconds(90), LEAST, MOST));
        assertEquals("one", env.choice("E", "one", "one", "two"));
        env.check();
    }

    @ParameterizedTest
    @CsvSource({"1ms, 1", "1500ms, 1500", "30s, 30000", "5m, 300000", "24h, 86400000"})
    void readsDurations(String text, long millis) {
        EnvConfig env = new EnvConfig(Map.of("KUBEVXLAN_A", text));
        assertEquals(Duration.ofMillis(millis), env.duration("A", Duration.ofSeconds(1), LEAST, MOST));
        env.check();
    }

    @Test
    void listsEveryMistakeAtOnce() {
        EnvConfig env = new EnvConfig(Map.of(
                "KUBEVXLAN_NUMBER", "11",
                "KUBEVXLAN_TIME", "25h",
                "KUBEVXLAN_PORT", "x",
                "KUBEVXLAN_CHOICE", "three",
                "KUBEVXLAN_POTR", "1",
                "OTHER", "1"));
        env.integer("NUMBER", 7, 0, 10);
        env.duration("TIME", Duration.ofMinutes(1), LEAST, MOST);
        env.value("PORT", new Port(1), Port::parse);
        env.choice("CHOICE", "one", "one", "two");
        env.required("NAME");
        ConfigException refusal = assertThrows(ConfigException.class, env::check);
        assertEquals(
                List.of(
                        "KUBEVXLAN_NUMBER: found \"11\", allowed: a whole number, 0 to 10",
                        "KUBEVXLAN_TIME: found \"25h\", allowed: a duration such as 500ms, 30s, 5m, 1h, from 1ms to"
                                + " 1440m",
                        "KUBEVXLAN_PORT: found \"x\", allowed: a UDP port, 1 to 65535",
                        "KUBEVXLAN_CHOICE: found \"three\", allowed: one, two",
                        "KUBEVXLAN_NAME: is required",
                        "KUBEVXLAN_POTR: is not a setting; known: KUBEVXLAN_CHOICE, KUBEVXLAN_NAME, KUBEVXLAN_NUMBER,"
                                + " KUBEVXLAN_PORT, KUBEVXLAN_TIME"),
                String.valueOf(refusal.getMessage()).lines().toList());
    }
}
