package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.CommonConfig.NetworkSource;
import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.webhook.TlsSource.InFiles;
import io.github.kubevxlan.webhook.TlsSource.InSecret;
import io.github.kubevxlan.webhook.WebhookConfig.InjectionSettings;
import io.github.kubevxlan.webhook.WebhookConfig.ServerSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookConfigTest {
    @Test
    void hasDefaultsForAllButTheImage() {
        WebhookConfig expected = new WebhookConfig(
                new CommonConfig(
                        new Keys("vxlan.travelping.com"),
                        "kube-system",
                        new NetworkSource("kube-vxlan-controller", new Defaults(new IfName("eth0"), new Port(14789))),
                        List.of(),
                        8080),
                new ServerSettings(8443, new InSecret("kube-vxlan-controller-webhook-tls"), Limits.of(64)),
                new InjectionSettings(
                        new AgentSettings(
                                new AgentImage("agent:1", "IfNotPresent", List.of()),
                                true,
                                Set.of(),
                                AgentRequirements.DEFAULT),
                        Optional.empty(),
                        false));
        assertEquals(expected, WebhookConfig.read(Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:1", "PATH", "/bin")));
    }

    @Test
    void readsEverySettingOfTheChart() {
        Map<String, String> env = Map.ofEntries(
                Map.entry("KUBEVXLAN_KEY_PREFIX", "vxlan.openvnf.org"),
                Map.entry("KUBEVXLAN_NAMESPACE", "net"),
                Map.entry("KUBEVXLAN_CONFIGMAP", "networks"),
                Map.entry("KUBEVXLAN_DEFAULT_DEV", "net1"),
                Map.entry("KUBEVXLAN_DEFAULT_DSTPORT", "4789"),
                Map.entry("KUBEVXLAN_RESERVED_RANGES", "10.244.0.0/16,fd00:244::/56"),
                Map.entry("KUBEVXLAN_ALLOW_POD_NETWORK_ID", "true"),
                Map.entry("KUBEVXLAN_ALLOW_ANY_MAC", "true"),
                Map.entry("KUBEVXLAN_WATCH_NAMESPACES", "team-b,team-a"),
                Map.entry("KUBEVXLAN_ADMIN_PORT", "8081"),
                Map.entry("KUBEVXLAN_LOG_FORMAT", "json"),
                Map.entry("KUBEVXLAN_LOG_LEVEL", "debug"),
                Map.entry("KUBEVXLAN_PORT", "9443"),
                Map.entry("KUBEVXLAN_AGENT_IMAGE", "agent:2"),
                Map.entry("KUBEVXLAN_AGENT_PULL_POLICY", "Never"),
                Map.entry("KUBEVXLAN_AGENT_PULL_SECRETS", "pull,another.one"),
                Map.entry("KUBEVXLAN_AGENT_MODE", "classic"),
                Map.entry("KUBEVXLAN_READINESS_GATE", "false"),
                Map.entry("KUBEVXLAN_LEGACY_AGENT_IMAGES", "old/agent,registry.test:5000/a"),
                Map.entry("KUBEVXLAN_AGENT_RESOURCES", "limits.cpu=1000m"),
                Map.entry("KUBEVXLAN_AGENT_GUARANTEED_RESOURCES", "requests.cpu=0.02,limits.memory=32Mi"),
                Map.entry("KUBEVXLAN_TLS_SECRET", "tls"),
                Map.entry("KUBEVXLAN_REQUESTS", "7"),
                Map.entry("KUBEVXLAN_UNKNOWN_NETWORKS", "Deny"));
        WebhookConfig expected = new WebhookConfig(
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
                        8081),
                new ServerSettings(9443, new InSecret("tls"), Limits.of(7)),
                new InjectionSettings(
                        new AgentSettings(
                                new AgentImage("agent:2", "Never", List.of("pull", "another.one")),
                                false,
                                Set.of("old/agent", "registry.test:5000/a"),
                                new AgentRequirements(
                                        AgentResources.parse("limits.cpu=1"),
                                        AgentResources.parseGuaranteed("limits.cpu=20m,limits.memory=32Mi"))),
                        Optional.of(AgentMode.CLASSIC),
                        true));
        assertEquals(expected, WebhookConfig.read(env));
    }

    @Test
    void takesCertificateFromDirectoryWhereOneIsNamed() {
        Map<String, String> env =
                new HashMap<>(Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:1", "KUBEVXLAN_TLS_DIR", "/etc/tls"));
        assertEquals(
                new InFiles(Path.of("/etc/tls")),
                WebhookConfig.read(env).server().tls());
        env.put("KUBEVXLAN_TLS_SECRET", "of-no-use");
        assertThrows(ConfigException.class, () -> WebhookConfig.read(env));
        env.remove("KUBEVXLAN_TLS_SECRET");
        env.put("KUBEVXLAN_TLS_DIR", "etc/tls");
        assertThrows(ConfigException.class, () -> WebhookConfig.read(env));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PORT | -1 | a whole number, 0 to 65535",
                "PORT | 65536 | a whole number, 0 to 65535",
                "AGENT_PULL_POLICY | always | Always, IfNotPresent, Never",
                "AGENT_MODE | sidecar | auto, native, classic",
                "READINESS_GATE | no | true, false",
                "AGENT_PULL_SECRETS | a,,b | names of Secrets, with commas between them",
                "LEGACY_AGENT_IMAGES | a b | images without tag or digest, with commas between them",
                "LEGACY_AGENT_IMAGES | a, | images without tag or digest, with commas between them",
                "TLS_SECRET | a_b | lower-case letters, digits, - and . (a DNS subdomain, RFC 1123)",
                "TLS_DIR | tls | the absolute path of a directory",
                "REQUESTS | 0 | a whole number, 1 to 1000",
                "REQUESTS | 1001 | a whole number, 1 to 1000",
                "UNKNOWN_NETWORKS | deny | Wait, Deny",
            })
    void refusesWhatIsOutOfRange(String setting, String value, String allowed) {
        Map<String, String> env = Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:1", "KUBEVXLAN_" + setting, value);
        ConfigException refused = assertThrows(ConfigException.class, () -> WebhookConfig.read(env));
        assertEquals(
                "KUBEVXLAN_%s: found \"%s\", allowed: %s".formatted(setting, value, allowed), refused.getMessage());
    }

    @Test
    void refusesAKeyThatItDoesNotKnow() {
        Map<String, String> env = Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:1", "KUBEVXLAN_EXECS", "64");
        ConfigException refused = assertThrows(ConfigException.class, () -> WebhookConfig.read(env));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("KUBEVXLAN_EXECS: is not a setting; known: "));
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        Map<String, String> env = Map.of(
                "KUBEVXLAN_PORT", "65536",
                "KUBEVXLAN_AGENT_PULL_POLICY", "Sometimes",
                "KUBEVXLAN_KEY_PREFIX", "A/b",
                "KUBEVXLAN_AGENT_MODE", "modern",
                "KUBEVXLAN_LEGACY_AGENT_IMAGES", "a,,b",
                "KUBEVXLAN_AGENT_RESOURCES", "requests.cpu=2,limits.cpu=1",
                "KUBEVXLAN_DEFAULT_DEV", "a b",
                "KUBEVXLAN_WATCH_NAMESPACES", "a,B",
                "KUBEVXLAN_REQUESTS", "0",
                "KUBEVXLAN_POTR", "1");
        ConfigException failure = assertThrows(ConfigException.class, () -> WebhookConfig.read(env));
        List<String> settings = String.valueOf(failure.getMessage())
                .lines()
                .map(line -> line.substring(0, line.indexOf(':')))
                .toList();
        assertEquals(
                List.of(
                        "KUBEVXLAN_KEY_PREFIX",
                        "KUBEVXLAN_DEFAULT_DEV",
                        "KUBEVXLAN_WATCH_NAMESPACES",
                        "KUBEVXLAN_PORT",
                        "KUBEVXLAN_AGENT_IMAGE",
                        "KUBEVXLAN_AGENT_PULL_POLICY",
                        "KUBEVXLAN_LEGACY_AGENT_IMAGES",
                        "KUBEVXLAN_AGENT_RESOURCES",
                        "KUBEVXLAN_AGENT_MODE",
                        "KUBEVXLAN_REQUESTS",
                        "KUBEVXLAN_POTR"),
                settings);
    }
}
