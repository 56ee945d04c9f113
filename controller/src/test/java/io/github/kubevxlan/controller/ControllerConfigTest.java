package io.github.kubevxlan.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.certs.Lifetimes;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.controller.ControllerConfig.NetworkSettings;
import io.github.kubevxlan.controller.ControllerConfig.PublicationSettings;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.path.PathSettings;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings that the controller shares are those of CommonConfigTest, those of certificates of TlsConfigTest. */
class ControllerConfigTest {
    private static final CommonConfig COMMON = CommonConfig.read(new EnvConfig(Map.of()));

    @Test
    void hasDefaults() {
        assertEquals(
                new ControllerConfig(
                        COMMON,
                        new NetworkSettings(Map.of(), 256, true, new PathSettings(0)),
                        new WorkSettings(
                                new Limits(64, 16, 256, Duration.ofHours(1), Duration.ofSeconds(10)),
                                Duration.ofMinutes(5)),
                        new PublicationSettings(OptionalInt.of(8090), false),
                        Optional.of(new TlsConfig(
                                "kube-vxlan-controller-ca",
                                "kube-vxlan-controller-webhook-tls",
                                "kube-vxlan-controller",
                                "kube-vxlan-controller-webhook",
                                Lifetimes.DEFAULT))),
                ControllerConfig.read(Map.of()));
    }

    @Test
    void readsEveryKey() {
        Map<String, String> env = Map.ofEntries(
                Map.entry("KUBEVXLAN_INITIAL_NETWORKS", "a=1\n\n b=id=2 up \n"),
                Map.entry("KUBEVXLAN_EXECS", "8"),
                Map.entry("KUBEVXLAN_EXECS_PER_NODE", "4"),
                Map.entry("KUBEVXLAN_SESSIONS", "9"),
                Map.entry("KUBEVXLAN_SESSION_IDLE", "2m"),
                Map.entry("KUBEVXLAN_EXEC_DEADLINE", "3s"),
                Map.entry("KUBEVXLAN_RESYNC", "1h"),
                Map.entry("KUBEVXLAN_NEIGHBOURS", "7"),
                Map.entry("KUBEVXLAN_PEER_FILTER", "false"),
                Map.entry("KUBEVXLAN_PROBE_PEERS", "3"),
                Map.entry("KUBEVXLAN_PAGE_PORT", "9"),
                Map.entry("KUBEVXLAN_NAMES", "true"),
                Map.entry("KUBEVXLAN_TLS_MODE", "files"));
        assertEquals(
                new ControllerConfig(
                        COMMON,
                        new NetworkSettings(Map.of("a", "1", "b", "id=2 up"), 7, false, new PathSettings(3)),
                        new WorkSettings(
                                new Limits(8, 4, 9, Duration.ofMinutes(2), Duration.ofSeconds(3)), Duration.ofHours(1)),
                        new PublicationSettings(OptionalInt.of(9), true),
                        Optional.empty()),
                ControllerConfig.read(env));
    }

    @Test
    void hasNoPageWhereNoneIsWanted() {
        assertEquals(
                OptionalInt.empty(),
                ControllerConfig.read(Map.of("KUBEVXLAN_PAGE", "false"))
                        .publication()
                        .pagePort());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INITIAL_NETWORKS | 100 | lines of NAME=DEFINITION",
                "EXECS | 1 | a whole number, 2 to 1000",
                "EXECS | 1001 | a whole number, 2 to 1000",
                "EXECS_PER_NODE | 1 | a whole number, 2 to 1000",
                "EXECS_PER_NODE | 1001 | a whole number, 2 to 1000",
                "SESSIONS | 63 | a whole number, 64 to 10000",
                "SESSIONS | 10001 | a whole number, 64 to 10000",
                "SESSION_IDLE | 999ms | a duration such as 500ms, 30s, 5m, 1h, from 1s to 1440m",
                "SESSION_IDLE | 25h | a duration such as 500ms, 30s, 5m, 1h, from 1s to 1440m",
                "EXEC_DEADLINE | 10 | a duration such as 500ms, 30s, 5m, 1h, from 1s to 5m",
                "EXEC_DEADLINE | 301s | a duration such as 500ms, 30s, 5m, 1h, from 1s to 5m",
                "RESYNC | 0s | a duration such as 500ms, 30s, 5m, 1h, from 1s to 1440m",
                "RESYNC | 25h | a duration such as 500ms, 30s, 5m, 1h, from 1s to 1440m",
                "PAGE | yes | true, false",
                "PAGE_PORT | 65536 | a whole number, 0 to 65535",
                "NEIGHBOURS | -1 | a whole number, 0 to 10000",
                "NEIGHBOURS | 10001 | a whole number, 0 to 10000",
                "PEER_FILTER | on | true, false",
                "PROBE_PEERS | 9 | a whole number, 0 to 8",
            })
    void refusesWhatIsOutOfRange(String setting, String value, String allowed) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> ControllerConfig.read(Map.of("KUBEVXLAN_" + setting, value)));
        assertEquals(
                "KUBEVXLAN_%s: found \"%s\", allowed: %s".formatted(setting, value, allowed), refused.getMessage());
    }

    @Test
    void refusesAKeyThatItDoesNotKnow() {
        ConfigException refused = assertThrows(
                ConfigException.class, () -> ControllerConfig.read(Map.of("KUBEVXLAN_AGENT_IMAGE", "the webhook's")));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("KUBEVXLAN_AGENT_IMAGE: is not a setting; known: "));
    }
}
