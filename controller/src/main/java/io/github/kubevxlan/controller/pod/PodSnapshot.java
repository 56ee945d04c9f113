package io.github.kubevxlan.controller.pod;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.controller.address.AddressBook;
import io.github.kubevxlan.controller.address.Claimant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the controller needs to know of a labelled pod, and nothing else.
 *
 * @param ref the pod
 * @param placement where it runs, and whether it still does
 * @param container its agent container
 * @param meta what is written on it
 * @param observedStatus what we wrote
 */
public record PodSnapshot(
        PodRef ref, Placement placement, AgentContainer container, PodMeta meta, ObservedStatus observedStatus) {
    /** The agent container as the kubelet reports it. */
    public enum AgentState {
        /** The pod has no such container. */
        NONE,
        /** The pod is for Windows, where it is nothing that we know how to talk to. */
        OF_WINDOWS,
        /** The pod mirrors a static one, which a kubelet runs from a file: nothing that is written on it holds. */
        OF_STATIC_POD,
        /** It is there, and not running now. */
        WAITING,
        RUNNING,
        /** It runs, and every other container has ended and will not run again. */
        ALONE
    }

    /**
     * Where a pod runs, and whether it still does.
     *
     * @param node empty before it is scheduled
     * @param ips its addresses, one of a family, the primary one first; none before it has one
     * @param hostNetwork whether it lives in its node's network namespace, which is never touched
     * @param finished whether it will not run again, or none of its containers is left while it terminates
     * @param ending whether it was deleted, and has until the end of its grace period
     */
    public record Placement(String node, List<IpAddr> ips, boolean hostNetwork, boolean finished, boolean ending) {
        public Placement {
            ips = List.copyOf(ips);
        }

        /** One that nobody deleted. */
        public Placement(String node, List<IpAddr> ips, boolean hostNetwork, boolean finished) {
            this(node, ips, hostNetwork, finished, false);
        }
    }

    /**
     * A pod's agent container.
     *
     * @param state as the kubelet reports it
     * @param name the running agent's name; the agent container's if it does not run
     * @param id the running agent's container ID, which changes with each start; empty if it does not run
     * @param image the running agent's image, by its digest; empty if it does not run
     */
    public record AgentContainer(AgentState state, String name, String id, String image) {}

    /**
     * What is written on a pod.
     *
     * @param annotations those under our prefix, but for what we write
     * @param labels its labels
     * @param created when it was made
     */
    public record PodMeta(Map<String, String> annotations, Map<String, String> labels, Instant created) {
        public PodMeta {
            annotations = Map.copyOf(annotations);
            labels = Map.copyOf(labels);
        }

        /** One without labels, as old as can be. */
        public PodMeta(Map<String, String> annotations) {
            this(annotations, Map.of(), Instant.EPOCH);
        }
    }

    public String node() {
        return placement.node();
    }

    public List<IpAddr> ips() {
        return placement.ips();
    }

    public boolean hostNetwork() {
        return placement.hostNetwork();
    }

    public boolean finished() {
        return placement.finished();
    }

    public boolean ending() {
        return placement.ending();
    }

    public AgentState agent() {
        return container.state();
    }

    public String agentContainer() {
        return container.name();
    }

    public String agentId() {
        return container.id();
    }

    public String agentImage() {
        return container.image();
    }

    public Map<String, String> annotations() {
        return meta.annotations();
    }

    public Map<String, String> labels() {
        return meta.labels();
    }

    /** The same with labels. */
    public PodSnapshot labelled(Map<String, String> all) {
        return new PodSnapshot(
                ref, placement, container, new PodMeta(annotations(), all, meta.created()), observedStatus);
    }

    /** Its primary address; throws {@link IllegalStateException} if it has none yet. */
    public IpAddr primary() {
        return vtep(Optional.empty()).orElseThrow(() -> new IllegalStateException(ref + " has no address"));
    }

    /** Its address of a family, or the primary one if none is asked for; empty if it has no such address. */
    public Optional<IpAddr> vtep(Optional<Family> family) {
        return ips().stream()
                .filter(ip -> family.isEmpty() || family.get() == ip.family())
                .findFirst();
    }

    /** Whether the other differs in nothing but the API server's version of it. */
    public boolean saysTheSameAs(PodSnapshot other) {
        return equals(other.with(new ObservedStatus(observedStatus.version(), other.observedStatus.status())));
    }

    /** Whether the other differs in nothing but what was written back, so that nothing of the pod itself is new. */
    public boolean differsInStatusOnly(PodSnapshot other) {
        return equals(other.with(observedStatus));
    }

    private PodSnapshot with(ObservedStatus now) {
        return new PodSnapshot(ref, placement, container, meta, now);
    }

    /** It as one that may have addresses in networks. */
    public AddressBook.Holder holder() {
        return new AddressBook.Holder(
                new Claimant(ref.uid(), ref.toString(), ref.kind(), reachable(), meta.created()),
                labels(),
                observedStatus.status().networks().stream()
                        .collect(Collectors.toMap(NetworkStatus::name, NetworkStatus::ips, (first, _) -> first)));
    }

    /** The MAC that is written on it for a network; empty if none is. */
    public Optional<Mac> mac(String network) {
        return observedStatus.status().networks().stream()
                .filter(one -> one.name().equals(network))
                .findFirst()
                .flatMap(NetworkStatus::mac);
    }

    /** Whether others should send to it: it has an agent and an address of its own, and is not finished. */
    public boolean reachable() {
        return !hostNetwork()
                && !finished()
                && !ips().isEmpty()
                && agent() != AgentState.NONE
                && agent() != AgentState.OF_WINDOWS
                && agent() != AgentState.OF_STATIC_POD;
    }
}
