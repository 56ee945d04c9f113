package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.registry.Members;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The desired state of each member, computed by the controller's own code from the same objects: so "as it should be"
 * means the same here and there. Addresses that the controller has given are written on the pods and come out the same.
 */
public final class Overlay {
    private final Members members;
    private final Map<IpAddr, String> namesByAddress = new HashMap<>();

    private Overlay(Members members) {
        this.members = members;
    }

    /** Works it out for a cluster. */
    public static Overlay of(ClusterState state) {
        Settings settings = state.settings();
        Overlay overlay = new Overlay(
                new Members(settings.keys(), state.definitions(), settings.neighbours(), settings.peerFilter()));
        Map<String, Map<String, String>> annotations =
                state.declared().namespaces().annotations();
        for (PodFacts pod : state.served()) {
            if (state.incomparable(pod).isEmpty()) {
                String namespace = pod.snapshot().ref().namespace();
                overlay.members.annotate(namespace, Optional.of(annotations.getOrDefault(namespace, Map.of())));
                overlay.members.learn(pod.snapshot());
            }
            pod.snapshot().ips().forEach(ip -> overlay.namesByAddress.put(ip, pod.name()));
        }
        overlay.members.giveAddresses();
        return overlay;
    }

    /** What a pod should have; empty if nobody can tell, it is no member, or has no address or agent. */
    public Optional<Target> target(String uid) {
        return members.target(uid);
    }

    /** An address with the name of the pod that has it, if a member has. */
    public String named(IpAddr vtep) {
        return Optional.ofNullable(namesByAddress.get(vtep))
                .map(name -> vtep + " (" + name + ")")
                .orElse(vtep.toString());
    }
}
