package io.github.kubevxlan.webhook;

/**
 * What the operator chooses about injected agents.
 *
 * @param image of the agent
 * @param pullPolicy {@code Always}, {@code IfNotPresent} or {@code Never}
 */
public record AgentSettings(String image, String pullPolicy) {}
