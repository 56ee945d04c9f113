package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Facts;
import java.util.Optional;

/** Tells the product's agent from a user's own. */
final class AgentImage {
    private static final String IMAGE = "KUBEVXLAN_AGENT_IMAGE";

    private AgentImage() {}

    /** The image that new pods get; empty if it is not known. */
    static Optional<String> injected(Facts facts) {
        return facts.webhook()
                .object()
                .map(webhook -> webhook.variables().getOrDefault(IMAGE, ""))
                .filter(image -> !image.isEmpty());
    }

    /** Whether it is the image that new pods get, or one with another tag or digest: one of another repository is the user's own. */
    static boolean isOurs(Facts facts, String image) {
        return injected(facts)
                .filter(injected -> repository(injected).equals(repository(image)))
                .isPresent();
    }

    private static String repository(String image) {
        String named = image.replaceFirst("@.*", "");
        int colon = named.lastIndexOf(':');
        return colon > named.lastIndexOf('/') ? named.substring(0, colon) : named;
    }
}
