package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.util.EnvConfig;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The image of injected agents, and how kubelets get it.
 *
 * @param name with its registry, and a tag or digest
 * @param pullPolicy {@code Always}, {@code IfNotPresent} or {@code Never}
 * @param pullSecrets names of Secrets in the namespace of each pod that gets an agent
 */
public record AgentImage(String name, String pullPolicy, List<String> pullSecrets) {
    private static final String SECRET = "[a-z0-9]([-.a-z0-9]*[a-z0-9])?";
    private static final Pattern SECRETS = Pattern.compile("|" + SECRET + "(," + SECRET + ")*");

    public AgentImage {
        pullSecrets = List.copyOf(pullSecrets);
    }

    static AgentImage read(EnvConfig env) {
        String secrets = env.value("AGENT_PULL_SECRETS", "", text -> {
            if (!SECRETS.matcher(text).matches()) {
                throw new InvalidValueException(text, "names of Secrets, with commas between them");
            }
            return text;
        });
        return new AgentImage(
                env.required("AGENT_IMAGE"),
                env.choice("AGENT_PULL_POLICY", "IfNotPresent", "Always", "IfNotPresent", "Never"),
                secrets.isEmpty() ? List.of() : List.of(secrets.split(",")));
    }
}
