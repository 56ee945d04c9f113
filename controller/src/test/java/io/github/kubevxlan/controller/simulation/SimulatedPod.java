package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.plan.NetworkStatus;
import io.github.kubevxlan.controller.plan.ObservedLink;
import io.github.kubevxlan.controller.plan.OverlayStatus;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.plan.Recorded;
import io.github.kubevxlan.controller.plan.SimulatedKernel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A pod as it really is: what the API server would tell of it, and its kernel. */
final class SimulatedPod {
    final PodRef ref;
    List<IpAddr> ips;
    SimulatedKernel kernel = new SimulatedKernel();
    Map<String, String> annotations;
    AgentState agent = AgentState.WAITING;
    int agentStarts;
    /** Devices that others made, as they made them. */
    final Map<String, ObservedLink> foreign = new TreeMap<>();

    /** What a controller wrote back, and how often anything about the pod changed. */
    List<NetworkStatus> status = List.of();

    long version = 1;

    boolean labelled = true;
    boolean deleting;
    boolean finished;

    SimulatedPod(PodRef ref, List<IpAddr> ips, Map<String, String> annotations) {
        this.ref = ref;
        this.ips = ips;
        this.annotations = annotations;
    }

    /** Its name in the cluster now; another pod may come under it later. */
    String key() {
        return ref.namespace() + "/" + ref.name();
    }

    IpAddr primary() {
        return ips.getFirst();
    }

    /** Where peers in a network send to; empty for a pod that has no address of its family. */
    Optional<IpAddr> vtep(Network network) {
        return network.family().isEmpty()
                ? Optional.of(primary())
                : ips.stream()
                        .filter(ip -> ip.isIpv6() == (network.family().get() == Family.IPV6))
                        .findFirst();
    }

    void startAgent() {
        agent = AgentState.RUNNING;
        agentStarts++;
    }

    /** Its sandbox is made anew: all that the kernel held is gone. */
    void moveTo(List<IpAddr> addresses) {
        ips = addresses;
        boolean nft = kernel.filters().isOffered();
        kernel = new SimulatedKernel();
        kernel.filters().offer(nft);
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
                ips,
                false,
                finished,
                agent,
                "vxlan-controller-agent",
                agent == AgentState.RUNNING ? "containerd://" + ref.uid() + "-" + agentStarts : "",
                annotations,
                new Recorded(version, new OverlayStatus(status, Optional.empty())));
    }

    @Override
    public String toString() {
        return ref + " (" + ref.uid() + ", " + ips + ")";
    }
}
