package io.github.kubevxlan.webhook;

import java.util.Set;

/**
 * What the operator chooses about injected agents.
 *
 * @param image of the agent
 * @param readinessGate whether pods that get one are ready only once their peers can reach them
 * @param legacyImages repositories of existing agents that ours takes the place of, without tag or digest; one without
 *     a registry means that repository of any registry
 * @param requirements how much they ask of their nodes
 */
public record AgentSettings(
        AgentImage image, boolean readinessGate, Set<String> legacyImages, AgentRequirements requirements) {
    public AgentSettings {
        legacyImages = Set.copyOf(legacyImages);
    }

    /**
     * Tells whether the current agent takes the place of one of that image: an existing one of a known image, or our own
     * in another version. Where ours has a tag and the other a digest alone, nobody can tell whether they differ, and it
     * stays: some other webhook may have pinned what we put in.
     */
    public boolean replaces(String image) {
        ImageName found = ImageName.parse(image);
        ImageName current = ImageName.parse(this.image.name());
        return legacyImages.stream().map(ImageName::parse).anyMatch(found::isFrom)
                || (found.path().equals(current.path()) && found.isOtherVersionThan(current));
    }
}
