package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.diff.Changes;
import io.github.kubevxlan.controller.diff.FilterSupport;
import io.github.kubevxlan.controller.diff.LinkDiff;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.Plan;
import io.github.kubevxlan.controller.diff.RefusedQdiscs;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.diff.StateDiff;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.status.StatusPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One full comparison of a pod with what it should be: asks, changes, and asks again until the report is what is wanted. */
final class FullReconcile {
    private static final int MOST_ROUNDS = 5;

    private final String prefix;
    private final Agent agent;
    private final Target target;
    private final Optional<VerifiedState> last;
    private final AttemptDeadline.Attempt attempt;
    private final List<Change> changes = new ArrayList<>();
    /** What the pod can't have as it turned out. */
    private final List<NetworkProblem> leftOut = new ArrayList<>();

    private Optional<VerifiedState> verified = Optional.empty();

    /** Takes the key prefix, the way into the pod, what the pod last was known to have, and the attempt that it is part of. */
    FullReconcile(
            String prefix, Agent agent, Target target, Optional<VerifiedState> last, AttemptDeadline.Attempt attempt) {
        this.prefix = prefix;
        this.agent = agent;
        this.target = target;
        this.last = last;
        this.attempt = attempt;
    }

    /** What the agent changed so far. */
    List<Change> changes() {
        return changes;
    }

    /** What the pod has after {@link #run}; empty if it did not become what it should be. */
    Optional<VerifiedState> verified() {
        return verified;
    }

    /** Makes the one attempt; waits until it is done. */
    Outcome run() throws AgentException, InterruptedException {
        PodSnapshot pod = target.pod();
        DesiredPod declared = target.desired();
        Map<IfName, PeerTable> tables = last.map(known -> tables(known.held())).orElse(Map.of());
        List<DesiredLink> asked =
                last.map(known -> known.usable(declared)).orElse(declared).links();
        ObservedPod seen = agent.run(
                pod,
                new Script(
                        List.of(),
                        false,
                        new ReportRequest(true, asked, List.of(), declared.destinations(), declared.isImpaired())));
        FilterSupport support = FilterSupport.of(declared, seen);
        DesiredPod want = support.usable(declared);
        boolean released = false;
        boolean isDrift =
                last.map(VerifiedState::declared).filter(declared::equals).isPresent();
        Plan plan = StateDiff.plan(prefix, want, seen, tables);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            boolean mark = want.complete() && plan.last() && !seen.marked();
            if (plan.settled() && !mark) {
                verified = Optional.of(new VerifiedState(pod.agentId(), declared, plan.held(), support));
                return settled(want, plan, seen, support, released);
            }
            if (attempt.isLate()) {
                break;
            }
            released |= mark;
            ObservedPod before = seen;
            List<NetOp> ops = plan.ops();
            seen = agent.run(pod, new Script(ops, mark, reportRequest(plan, want, before)));
            plan = StateDiff.plan(prefix, want, seen, tables);
            RefusedQdiscs refused = RefusedQdiscs.of(want, ops, plan, seen.errors());
            if (!refused.ops().isEmpty()) {
                leftOut.addAll(refused.problems());
                want = refused.want();
                plan = StateDiff.plan(prefix, want, seen, tables);
            }
            List<NetOp> taken =
                    ops.stream().filter(op -> !refused.ops().contains(op)).toList();
            changes.addAll(Changes.of(taken, want, before, isDrift));
        }
        return new Outcome.Failed(
                "the pod's network does not become what it should be" + (attempt.isLate() ? " in time" : "")
                        + complaints(seen, plan.held()),
                plan.isLost(seen, pod.observedStatus()) ? Outcome.Cause.LOST : Outcome.Cause.INCOMPLETE,
                changes);
    }

    private Outcome settled(DesiredPod want, Plan plan, ObservedPod seen, FilterSupport support, boolean released) {
        List<NetworkProblem> problems = problems(want, plan);
        return new Outcome.Settled(
                containers(released, seen),
                problems,
                Optional.of(StatusPlan.withRetained(
                        StatusPlan.settled(want, plan.held(), target.claims(), seen, problems),
                        want.retained(),
                        target.pod().observedStatus().status().networks())),
                support,
                changes);
    }

    private static Outcome.Containers containers(boolean released, ObservedPod seen) {
        if (!seen.marked()) {
            return Outcome.Containers.HELD;
        }
        return released ? Outcome.Containers.RELEASED : Outcome.Containers.STARTED;
    }

    private static ReportRequest reportRequest(Plan plan, DesiredPod want, ObservedPod seen) {
        Map<Boolean, List<DesiredLink>> unlisted = plan.held().links().stream()
                .collect(Collectors.partitioningBy(link -> plan.unlisted().contains(link.name())));
        return new ReportRequest(
                true,
                Objects.requireNonNull(unlisted.get(false)),
                Objects.requireNonNull(unlisted.get(true)),
                want.destinations(),
                want.isImpaired() || seen.links().stream().anyMatch(ObservedLink::hasUnreadQdisc));
    }

    private static String complaints(ObservedPod seen, DesiredPod held) {
        List<String> errors = seen.errors();
        return cause(seen, held) + (errors.isEmpty() ? "" : ": " + String.join("; ", errors));
    }

    private static String cause(ObservedPod seen, DesiredPod held) {
        String errors = String.join("\n", seen.errors());
        if (errors.contains("Operation not permitted")) {
            return ", since its agent lacks the capability NET_ADMIN";
        }
        return errors.contains("Address already in use")
                ? held.links().stream()
                        .filter(link -> !LinkDiff.isIn(link, seen))
                        .map(link -> "UDP port " + link.network().port() + " of network "
                                + link.network().name())
                        .collect(Collectors.joining(
                                ", ", ", since a socket or another device in the pod has ", " already"))
                : "";
    }

    private static Map<IfName, PeerTable> tables(DesiredPod desired) {
        return desired.links().stream().collect(Collectors.toMap(DesiredLink::name, DesiredLink::peers));
    }

    private List<NetworkProblem> problems(DesiredPod want, Plan plan) {
        return Stream.of(want.missing(), plan.problems(), leftOut)
                .flatMap(List::stream)
                .toList();
    }
}
