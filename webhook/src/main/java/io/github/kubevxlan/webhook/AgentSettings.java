package io.github.kubevxlan.webhook;

import java.util.Set;

/**
 * What the operator chooses about injected agents.
 *
 * @param image of the agent
 * @param pullPolicy {@code Always}, {@code IfNotPresent} or {@code Never}
 * @param readinessGate whether pods that get one are ready only once their peers can reach them
 * @param legacyImages repositories of hand-made agents that ours takes the place of, without tag or digest
 */
public record AgentSettings(String image, String pullPolicy, boolean readinessGate, Set<String> legacyImages) {
    private static final String DEFAULT_REGISTRY = "docker.io/";

    public AgentSettings {
        legacyImages = Set.copyOf(legacyImages);
    }

    /** Tells whether a hand-made agent of that image is to be replaced; never one of our own image. */
    boolean isLegacy(String containerImage) {
        return !containerImage.equals(image)
                && legacyImages.stream().anyMatch(known -> repository(known).equals(repository(containerImage)));
    }

    /** The image's repository as the container runtime reads it: no digest, no tag, Docker Hub being the default. */
    private static String repository(String image) {
        String name = image.split("@", 2)[0];
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        String untagged = colon < 0 ? name : name.substring(0, colon);
        return untagged.startsWith(DEFAULT_REGISTRY) ? untagged.substring(DEFAULT_REGISTRY.length()) : untagged;
    }
}
