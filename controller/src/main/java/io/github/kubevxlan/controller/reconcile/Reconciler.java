package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.plan.Ask;
import io.github.kubevxlan.controller.plan.DesiredLink;
import io.github.kubevxlan.controller.plan.DesiredPod;
import io.github.kubevxlan.controller.plan.ObservedPod;
import io.github.kubevxlan.controller.plan.Obstacle;
import io.github.kubevxlan.controller.plan.Plan;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.Script;
import io.github.kubevxlan.controller.plan.StateDiff;
import io.github.kubevxlan.controller.plan.StatusPlan;
import io.github.kubevxlan.controller.plan.Target;
import io.github.kubevxlan.controller.plan.VtepWave;
import io.github.kubevxlan.controller.plan.Vteps;
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
 * <p>Where only VTEPs changed since the pod last reported what was wanted, one round trip carries the difference and
 * brings back a digest; if the digest is not the expected one, the pod is compared in full.
 */
public final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int MOST_ROUNDS = 5;

    private final String prefix;
    private final Agent agent;
    private final Map<String, Confirmed> confirmed = new ConcurrentHashMap<>();
    private final Map<String, String> ended = new ConcurrentHashMap<>();

    /**
     * What an agent reported to have.
     *
     * @param clear whether nothing was in the way of it; a wave goes to links that are known to be ours
     */
    private record Confirmed(String agentId, DesiredPod desired, boolean unfiltered, boolean clear) {}

    /** Takes the key prefix, our mark's first part, and the way into the pods. */
    public Reconciler(String prefix, Agent agent) {
        this.prefix = prefix;
        this.agent = agent;
    }

    /**
     * Makes one attempt; waits until it is done. One attempt a pod at a time.
     *
     * @param target the pod and what it should have
     * @param check whether to compare in full, even if nothing changed since the last report
     */
    public Outcome reconcile(Target target, boolean check) throws InterruptedException {
        return switch (target.pod().agent()) {
            case NONE, OF_WINDOWS, WAITING -> new Outcome.Idle();
            case RUNNING -> program(target, check);
            case ALONE -> end(target, check);
        };
    }

    private Outcome program(Target target, boolean check) throws InterruptedException {
        PodSnapshot pod = target.pod();
        DesiredPod want = target.desired();
        Optional<Confirmed> last = Optional.ofNullable(confirmed.get(pod.ref().uid()))
                .filter(known -> known.agentId().equals(pod.agentId()));
        Optional<DesiredPod> before = last.map(Confirmed::desired);
        if (!check && before.filter(want::equals).isPresent()) {
            return new Outcome.Idle();
        }
        try {
            Optional<Confirmed> waved = last.filter(known -> known.clear() && want.needsWaveAfter(known.desired()));
            if (!check && waved.isPresent() && wave(pod, waved.get(), want)) {
                return new Outcome.Settled(false, want.missing(), Optional.empty(), false);
            }
            return compare(target, before);
        } catch (AgentException e) {
            confirmed.remove(pod.ref().uid());
            return new Outcome.Failed(String.valueOf(e.getMessage()), false);
        }
    }

    /** What a pod's agent last reported to have; empty if that is not known, or it failed since. */
    public Optional<DesiredPod> confirmed(String uid) {
        return Optional.ofNullable(confirmed.get(uid)).map(Confirmed::desired);
    }

    /** Drops what is known of a pod. */
    public void forget(String uid) {
        confirmed.remove(uid);
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
            agent.run(pod, Script.END);
            ended.put(pod.ref().uid(), pod.agentId());
            return new Outcome.Settled(false, target.desired().missing(), Optional.empty(), false);
        } catch (AgentException e) {
            return new Outcome.Failed(String.valueOf(e.getMessage()), false);
        }
    }

    private boolean wave(PodSnapshot pod, Confirmed last, DesiredPod want) throws AgentException, InterruptedException {
        VtepWave wave = last.unfiltered()
                ? VtepWave.between(last.desired().unfiltered(), want.unfiltered())
                : VtepWave.between(last.desired(), want);
        ObservedPod seen = agent.run(pod, wave.script());
        if (!wave.isDone(seen)) {
            return false;
        }
        confirm(pod, want, last.unfiltered(), true);
        return true;
    }

    private Outcome compare(Target target, Optional<DesiredPod> last) throws AgentException, InterruptedException {
        PodSnapshot pod = target.pod();
        DesiredPod declared = target.desired();
        Map<IfName, Vteps> tables = last.map(Reconciler::tables).orElse(Map.of());
        ObservedPod seen = agent.run(
                pod, new Script(List.of(), false, new Ask(true, declared.links(), List.of(), declared.destinations())));
        boolean unfiltered = declared.isFiltered() && seen.filters().isEmpty();
        DesiredPod want = unfiltered ? declared.unfiltered() : declared;
        boolean released = false;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Plan plan = StateDiff.plan(prefix, want, seen, tables);
            boolean mark = want.complete() && plan.last() && !seen.marked();
            if (plan.settled() && !mark) {
                confirm(pod, declared, unfiltered, plan.problems().isEmpty());
                List<Obstacle> obstacles = obstacles(want, plan);
                return new Outcome.Settled(
                        released && seen.marked(),
                        obstacles,
                        Optional.of(StatusPlan.settled(want, target.claims(), seen, obstacles)),
                        unfiltered);
            }
            released |= mark;
            Map<Boolean, List<DesiredLink>> unlisted = want.links().stream()
                    .collect(Collectors.partitioningBy(link -> plan.unlisted().contains(link.name())));
            Ask ask = new Ask(
                    true,
                    Objects.requireNonNull(unlisted.get(false)),
                    Objects.requireNonNull(unlisted.get(true)),
                    want.destinations());
            seen = agent.run(pod, new Script(plan.ops(), mark, ask));
        }
        confirmed.remove(pod.ref().uid());
        return new Outcome.Failed(
                "the pod's network does not become what it should be" + complaints(seen.errors()), true);
    }

    private static String complaints(List<String> errors) {
        boolean refused = errors.stream().anyMatch(error -> error.contains("Operation not permitted"));
        return (refused ? ", since its agent lacks the capability NET_ADMIN" : "")
                + (errors.isEmpty() ? "" : ": " + String.join("; ", errors));
    }

    private void confirm(PodSnapshot pod, DesiredPod want, boolean unfiltered, boolean clear) {
        confirmed.put(pod.ref().uid(), new Confirmed(pod.agentId(), want, unfiltered, clear));
    }

    private static Map<IfName, Vteps> tables(DesiredPod desired) {
        return desired.links().stream().collect(Collectors.toMap(DesiredLink::name, DesiredLink::vteps));
    }

    private static List<Obstacle> obstacles(DesiredPod want, Plan plan) {
        return Stream.concat(want.missing().stream(), plan.problems().stream()).toList();
    }
}
