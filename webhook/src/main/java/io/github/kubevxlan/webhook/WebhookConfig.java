package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The webhook's settings.
 *
 * @param common what it shares with the controller
 * @param server how it listens
 * @param injection what it does with pods
 */
public record WebhookConfig(CommonConfig common, ServerSettings server, InjectionSettings injection) {
    private static final Pattern LIST = Pattern.compile("|[a-z0-9][A-Za-z0-9._/:-]*(,[a-z0-9][A-Za-z0-9._/:-]*)*");

    /**
     * How the webhook listens.
     *
     * @param port HTTPS; 0 for any free one
     * @param tls where its certificate comes from
     * @param limits what it bears
     */
    public record ServerSettings(int port, TlsSource tls, Limits limits) {}

    /**
     * What the webhook does with pods.
     *
     * @param agent what is injected
     * @param mode how it is injected; empty where the API server's version decides
     * @param refusesUnknown whether a pod that names a network which is not defined is refused, or waits for it
     */
    public record InjectionSettings(AgentSettings agent, Optional<AgentMode> mode, boolean refusesUnknown) {}

    /** Reads them from KUBEVXLAN_* variables; throws ConfigException with all mistakes at once. */
    public static WebhookConfig read(Map<String, String> variables) {
        EnvConfig env = new EnvConfig(variables);
        CommonConfig common = CommonConfig.read(env);
        int port = env.integer("PORT", 8443, 0, 65535);
        AgentSettings agent = agent(env);
        Optional<AgentMode> mode = mode(env.choice("AGENT_MODE", "auto", "auto", "native", "classic"));
        ServerSettings server = new ServerSettings(port, TlsSource.read(env), Limits.read(env));
        boolean refusesUnknown =
                env.choice("UNKNOWN_NETWORKS", "Wait", "Wait", "Deny").equals("Deny");
        env.check();
        return new WebhookConfig(common, server, new InjectionSettings(agent, mode, refusesUnknown));
    }

    private static AgentSettings agent(EnvConfig env) {
        return new AgentSettings(
                AgentImage.read(env),
                env.choice("READINESS_GATE", "true", "true", "false").equals("true"),
                repositories(env),
                AgentRequirements.read(env));
    }

    private static Set<String> repositories(EnvConfig env) {
        String list = env.value("LEGACY_AGENT_IMAGES", "", text -> {
            if (!LIST.matcher(text).matches()) {
                throw new InvalidValueException(text, "images without tag or digest, with commas between them");
            }
            return text;
        });
        return list.isEmpty() ? Set.of() : Set.of(list.split(","));
    }

    private static Optional<AgentMode> mode(String name) {
        return switch (name) {
            case "native" -> Optional.of(AgentMode.NATIVE);
            case "classic" -> Optional.of(AgentMode.CLASSIC);
            default -> Optional.empty();
        };
    }
}
