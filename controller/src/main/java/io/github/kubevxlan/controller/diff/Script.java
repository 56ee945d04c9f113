package io.github.kubevxlan.controller.diff;

import java.util.Comparator;
import java.util.List;

/**
 * One round trip to an agent: change, mark, report.
 *
 * @param ops in order, phase by phase
 * @param mark whether to set the completeness marker if every operation went well
 * @param reportRequest what to report
 * @param end whether the agent is to end then, if it is one of ours
 */
public record Script(List<NetOp> ops, boolean mark, ReportRequest reportRequest, boolean end) {
    /** One that only ends the agent. */
    public static final Script END = new Script(List.of(), false, new ReportRequest(false, List.of(), List.of()), true);

    public Script {
        ops = ops.stream().sorted(Comparator.comparing(NetOp::phase)).toList();
    }

    /** One after which the agent stays. */
    public Script(List<NetOp> ops, boolean mark, ReportRequest reportRequest) {
        this(ops, mark, reportRequest, false);
    }

    /** Whether it is about qdiscs. */
    public boolean needsTc() {
        return reportRequest.qdiscs()
                || ops.stream().anyMatch(op -> op instanceof NetOp.PutQdisc || op instanceof NetOp.DelQdisc);
    }

    /** Its operations as they are sent. */
    public List<Transaction> transactions() {
        return Transaction.of(ops);
    }
}
