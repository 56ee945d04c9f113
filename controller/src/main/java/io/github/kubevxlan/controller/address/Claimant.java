package io.github.kubevxlan.controller.address;

import java.time.Instant;

/**
 * A pod as one that may have addresses.
 *
 * @param uid its UID, by which it has what it has
 * @param name NAMESPACE/NAME, from which its addresses follow where they are free
 * @param kind whether another pod comes under that name after it
 * @param present whether it can be programmed; one that can't keeps what is written on it, and gets nothing
 * @param created when it was made
 */
public record Claimant(String uid, String name, NameKind kind, boolean present, Instant created) {
    String namespace() {
        return name.substring(0, name.indexOf('/'));
    }
}
