package io.github.kubevxlan.controller.address;

/**
 * A pod as one that may have addresses.
 *
 * @param uid its UID, by which it has what it has
 * @param name NAMESPACE/NAME, from which its addresses follow where they are free
 * @param kind whether another pod comes under that name after it
 * @param present whether it can be programmed; one that can't keeps what is written on it, and gets nothing
 */
public record Claimant(String uid, String name, NameKind kind, boolean present) {}
