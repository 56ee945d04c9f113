package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.diff.SimulatedKernel;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import java.util.ArrayList;
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
    Map<String, String> labels = Map.of();
    AgentState agent = AgentState.WAITING;
    int agentStarts;
    /** Devices that others made, as they made them. */
    final Map<String, ObservedLink> foreign = new TreeMap<>();

    /** What a controller wrote back, and how often anything about the pod changed. */
    List<NetworkStatus> status = List.of();

    Optional<ReadyCondition> ready = Optional.empty();
    long version = 1;

    /** The underlay's MTU. */
    int underlay = 1500;

    /** Whether its kernel can delay and lose packets; every one can limit the rate. */
    boolean hasNetem = true;

    /** Whether its sandbox is there, and with it its addresses. */
    boolean addressed = true;

    /** Whether what its kernel held is gone, or may be. */
    boolean disturbed;

    /** Whether a call reached it that was meant for the pod before it, of its name and address. */
    boolean mistaken;

    /** What was wrong with its condition at any time. */
    final List<String> complaints = new ArrayList<>();

    boolean labelled = true;
    boolean deleting;
    boolean finished;

    SimulatedPod(PodRef ref, List<IpAddr> ips, Map<String, String> annotations) {
        this.ref = ref;
        this.ips = ips;
        this.annotations = annotations;
    }

    /** Whether its agent speaks netlink itself; every other pod's has a shell. */
    boolean isNative() {
        return ref.uid().hashCode() % 2 == 0;
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
        return shown().stream()
                .filter(ip -> network.family().isEmpty()
                        || ip.isIpv6() == (network.family().get() == Family.IPV6))
                .findFirst();
    }

    /** The addresses that the kubelet tells of. */
    private List<IpAddr> shown() {
        return addressed ? ips : List.of();
    }

    void startAgent() {
        addressed = true;
        agent = AgentState.RUNNING;
        agentStarts++;
    }

    /** Its sandbox is made anew: all that the kernel held is gone. */
    void moveTo(List<IpAddr> addresses) {
        ips = addresses;
        boolean nft = kernel.filters().isOffered();
        boolean security = kernel.filters().knowsSecurity();
        kernel = new SimulatedKernel();
        kernel.filters().offer(nft);
        kernel.filters().offerSecurity(security);
        kernel.mtu("eth0", underlay);
        if (!hasNetem) {
            withoutNetem();
        }
        disturbed = true;
        foreign.clear();
        startAgent();
    }

    void withoutNetem() {
        hasNetem = false;
        kernel.lacks(Qdisc.Kind.NETEM);
    }

    /** Gives it another underlay, before anybody programmed it. */
    void over(int bytes) {
        underlay = bytes;
        kernel.mtu("eth0", bytes);
    }

    /** What is written on it. */
    OverlayStatus written() {
        return new OverlayStatus(status, ready);
    }

    /** Takes what a controller writes; nothing but a loss may make a ready pod unready. */
    void write(OverlayStatus next) {
        boolean was = ready.filter(ReadyCondition::holds).isPresent();
        next.ready()
                .filter(now -> was && !now.holds() && !disturbed && hasAllThatWasTold())
                .ifPresent(now -> complaints.add(this + " was ready, and lost nothing: " + now));
        status = next.networks();
        ready = next.ready().or(() -> ready);
    }

    /** A network that was taken out of the annotation and put back may be gone meanwhile, before a status was written. */
    private boolean hasAllThatWasTold() {
        return status.stream()
                .filter(NetworkStatus::isThere)
                .allMatch(told -> told.ifName()
                        .filter(name -> kernel.names().contains(name.value()))
                        .isPresent());
    }

    boolean isMember() {
        return labelled && !finished && agent != AgentState.NONE;
    }

    PodSnapshot snapshot() {
        return new PodSnapshot(
                        ref,
                        new PodSnapshot.Placement(
                                "node-" + Math.floorMod(ref.uid().hashCode(), 2), shown(), false, finished),
                        new PodSnapshot.AgentContainer(
                                agent,
                                "vxlan-controller-agent",
                                agent == AgentState.RUNNING ? "containerd://" + ref.uid() + "-" + agentStarts : "",
                                ""),
                        new PodSnapshot.PodMeta(annotations),
                        new ObservedStatus(version, written()))
                .labelled(labels);
    }

    @Override
    public String toString() {
        return ref + " (" + ref.uid() + ", " + ips + ")";
    }
}
