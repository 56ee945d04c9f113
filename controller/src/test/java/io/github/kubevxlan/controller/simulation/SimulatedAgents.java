package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.UnreachableException;
import io.github.kubevxlan.controller.agent.UnreachableException.Hop;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The way of one controller into the pods, and what can go wrong on it. */
final class SimulatedAgents implements Agent {
    private final SimulatedCluster cluster;
    private final RandomGenerator random;
    private final LongSupplier epoch;
    private final Runnable meanwhile;
    int scripts;
    /** How many of a hundred scripts fail. */
    int failing;

    /** Takes the leader's epoch, and what may happen while a script is under way. */
    SimulatedAgents(SimulatedCluster cluster, RandomGenerator random, LongSupplier epoch, Runnable meanwhile) {
        this.cluster = cluster;
        this.random = random;
        this.epoch = epoch;
        this.meanwhile = meanwhile;
    }

    @Override
    public ObservedPod run(PodSnapshot asked, Script script) throws AgentException {
        scripts++;
        SimulatedPod pod = reached(asked);
        pod.mistaken |= !pod.ref.equals(asked.ref());
        meanwhile.run();
        if (!pod.kernel.admits(epoch.getAsLong())) {
            throw new AgentException("another controller leads");
        }
        if (random.nextInt(100) < failing) {
            fail(asked, pod, script);
        }
        pod.kernel.tellsQdiscs(pod.isNative());
        ObservedPod report = pod.kernel.run(script);
        cluster.subnets.watch(asked.ref(), pod, script);
        meanwhile.run();
        return pod.isNative() && script.reportRequest().isOfChangeAlone() ? ofChangeAlone(script, report) : report;
    }

    /** What the native agent answers to a change: what failed, and nothing of the tables. */
    private static ObservedPod ofChangeAlone(Script script, ObservedPod report) {
        Map<String, FdbView> tables = report.errors().isEmpty()
                ? script.reportRequest().digests().stream()
                        .collect(Collectors.toMap(link -> link.name().value(), _ -> new FdbView.Changed()))
                : Map.of();
        return new ObservedPod(
                new ObservedPod.Devices(List.of(), Set.of()),
                new ObservedPod.Routing(List.of(), List.of()),
                Optional.empty(),
                tables,
                new ObservedPod.Diagnostics(report.errors(), Optional.of("1.0.0")));
    }

    /** An exec goes by name, whichever pod has it now; the pod's address tells whether it is the one that was meant. */
    private SimulatedPod reached(PodSnapshot asked) throws AgentException {
        SimulatedPod pod = cluster.pod(asked.ref().toString())
                .orElseThrow(() -> new AgentException("exec was refused: not found"));
        if (pod.agent != AgentState.RUNNING || pod.finished) {
            throw new AgentException("exec was refused: container not found");
        }
        if (!pod.primary().equals(asked.primary())) {
            throw new AgentException("the pod does not have its address (yet, or any more)");
        }
        return pod;
    }

    private void fail(PodSnapshot asked, SimulatedPod pod, Script script) throws AgentException {
        switch (random.nextInt(3)) {
            case 0 -> {}
            case 1 -> {
                pod.kernel.run(script);
                cluster.subnets.watch(asked.ref(), pod, script);
            }
            default -> {
                pod.kernel.run(script, random.nextInt(script.ops().size() + 1));
                cluster.subnets.watch(asked.ref(), pod, script);
                pod.startAgent();
                cluster.changed(pod);
            }
        }
        throw new UnreachableException(Hop.NODE, "no answer within 10 s");
    }

    @Override
    public boolean hasSession(PodSnapshot pod) {
        return true;
    }

    @Override
    public void forget(String uid) {}
}
