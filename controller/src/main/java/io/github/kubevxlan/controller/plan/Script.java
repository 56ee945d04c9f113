package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IpAddr;
import java.util.List;

/**
 * One round trip to an agent: change, mark, report.
 *
 * @param local the pod's own VTEP
 * @param ops in order
 * @param mark whether to set the completeness marker if every operation went well
 * @param ask what to report
 * @param end whether the agent is to end then, if it is one of ours
 */
public record Script(IpAddr local, List<NetOp> ops, boolean mark, Ask ask, boolean end) {
    public Script {
        ops = List.copyOf(ops);
    }

    /** One after which the agent stays. */
    public Script(IpAddr local, List<NetOp> ops, boolean mark, Ask ask) {
        this(local, ops, mark, ask, false);
    }

    /** One that only ends the agent. */
    public static Script end(IpAddr local) {
        return new Script(local, List.of(), false, new Ask(false, List.of(), List.of()), true);
    }
}
