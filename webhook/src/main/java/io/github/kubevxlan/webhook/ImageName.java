package io.github.kubevxlan.webhook;

import java.util.Optional;

/**
 * A container image's name in its parts, as container runtimes read it: {@code REGISTRY/PATH:TAG@DIGEST}.
 *
 * @param registry its host; empty without one, which means Docker Hub, as {@code docker.io} does
 * @param path of the repository within the registry
 * @param tag a version's name
 * @param digest an image's fingerprint, which wins over the tag
 */
public record ImageName(String registry, String path, Optional<String> tag, Optional<String> digest) {
    private static final String DOCKER_HUB = "docker.io";

    /** Takes any text. */
    public static ImageName parse(String text) {
        String[] atDigest = text.split("@", 2);
        int slash = atDigest[0].indexOf('/');
        String first = slash < 0 ? "" : atDigest[0].substring(0, slash);
        boolean hasRegistry = first.contains(".") || first.contains(":") || first.equals("localhost");
        String rest = hasRegistry ? atDigest[0].substring(slash + 1) : atDigest[0];
        int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
        return new ImageName(
                hasRegistry && !first.equals(DOCKER_HUB) ? first : "",
                colon < 0 ? rest : rest.substring(0, colon),
                colon < 0 ? Optional.empty() : Optional.of(rest.substring(colon + 1)),
                atDigest.length < 2 ? Optional.empty() : Optional.of(atDigest[1]));
    }

    /** Tells whether it is of that repository. One without a registry is meant in any, also behind a mirror's folder. */
    public boolean isFrom(ImageName repository) {
        return repository.registry.isEmpty()
                ? ("/" + path).endsWith("/" + repository.path)
                : registry.equals(repository.registry) && path.equals(repository.path);
    }

    /** Tells whether it is known to be another version than one of the same repository. */
    boolean isOtherVersionThan(ImageName other) {
        if (digest.isPresent() && other.digest.isPresent()) {
            return !digest.equals(other.digest);
        }
        boolean isDigestAlone = digest.isPresent() && tag.isEmpty();
        return !isDigestAlone && !tag.equals(other.tag);
    }
}
