package io.github.kubevxlan.controller;

import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.controller.agent.Limits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The controller's settings.
 *
 * @param common what webhook and controller share
 * @param initialNetworks definitions by name, for when there is no ConfigMap
 * @param limits of work on agents
 * @param resync after how long at most a pod is compared in full
 * @param tls who keeps the webhook's certificate
 */
public record ControllerConfig(
        CommonConfig common, Map<String, String> initialNetworks, Limits limits, Duration resync, Tls tls) {
    /**
     * The certificate of the webhook.
     *
     * @param caSecret name of the Secret with the CA
     * @param servingSecret name of the Secret with the serving certificate
     * @param webhookConfiguration name of the MutatingWebhookConfiguration
     * @param service name of the webhook's Service
     */
    public record Tls(String caSecret, String servingSecret, String webhookConfiguration, String service) {}

    public ControllerConfig {
        initialNetworks = Map.copyOf(initialNetworks);
    }

    /** Reads the settings; throws {@link ConfigException} with every mistake. */
    public static ControllerConfig read(Map<String, String> variables) {
        EnvConfig env = new EnvConfig(variables);
        env.choice("TLS_MODE", "self", "self");
        int execs = env.integer("EXECS", 64, 1, 1000);
        ControllerConfig config = new ControllerConfig(
                CommonConfig.read(env),
                env.value("INITIAL_NETWORKS", Map.of(), ControllerConfig::networks),
                new Limits(
                        execs,
                        env.integer("EXECS_PER_NODE", 16, 1, 1000),
                        env.integer("SESSIONS", 256, execs, 10_000),
                        env.duration(
                                "SESSION_IDLE", Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofHours(1)),
                        env.duration(
                                "EXEC_DEADLINE", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(5))),
                env.duration("RESYNC", Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofHours(24)),
                new Tls(
                        CommonConfig.name(env, "CA_SECRET", "kube-vxlan-controller-ca"),
                        CommonConfig.name(env, "TLS_SECRET", "kube-vxlan-controller-webhook-tls"),
                        CommonConfig.name(env, "WEBHOOK_CONFIGURATION", "kube-vxlan-controller"),
                        CommonConfig.name(env, "WEBHOOK_SERVICE", "kube-vxlan-controller-webhook")));
        env.check();
        return config;
    }

    private static Map<String, String> networks(String text) {
        Map<String, String> networks = new LinkedHashMap<>();
        text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals("{}"))
                .forEach(line -> {
                    int equals = line.indexOf('=');
                    if (equals < 1) {
                        throw new IllegalArgumentException("found \"" + line + "\", allowed: lines of NAME=DEFINITION");
                    }
                    networks.put(line.substring(0, equals), line.substring(equals + 1));
                });
        return networks;
    }
}
