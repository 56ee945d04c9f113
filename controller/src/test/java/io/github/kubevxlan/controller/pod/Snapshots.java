package io.github.kubevxlan.controller.pod;

import java.util.Map;

/** Pods that differ from one in a single thing. */
public final class Snapshots {
    private Snapshots() {}

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
                pod.node(),
                pod.ips(),
                pod.hostNetwork(),
                pod.finished(),
                pod.agent(),
                pod.agentContainer(),
                pod.agentId(),
                "",
                annotations,
                pod.observedStatus());
    }
}
