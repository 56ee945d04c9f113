package io.github.kubevxlan.controller.plan;

/** What an agent told of the all-zero entries of one link: their destinations, or a digest of them. */
public sealed interface FdbView {
    /** The destinations themselves. */
    record Listed(Vteps destinations) implements FdbView {}

    /** As {@link Vteps#digest()}, the pod's own address included. */
    record Digest(String sha256) implements FdbView {}
}
