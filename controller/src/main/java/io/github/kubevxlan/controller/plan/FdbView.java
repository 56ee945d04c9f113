package io.github.kubevxlan.controller.plan;

/** What an agent told of the entries of one link that are ours: themselves, or a digest of them. */
public sealed interface FdbView {
    /** The entries themselves. */
    record Listed(Vteps entries) implements FdbView {}

    /** As {@link Vteps#digest()}, entries for the pod itself included. */
    record Digest(String sha256) implements FdbView {}
}
