package io.github.kubevxlan.controller.page;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Locale;

/**
 * Something that happened to a pod.
 *
 * @param number grows with each change
 * @param at milliseconds since 1970
 * @param kind what happened, as {@link Kind#word()} has it
 * @param subject what it happened to
 * @param text why, in words; may be empty
 */
public record PageChange(
        long number, long at, String kind, @JsonUnwrapped Subject subject, String text) {
    /**
     * What a change happened to.
     *
     * @param uid the pod's
     * @param namespace the pod's
     * @param pod its name
     * @param network the network's name; empty if it is about the pod as a whole
     */
    public record Subject(String uid, String namespace, String pod, String network) {}

    /** What can happen. */
    public enum Kind {
        JOINED,
        READY,
        WAITING,
        DEGRADED,
        FAILED,
        REPAIRED,
        LEFT,
        /** A Kubernetes Event that was written on the pod. */
        EVENT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
