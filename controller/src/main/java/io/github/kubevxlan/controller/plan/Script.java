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
 */
public record Script(IpAddr local, List<NetOp> ops, boolean mark, Ask ask) {
    public Script {
        ops = List.copyOf(ops);
    }
}
