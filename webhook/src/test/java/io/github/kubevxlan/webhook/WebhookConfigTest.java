package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.webhook.TlsSource.InFiles;
import io.github.kubevxlan.webhook.TlsSource.InSecret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebhookConfigTest {
    @Test
    void hasDefaultsForAllButTheImage() {
        WebhookConfig expected = new WebhookConfig(
                new CommonConfig(
                        new Keys("vxlan.travelping.com"),
                        "kube-system",
                        "kube-vxlan-controller",
                        new Defaults(new IfName("eth0"), new Port(8472)),
                        List.of(),
                        8080),
                8443,
                new AgentSettings("agent:1", "IfNotPresent", true, Set.of()),
                Optional.empty(),
                new InSecret("kube-vxlan-controller-webhook-tls"),
                Limits.of(64),
                false);
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
                Map.entry("KUBEVXLAN_WATCH_NAMESPACES", "team-b,team-a"),
                Map.entry("KUBEVXLAN_ADMIN_PORT", "8081"),
                Map.entry("KUBEVXLAN_LOG_FORMAT", "json"),
                Map.entry("KUBEVXLAN_LOG_LEVEL", "debug"),
                Map.entry("KUBEVXLAN_PORT", "9443"),
                Map.entry("KUBEVXLAN_AGENT_IMAGE", "agent:2"),
                Map.entry("KUBEVXLAN_AGENT_PULL_POLICY", "Never"),
                Map.entry("KUBEVXLAN_AGENT_MODE", "classic"),
                Map.entry("KUBEVXLAN_READINESS_GATE", "false"),
                Map.entry("KUBEVXLAN_LEGACY_AGENT_IMAGES", "old/agent,registry.test:5000/a"),
                Map.entry("KUBEVXLAN_TLS_SECRET", "tls"),
                Map.entry("KUBEVXLAN_REQUESTS", "7"),
                Map.entry("KUBEVXLAN_UNKNOWN_NETWORKS", "Deny"));
        WebhookConfig expected = new WebhookConfig(
                new CommonConfig(
                        new Keys("vxlan.openvnf.org"),
                        "net",
                        "networks",
                        new Defaults(
                                new IfName("net1"),
                                new Port(4789),
                                List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/56")),
                                true),
                        List.of("team-a", "team-b"),
                        8081),
                9443,
                new AgentSettings("agent:2", "Never", false, Set.of("old/agent", "registry.test:5000/a")),
                Optional.of(AgentMode.CLASSIC),
                new InSecret("tls"),
                Limits.of(7),
                true);
        assertEquals(expected, WebhookConfig.read(env));
    }

    @Test
    void takesCertificateFromDirectoryWhereOneIsNamed() {
        Map<String, String> env =
                new HashMap<>(Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:1", "KUBEVXLAN_TLS_DIR", "/etc/tls"));
        assertEquals(new InFiles(Path.of("/etc/tls")), WebhookConfig.read(env).tls());
        env.put("KUBEVXLAN_TLS_SECRET", "of-no-use");
        assertThrows(ConfigException.class, () -> WebhookConfig.read(env));
        env.remove("KUBEVXLAN_TLS_SECRET");
        env.put("KUBEVXLAN_TLS_DIR", "etc/tls");
        assertThrows(ConfigException.class, () -> WebhookConfig.read(env));
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        Map<String, String> env = Map.of(
                "KUBEVXLAN_PORT", "65536",
                "KUBEVXLAN_AGENT_PULL_POLICY", "Sometimes",
                "KUBEVXLAN_KEY_PREFIX", "A/b",
                "KUBEVXLAN_AGENT_MODE", "modern",
                "KUBEVXLAN_LEGACY_AGENT_IMAGES", "a,,b",
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
                        "KUBEVXLAN_AGENT_MODE",
                        "KUBEVXLAN_REQUESTS",
                        "KUBEVXLAN_POTR"),
                settings);
    }
}
