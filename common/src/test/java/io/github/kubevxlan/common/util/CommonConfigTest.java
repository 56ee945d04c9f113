package io.github.kubevxlan.common.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.CommonConfig.NetworkSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommonConfigTest {
    @Test
    void hasDefaults() {
        assertEquals(
                new CommonConfig(
                        new Keys("vxlan.travelping.com"),
                        "kube-system",
                        new NetworkSource(
                                "kube-vxlan-controller",
                                new Defaults(new IfName("eth0"), new Port(14789), List.of(), false, false)),
                        List.of(),
                        8080),
                read(Map.of()));
    }

    @Test
    void readsEveryKey() {
        Map<String, String> env = Map.ofEntries(
                Map.entry("KUBEVXLAN_KEY_PREFIX", "vxlan.openvnf.org"),
                Map.entry("KUBEVXLAN_NAMESPACE", "net"),
                Map.entry("KUBEVXLAN_CONFIGMAP", "networks"),
                Map.entry("KUBEVXLAN_DEFAULT_DEV", "net1"),
                Map.entry("KUBEVXLAN_DEFAULT_DSTPORT", "4789"),
                Map.entry("KUBEVXLAN_RESERVED_RANGES", "10.244.0.0/16, fd00:244::/56"),
                Map.entry("KUBEVXLAN_ALLOW_POD_NETWORK_ID", "true"),
                Map.entry("KUBEVXLAN_ALLOW_ANY_MAC", "true"),
                Map.entry("KUBEVXLAN_WATCH_NAMESPACES", "team-b, team-a,,team-b"),
                Map.entry("KUBEVXLAN_ADMIN_PORT", "0"),
                Map.entry("KUBEVXLAN_LOG_FORMAT", "json"),
                Map.entry("KUBEVXLAN_LOG_LEVEL", "trace"));
        assertEquals(
                new CommonConfig(
                        new Keys("vxlan.openvnf.org"),
                        "net",
                        new NetworkSource(
                                "networks",
                                new Defaults(
                                        new IfName("net1"),
                                        new Port(4789),
                                        List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/56")),
                                        true,
                                        true)),
                        List.of("team-a", "team-b"),
                        0),
                read(env));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KEY_PREFIX | Vxlan | lower-case letters, digits, - and . (a DNS subdomain, RFC 1123)",
                "NAMESPACE | a/b | lower-case letters, digits, - and . (a DNS subdomain, RFC 1123)",
                "CONFIGMAP | -a | lower-case letters, digits, - and . (a DNS subdomain, RFC 1123)",
                "DEFAULT_DEV | lo | an interface name, 1 to 15 of A-Z a-z 0-9 . _ - that begins with a letter or digit,"
                        + " not lo, all, default",
                "DEFAULT_DSTPORT | 0 | a UDP port, 1 to 65535",
                "DEFAULT_DSTPORT | 65536 | a UDP port, 1 to 65535",
                "RESERVED_RANGES | 10.0.0.1/8 | a network without host bits, such as 192.168.12.0/29 or fd00:12::/64",
                "ALLOW_POD_NETWORK_ID | yes | true, false",
                "ALLOW_ANY_MAC | yes | true, false",
                "WATCH_NAMESPACES | A | names of namespaces, with commas between them",
                "ADMIN_PORT | 65536 | a whole number, 0 to 65535",
                "ADMIN_PORT | -1 | a whole number, 0 to 65535",
                "LOG_FORMAT | xml | text, json",
                "LOG_LEVEL | warning | error, warn, info, debug, trace",
            })
    void refusesWhatIsOutOfRange(String setting, String value, String allowed) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> read(Map.of("KUBEVXLAN_" + setting, value)));
        assertEquals(
                "KUBEVXLAN_%s: found \"%s\", allowed: %s".formatted(setting, value, allowed), refused.getMessage());
    }

    @Test
    void refusesAKeyThatItDoesNotKnowAndNamesThoseThatItKnows() {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> read(Map.of("KUBEVXLAN_ADMINPORT", "1", "HOME", "/")));
        assertEquals(
                "KUBEVXLAN_ADMINPORT: is not a setting; known: KUBEVXLAN_ADMIN_PORT, KUBEVXLAN_ALLOW_ANY_MAC,"
                        + " KUBEVXLAN_ALLOW_POD_NETWORK_ID, KUBEVXLAN_CONFIGMAP, KUBEVXLAN_DEFAULT_DEV,"
                        + " KUBEVXLAN_DEFAULT_DSTPORT, KUBEVXLAN_KEY_PREFIX, KUBEVXLAN_LOG_FORMAT, KUBEVXLAN_LOG_LEVEL,"
                        + " KUBEVXLAN_NAMESPACE, KUBEVXLAN_RESERVED_RANGES, KUBEVXLAN_WATCH_NAMESPACES",
                refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "vxlan.travelping.com, '', 14789",
        "example.com, '', 14789",
        "vxlan.openvnf.org, '', 8472",
        "vxlan.openvnf.org, 14789, 14789",
        "vxlan.travelping.com, 8472, 8472",
    })
    void theDefaultPortIsThatOfTheOlderControllerUnderItsPrefixAlone(String prefix, String port, int expected) {
        Map<String, String> env = Map.of("KUBEVXLAN_KEY_PREFIX", prefix, "KUBEVXLAN_DEFAULT_DSTPORT", port);
        assertEquals(new Port(expected), read(env).defaults().port());
    }

    private static CommonConfig read(Map<String, String> variables) {
        EnvConfig env = new EnvConfig(variables);
        CommonConfig config = CommonConfig.read(env);
        env.check();
        return config;
    }
}
