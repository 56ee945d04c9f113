package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.plan.Recorded;
import io.github.kubevxlan.controller.plan.SimulatedKernel;
import java.util.Map;
import java.util.TreeMap;

/** A pod as it really is: what the API server would tell of it, and its kernel. */
final class SimulatedPod {
    final PodRef ref;
    IpAddr ip;
    SimulatedKernel kernel = new SimulatedKernel();
    Map<String, String> annotations;
    AgentState agent = AgentState.WAITING;
    int agentStarts;
    /** Devices that others made, with their index. */
    final Map<String, Integer> foreign = new TreeMap<>();

    boolean labelled = true;
    boolean deleting;
    boolean finished;

    SimulatedPod(PodRef ref, IpAddr ip, Map<String, String> annotations) {
        this.ref = ref;
        this.ip = ip;
        this.annotations = annotations;
    }

    /** Its name in the cluster now; another pod may come under it later. */
    String key() {
        return ref.namespace() + "/" + ref.name();
    }

    void startAgent() {
        agent = AgentState.RUNNING;
        agentStarts++;
    }

    /** Its sandbox is made anew: all that the kernel held is gone. */
    void moveTo(IpAddr address) {
        ip = address;
        kernel = new SimulatedKernel();
        foreign.clear();
        startAgent();
    }

    boolean isMember() {
        return labelled && !finished && agent != AgentState.NONE;
    }

    PodSnapshot snapshot() {
        return new PodSnapshot(
                ref,
                "node-" + Math.floorMod(ref.uid().hashCode(), 2),
                ip,
                false,
                finished,
                agent,
                "vxlan-controller-agent",
                agent == AgentState.RUNNING ? "containerd://" + ref.uid() + "-" + agentStarts : "",
                annotations,
                Recorded.NOTHING);
    }

    @Override
    public String toString() {
        return ref + " (" + ref.uid() + ", " + ip + ")";
    }
}
