package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.UnreachableException;
import io.github.kubevxlan.controller.diff.IncrementalUpdate;
import io.github.kubevxlan.controller.diff.LinkDiff;
import io.github.kubevxlan.controller.diff.Plan;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.diff.StateDiff;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.status.StatusPlan;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one pod to what it should be: asks, compares, changes, and asks again until the report is what is wanted.
 *
 * <p>Where only peers changed since the pod last reported what was wanted, one round trip carries the difference and
 * brings back a digest; if the digest is not the expected one, the pod is compared in full.
 */
public final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int MOST_ROUNDS = 5;

    private final String prefix;
    private final Agent agent;
    private final Meter meter;
    private final Map<String, VerifiedState> lastVerified = new ConcurrentHashMap<>();
    private final Map<String, String> ended = new ConcurrentHashMap<>();

    /**
     * What an agent reported to have.
     *
     * @param declared what the pod should have
     * @param held what it has of that, its links as they are
     * @param unfiltered whether the agent can't filter packets
     */
    private record VerifiedState(String agentId, DesiredPod declared, DesiredPod held, boolean unfiltered) {
        DesiredPod usable(DesiredPod want) {
            return unfiltered ? want.unfiltered() : want;
        }

        /** The update that leads to another want; empty if the links themselves have to be compared. */
        Optional<IncrementalUpdate> updateTo(DesiredPod want) {
            return IncrementalUpdate.suffices(declared, want) && held.hasTablesOf(usable(declared))
                    ? Optional.of(IncrementalUpdate.between(usable(declared), usable(want)))
                    : Optional.empty();
        }

        VerifiedState after(DesiredPod want) {
            return new VerifiedState(agentId, want, held.withTablesOf(usable(want)), unfiltered);
        }
    }

    /** Takes the key prefix, our mark's first part, the way into the pods, and what measures the changes there. */
    public Reconciler(String prefix, Agent agent, Meter meter) {
        this.prefix = prefix;
        this.agent = agent;
        this.meter = meter;
    }

    /**
     * Makes one attempt; waits until it is done. One attempt a pod at a time.
     *
     * @param target the pod and what it should have
     * @param check whether to compare in full, even if nothing changed since the last report
     */
    public Outcome reconcile(Target target, boolean check) throws InterruptedException {
        return switch (target.pod().agent()) {
            case NONE, OF_WINDOWS, OF_STATIC_POD, WAITING -> new Outcome.Idle();
            case RUNNING -> program(target, check);
            case ALONE -> end(target, check);
        };
    }

    private Outcome program(Target target, boolean check) throws InterruptedException {
        PodSnapshot pod = target.pod();
        DesiredPod want = target.desired();
        Optional<VerifiedState> last = Optional.ofNullable(
                        lastVerified.get(pod.ref().uid()))
                .filter(known -> known.agentId().equals(pod.agentId()));
        if (!check && last.map(VerifiedState::declared).filter(want::equals).isPresent()) {
            return new Outcome.Idle();
        }
        try {
            Optional<IncrementalUpdate> update = last.filter(_ -> !check).flatMap(known -> known.updateTo(want));
            if (update.isPresent()
                    && update.get().isDone(agent.run(pod, update.get().script()))) {
                last.ifPresent(known -> lastVerified.put(pod.ref().uid(), known.after(want)));
                return new Outcome.Settled(false, want.missing(), Optional.empty(), false, false);
            }
            return compare(target, last);
        } catch (AgentException e) {
            lastVerified.remove(pod.ref().uid());
            return failed(e);
        }
    }

    /**
     * What a pod's agent last reported to have, entries that the pod's kernel can't take among it; empty if that is not
     * known, or the agent failed since.
     */
    public Optional<DesiredPod> lastVerified(String uid) {
        return Optional.ofNullable(lastVerified.get(uid))
                .map(known -> known.declared().only(known.held()));
    }

    /** Drops what is known of a pod. */
    public void forget(String uid) {
        lastVerified.remove(uid);
        ended.remove(uid);
        agent.forget(uid);
    }

    /** Lets a Job's pod end; an agent that is not ours may stay all the same. */
    private Outcome end(Target target, boolean check) throws InterruptedException {
        PodSnapshot pod = target.pod();
        if (!check && pod.agentId().equals(ended.get(pod.ref().uid()))) {
            return new Outcome.Idle();
        }
        try {
            LOG.info("pod {}: all its other containers have ended, so its agent is to end too", pod.ref());
            ObservedPod seen = agent.run(pod, Script.END);
            if (seen.agent().isPresent() && !seen.errors().isEmpty()) {
                return new Outcome.Failed(String.join("; ", seen.errors()), Outcome.Cause.INCOMPLETE);
            }
            ended.put(pod.ref().uid(), pod.agentId());
            return new Outcome.Settled(false, target.desired().missing(), Optional.empty(), false, false);
        } catch (AgentException e) {
            return failed(e);
        }
    }

    private static Outcome failed(AgentException e) {
        return new Outcome.Failed(
                String.valueOf(e.getMessage()),
                e instanceof UnreachableException ? Outcome.Cause.UNANSWERED : Outcome.Cause.UNUSABLE);
    }

    private Outcome compare(Target target, Optional<VerifiedState> last) throws AgentException, InterruptedException {
        PodSnapshot pod = target.pod();
        DesiredPod declared = target.desired();
        Map<IfName, PeerTable> tables = last.map(known -> tables(known.held())).orElse(Map.of());
        List<DesiredLink> asked =
                last.map(known -> known.usable(declared)).orElse(declared).links();
        ObservedPod seen = agent.run(
                pod, new Script(List.of(), false, new ReportRequest(true, asked, List.of(), declared.destinations())));
        boolean unfiltered = declared.isFiltered() && seen.filters().isEmpty();
        DesiredPod want = unfiltered ? declared.unfiltered() : declared;
        boolean released = false;
        boolean isDrift =
                last.map(VerifiedState::declared).filter(declared::equals).isPresent();
        Plan plan = StateDiff.plan(prefix, want, seen, tables);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            boolean mark = want.complete() && plan.last() && !seen.marked();
            if (plan.settled() && !mark) {
                lastVerified.put(pod.ref().uid(), new VerifiedState(pod.agentId(), declared, plan.held(), unfiltered));
                List<NetworkProblem> problems = problems(want, plan);
                return new Outcome.Settled(
                        released && seen.marked(),
                        problems,
                        Optional.of(StatusPlan.withRetained(
                                StatusPlan.settled(want, plan.held(), target.claims(), seen, problems),
                                want.retained(),
                                pod.observedStatus().status().networks())),
                        unfiltered,
                        seen.marked());
            }
            released |= mark;
            meter.applied(pod.ref(), plan.ops(), isDrift && round == 0);
            seen = agent.run(pod, new Script(plan.ops(), mark, reportRequest(plan, want)));
            plan = StateDiff.plan(prefix, want, seen, tables);
        }
        lastVerified.remove(pod.ref().uid());
        return new Outcome.Failed(
                "the pod's network does not become what it should be" + complaints(seen, plan.held()),
                plan.isLost(seen, pod.observedStatus()) ? Outcome.Cause.LOST : Outcome.Cause.INCOMPLETE);
    }

    private static ReportRequest reportRequest(Plan plan, DesiredPod want) {
        Map<Boolean, List<DesiredLink>> unlisted = plan.held().links().stream()
                .collect(Collectors.partitioningBy(link -> plan.unlisted().contains(link.name())));
        return new ReportRequest(
                true,
                Objects.requireNonNull(unlisted.get(false)),
                Objects.requireNonNull(unlisted.get(true)),
                want.destinations());
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

    private static List<NetworkProblem> problems(DesiredPod want, Plan plan) {
        return Stream.concat(want.missing().stream(), plan.problems().stream()).toList();
    }
}
