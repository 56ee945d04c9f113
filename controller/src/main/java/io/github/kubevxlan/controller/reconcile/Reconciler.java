package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.UnreachableException;
import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.diff.Changes;
import io.github.kubevxlan.controller.diff.FilterSupport;
import io.github.kubevxlan.controller.diff.IncrementalUpdate;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

    private final String prefix;
    private final Agent agent;
    private final AttemptDeadline deadline;
    private final Map<String, VerifiedState> lastVerified = new ConcurrentHashMap<>();
    private final Map<String, String> ended = new ConcurrentHashMap<>();
    private final Setups setups = new Setups(this::lastVerified);

    /** Takes the key prefix, our mark's first part, the way into the pods, and how long an attempt may take. */
    public Reconciler(String prefix, Agent agent, AttemptDeadline deadline) {
        this.prefix = prefix;
        this.agent = agent;
        this.deadline = deadline;
    }

    /**
     * Makes one attempt; waits until it is done. One attempt a pod at a time. Nothing is done for a pod that is ending unless
     * a session with it is open: what it has goes with it.
     *
     * @param target the pod and what it should have
     * @param check whether to compare in full, even if nothing changed since the last report
     */
    public Outcome reconcile(Target target, boolean check) throws InterruptedException {
        if (target.pod().ending() && !agent.hasSession(target.pod())) {
            return new Outcome.Idle();
        }
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
        setups.request(pod.ref().uid(), want);
        FullReconcile comparison = new FullReconcile(prefix, agent, target, last, deadline.begin());
        try {
            if (last.isPresent() && !check) {
                Optional<Outcome> updated = update(target, last.get());
                if (updated.isPresent()) {
                    return updated.get();
                }
            }
            Outcome outcome = comparison.run();
            comparison
                    .verified()
                    .ifPresentOrElse(
                            state -> lastVerified.put(pod.ref().uid(), state),
                            () -> lastVerified.remove(pod.ref().uid()));
            return outcome;
        } catch (AgentException e) {
            lastVerified.remove(pod.ref().uid());
            return failed(e, comparison.changes());
        }
    }

    /** Tells the agent of peers alone; empty if more than these changed, or the agent did not do all of it. */
    private Optional<Outcome> update(Target target, VerifiedState last) throws AgentException, InterruptedException {
        PodSnapshot pod = target.pod();
        DesiredPod want = target.desired();
        Optional<IncrementalUpdate> update = last.updateTo(want);
        if (update.isEmpty()) {
            return Optional.empty();
        }
        ObservedPod seen = agent.run(pod, update.get().script());
        if (!update.get().isDone(seen)) {
            return Optional.empty();
        }
        lastVerified.put(pod.ref().uid(), last.after(want));
        return Optional.of(new Outcome.Settled(
                Outcome.Containers.HELD,
                want.missing(),
                Optional.empty(),
                FilterSupport.ALL,
                Changes.of(update.get().script().ops(), want, seen, false)));
    }

    /**
     * What a pod's agent last reported to have, entries that the pod's kernel can't take among it; empty if that is not
     * known, or the agent failed since.
     */
    public Optional<DesiredPod> lastVerified(String uid) {
        return Optional.ofNullable(lastVerified.get(uid))
                .map(known -> known.declared().only(known.held()));
    }

    Setups setups() {
        return setups;
    }

    /** Drops what is known of a pod; keeps whether its first setup is still to come. */
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
            LOG.info("all other containers of the pod have ended, so its agent is to end too");
            ObservedPod seen = agent.run(pod, Script.END);
            if (seen.agent().isPresent() && !seen.errors().isEmpty()) {
                return new Outcome.Failed(String.join("; ", seen.errors()), Outcome.Cause.INCOMPLETE);
            }
            ended.put(pod.ref().uid(), pod.agentId());
            return new Outcome.Settled(
                    Outcome.Containers.HELD,
                    target.desired().missing(),
                    Optional.empty(),
                    FilterSupport.ALL,
                    List.of());
        } catch (AgentException e) {
            return failed(e, List.of());
        }
    }

    private static Outcome failed(AgentException e, List<Change> changes) {
        return new Outcome.Failed(String.valueOf(e.getMessage()), cause(e), changes);
    }

    private static Outcome.Cause cause(AgentException e) {
        if (!(e instanceof UnreachableException unreachable)) {
            return Outcome.Cause.UNUSABLE;
        }
        return switch (unreachable.hop()) {
            case NODE -> Outcome.Cause.UNANSWERED;
            case API_SERVER -> Outcome.Cause.CUT_OFF;
        };
    }
}
