package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.plan.ObservedPod;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.plan.Script;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The way of one controller into the pods, and what can go wrong on it. */
final class SimulatedAgents implements Agent {
    private final SimulatedCluster cluster;
    private final RandomGenerator random;
    private final LongSupplier term;
    private final Runnable meanwhile;
    int scripts;
    /** How many of a hundred scripts fail. */
    int failing;

    /** Takes the leader's term, and what may happen while a script is under way. */
    SimulatedAgents(SimulatedCluster cluster, RandomGenerator random, LongSupplier term, Runnable meanwhile) {
        this.cluster = cluster;
        this.random = random;
        this.term = term;
        this.meanwhile = meanwhile;
    }

    @Override
    public ObservedPod run(PodSnapshot asked, Script script) throws AgentException {
        scripts++;
        SimulatedPod pod = reached(asked);
        meanwhile.run();
        if (!pod.kernel.admits(term.getAsLong())) {
            throw new AgentException("another controller leads");
        }
        if (random.nextInt(100) < failing) {
            fail(asked, pod, script);
        }
        ObservedPod report = pod.kernel.run(script);
        cluster.subnets.watch(asked.ref(), pod, script);
        meanwhile.run();
        return report;
    }

    /** An exec goes by name, whoever has it now; the pod's address tells whether it is the one that was meant. */
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
        throw new AgentException("no answer within 10 s");
    }

    @Override
    public void forget(String uid) {}
}
