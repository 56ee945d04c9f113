package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import java.util.Map;

/**
 * The webhook's settings.
 *
 * @param common what it shares with the controller
 * @param port HTTPS; 0 for any free one
 * @param agent what is injected
 * @param tls where its certificate comes from
 */
public record WebhookConfig(CommonConfig common, int port, AgentSettings agent, TlsSource tls) {
    /** Reads them from KUBEVXLAN_* variables; throws ConfigException with all mistakes at once. */
    public static WebhookConfig read(Map<String, String> variables) {
        EnvConfig env = new EnvConfig(variables);
        WebhookConfig config = new WebhookConfig(
                CommonConfig.read(env),
                env.integer("PORT", 8443, 0, 65535),
                new AgentSettings(
                        env.required("AGENT_IMAGE"),
                        env.choice("AGENT_PULL_POLICY", "IfNotPresent", "Always", "IfNotPresent", "Never")),
                TlsSource.read(env));
        env.check();
        return config;
    }
}
