package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.diff.FilterSupport;
import io.github.kubevxlan.controller.diff.IncrementalUpdate;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import java.util.Optional;

/**
 * What an agent reported to have.
 *
 * @param declared what the pod should have
 * @param held what it has of that, its links as they are
 * @param support what of the filters the agent can do
 */
record VerifiedState(String agentId, DesiredPod declared, DesiredPod held, FilterSupport support) {
    DesiredPod usable(DesiredPod want) {
        return support.usable(want);
    }

    /** The update that leads to another want; empty if the links themselves have to be compared. */
    Optional<IncrementalUpdate> updateTo(DesiredPod want) {
        return IncrementalUpdate.suffices(declared, want) && held.hasTablesOf(usable(declared))
                ? Optional.of(IncrementalUpdate.between(usable(declared), usable(want)))
                : Optional.empty();
    }

    VerifiedState after(DesiredPod want) {
        return new VerifiedState(agentId, want, held.withTablesOf(usable(want)), support);
    }
}
