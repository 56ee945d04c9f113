package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.controller.overlay.Qdisc;
import java.util.Optional;

/** The queue at the root of a VXLAN link as the agent reports it. */
public sealed interface ObservedQdisc {
    int MOST_CHARACTERS = 15;

    /** A kind's name as it is shown to people; the kernel's has 15 bytes at most. */
    static String kind(String reported) {
        String plain = reported.replaceAll("[^A-Za-z0-9_-]", "?");
        return plain.length() > MOST_CHARACTERS ? plain.substring(0, MOST_CHARACTERS) : plain;
    }

    /** The kernel's way: packets do not wait. */
    record None() implements ObservedQdisc {}

    /** One of a kind that may be ours; an agent with a shell says more when it is asked. */
    record Unread(String kind) implements ObservedQdisc {}

    /** Somebody else's, which stays. */
    record Foreign(String kind) implements ObservedQdisc {}

    /** Ours; empty if it does something that we never ask for. */
    record Ours(Optional<Qdisc> qdisc) implements ObservedQdisc {}
}
