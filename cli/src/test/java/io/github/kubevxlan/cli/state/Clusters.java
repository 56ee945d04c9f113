package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.cli.state.ClusterState.Known;
import io.github.kubevxlan.cli.state.ClusterState.Namespaces;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.status.StatusJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Clusters for tests: namespace {@code lab}, node {@code node}. */
public final class Clusters {
    public static final Settings SETTINGS = Settings.byDefault("kube-system");

    private static final Namespaces NOWHERE = new Namespaces(Map.of(), true);

    private Clusters() {}

    /** One with those definitions and pods. */
    public static ClusterState of(Map<String, String> definitions, PodFacts... pods) {
        return new ClusterState(
                SETTINGS,
                new ClusterState.Declared(Definitions.parse(definitions, SETTINGS.defaults()), Known.READ, NOWHERE),
                new ClusterState.Listed(List.of(pods), true),
                List.of());
    }

    /** The same cluster whose definitions are not known. */
    public static ClusterState without(Known known, ClusterState cluster) {
        return new ClusterState(
                SETTINGS,
                new ClusterState.Declared(Definitions.absent(SETTINGS.defaults()), known, NOWHERE),
                cluster.listed(),
                List.of());
    }

    /** The same cluster whose namespaces could not be read. */
    public static ClusterState withoutNamespaces(ClusterState cluster) {
        return new ClusterState(
                SETTINGS,
                new ClusterState.Declared(cluster.definitions(), Known.READ, new Namespaces(Map.of(), false)),
                new ClusterState.Listed(cluster.pods(), false),
                List.of());
    }

    /** A member with a running agent; its UID is its name, its status that text with UID for its UID. */
    public static PodFacts member(String name, String ip, String networks, String status) {
        return pod(name, ip, networks, status, AgentState.RUNNING);
    }

    /** The same pod with the label of the older controllers. */
    public static PodFacts older(PodFacts pod) {
        return new PodFacts(pod.snapshot(), "vxlan.openvnf.org", pod.phase(), pod.waiting(), pod.manifest());
    }

    public static PodFacts pod(String name, String ip, String networks, String status, AgentState agent) {
        return new PodFacts(
                new PodSnapshot(
                        new PodRef(name, "lab", name),
                        new PodSnapshot.Placement("node", List.of(IpAddr.parse(ip)), false, false),
                        new PodSnapshot.AgentContainer(agent, "vxlan-controller-agent", "id", ""),
                        new PodSnapshot.PodMeta(
                                networks.isEmpty()
                                        ? Map.of()
                                        : Map.of(SETTINGS.keys().networks(), networks)),
                        new ObservedStatus(
                                1,
                                new OverlayStatus(
                                        status.isEmpty()
                                                ? List.of()
                                                : StatusJson.read(status.replace("UID", name), name),
                                        Optional.empty()))),
                SETTINGS.keys().prefix(),
                "Running",
                "",
                new PodFacts.Manifest("agent:1", "initContainers", Optional.empty(), false));
    }
}
