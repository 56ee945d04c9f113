package io.github.kubevxlan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

final class LoggingTest {
    private final LoggerContext context = new LoggerContext();

    LoggingTest() {
        context.setMDCAdapter(MDC.getMDCAdapter());
    }

    @Test
    void aTextLineSaysWhenHowBadWhoAndWhat() {
        assertEquals("2026-11-22T10:00:00.123Z WARN  Who: pod a/b is \"odd\"\n", line(Map.of()));
    }

    @Test
    void aJsonLineSaysTheSame() {
        assertEquals(
                "{\"timestamp\":1795341600123,\"level\":\"WARN\",\"threadName\":\"main\","
                        + "\"loggerName\":\"io.github.kubevxlan.Who\",\"mdc\": {},"
                        + "\"formattedMessage\":\"pod a\\/b is \\\"odd\\\"\",\"throwable\":null}\n",
                line(Map.of("KUBEVXLAN_LOG_FORMAT", "json")));
    }

    @Test
    void aLineSaysWhatItIsAbout() {
        MDC.put("pod", "a/b");
        MDC.put("attempt", "2");
        try {
            assertEquals(
                    "2026-11-22T10:00:00.123Z WARN  Who: pod a/b is \"odd\" [pod=a/b, attempt=2]\n", line(Map.of()));
            String json = line(Map.of("KUBEVXLAN_LOG_FORMAT", "json"));
            assertTrue(json.contains("\"mdc\": {\"pod\":\"a\\/b\",\"attempt\":\"2\"}"), json);
        } finally {
            MDC.clear();
        }
    }

    @Test
    void theLevelIsThatOfOurOwnMessages() {
        new Logging(Map.of("KUBEVXLAN_LOG_LEVEL", "debug")).configure(context);
        assertTrue(context.getLogger("io.github.kubevxlan.Who").isDebugEnabled());
        assertFalse(context.getLogger("io.fabric8.Other").isInfoEnabled());
    }

    @Test
    void infoIsTheLevelUnlessSaidOtherwise() {
        new Logging(Map.of()).configure(context);
        assertEquals(Level.INFO, context.getLogger("io.github.kubevxlan.Who").getEffectiveLevel());
    }

    @Test
    void logbackFindsIt() {
        assertTrue(ServiceLoader.load(Configurator.class).stream().anyMatch(one -> one.type() == Logging.class));
    }

    private String line(Map<String, String> env) {
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.github.kubevxlan.Who"), Level.WARN, "pod {} is {}", null, new Object[] {
                    "a/b", "\"odd\""
                });
        event.setInstant(Instant.parse("2026-11-22T10:00:00.123Z"));
        event.setThreadName("main");
        return new String(new Logging(env).encoder(context).encode(event), StandardCharsets.UTF_8);
    }
}
