package io.github.kubevxlan.certs;

import java.time.Duration;

/**
 * Lifetimes of certificates, and how long a new authority is trusted before it signs for the webhook.
 *
 * @param ca life of an authority, at least twice {@code leaf}
 * @param leaf life of a serving certificate, at least {@link #MIN_LEAF}
 * @param overlap from a new authority's being trusted in every webhook entry to its first serving certificate: longer
 *     than an API server may take to notice a changed webhook configuration, at most a quarter of {@code leaf}
 */
public record Lifetimes(Duration ca, Duration leaf, Duration overlap) {
    /** Below this, the time left after two thirds is too short for all that must happen in it. */
    public static final Duration MIN_LEAF = Duration.ofSeconds(30);

    /** The default: it rotates the authority every eight months and the serving certificate every two. */
    public static final Lifetimes DEFAULT =
            new Lifetimes(Duration.ofDays(365), Duration.ofDays(90), Duration.ofMinutes(1));

    private static final Duration MAX_BACKDATE = Duration.ofMinutes(5);

    /** @throws IllegalArgumentException if a range above is left, naming it */
    public Lifetimes {
        require(leaf.compareTo(MIN_LEAF) >= 0, "life of a serving certificate", leaf, "at least " + MIN_LEAF);
        require(ca.compareTo(leaf.multipliedBy(2)) >= 0, "life of an authority", ca, "at least twice " + leaf);
        require(!overlap.isNegative(), "overlap", overlap, "not negative");
        require(overlap.multipliedBy(4).compareTo(leaf) <= 0, "overlap", overlap, "at most a quarter of " + leaf);
    }

    /** How far in the past a certificate of this life begins, for clocks that are behind: a tenth, at most 5 minutes. */
    static Duration backdate(Duration life) {
        Duration tenth = life.dividedBy(10);
        return tenth.compareTo(MAX_BACKDATE) < 0 ? tenth : MAX_BACKDATE;
    }

    private static void require(boolean holds, String what, Duration found, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is " + found + "; allowed: " + allowed);
        }
    }
}
