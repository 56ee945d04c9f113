package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import java.util.List;

/**
 * What to do in one pod next.
 *
 * @param ops in the order in which they are to be done; empty if nothing is to change
 * @param unlisted names of links whose entries must be listed before they can be compared
 * @param deferred whether more is to follow that only the next report can tell
 * @param problems why a network can't be had
 */
public record Plan(List<NetOp> ops, List<IfName> unlisted, boolean deferred, List<Obstacle> problems) {
    public Plan {
        ops = List.copyOf(ops);
        unlisted = List.copyOf(unlisted);
        problems = List.copyOf(problems);
    }

    /** Whether what was seen is what is wanted, as far as it can be had. */
    public boolean settled() {
        return ops.isEmpty() && unlisted.isEmpty() && !deferred;
    }

    /** Whether the pod is as wanted once the operations went well. */
    public boolean last() {
        return unlisted.isEmpty() && !deferred && problems.isEmpty();
    }
}
