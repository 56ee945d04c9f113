package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.controller.overlay.PeerTable;

/** An agent's report of our entries of one link: the entries themselves, or a digest of them. */
public sealed interface FdbView {
    /** The entries themselves. */
    record Listed(PeerTable entries) implements FdbView {}

    /** As {@link PeerTable#digest()}, entries for the pod itself included. */
    record Digest(String sha256) implements FdbView {}

    /** Nothing of them but that each change of them that was asked for was done. */
    record Changed() implements FdbView {}
}
