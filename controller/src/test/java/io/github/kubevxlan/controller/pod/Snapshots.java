package io.github.kubevxlan.controller.pod;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.List;
import java.util.Map;

/** Pods that run, and pods that differ from one in a single thing. */
public final class Snapshots {
    private Snapshots() {}

    /** One with a native agent that runs. */
    public static PodSnapshot running(
            PodRef ref, String node, IpAddr ip, Map<String, String> annotations, ObservedStatus status) {
        return new PodSnapshot(
                ref,
                new PodSnapshot.Placement(node, List.of(ip), false, false),
                new PodSnapshot.AgentContainer(
                        AgentState.RUNNING, "vxlan-controller-agent", "containerd://" + ref.uid(), ""),
                new PodSnapshot.PodMeta(annotations),
                status);
    }

    /** With other annotations. */
    public static PodSnapshot declaring(PodSnapshot pod, Map<String, String> annotations) {
        return copy(pod, pod.ref(), annotations);
    }

    /** With another identity. */
    public static PodSnapshot named(PodSnapshot pod, PodRef ref) {
        return copy(pod, ref, pod.annotations());
    }

    private static PodSnapshot copy(PodSnapshot pod, PodRef ref, Map<String, String> annotations) {
        return new PodSnapshot(
                ref,
                new PodSnapshot.Placement(pod.node(), pod.ips(), pod.hostNetwork(), pod.finished(), pod.ending()),
                new PodSnapshot.AgentContainer(pod.agent(), pod.agentContainer(), pod.agentId(), ""),
                new PodSnapshot.PodMeta(annotations),
                pod.observedStatus());
    }
}
