package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.pod.PodRef;
import java.util.List;

/** Records Events for a pod's owner; must not block. */
public interface EventRecorder {
    /** All networks are there and the pod's containers may start. */
    void ready(PodRef pod);

    /** Something can't be had; repeated as long as it can't. A sentence each. */
    void problems(PodRef pod, List<String> problems);

    /** Interfaces were deleted and created again. A sentence each. */
    void recreated(PodRef pod, List<String> interfaces);

    /** Paths to peers do not carry packets of the full size; repeated as long as they don't. A sentence each. */
    void pathsBroken(PodRef pod, List<String> paths);

    /** They do again. A sentence each. */
    void pathsMended(PodRef pod, List<String> paths);

    /** Its packets were to be filtered and are not; repeated as long as it is so. */
    void unfiltered(PodRef pod);

    /** It was to check what members send, and does not; repeated as long as it is so. */
    void unsecured(PodRef pod);

    /** A pod sends what it must not; repeated as long as it does. */
    void refused(PodRef sender, RefusedPackets packets);

    /** The agent can't be used; repeated as long as it can't. */
    void failing(PodRef pod, String sentence);

    /** The agent can be used again, after it was said that it can't. */
    void recovered(PodRef pod);

    /** The API server does not take the pod's status, and why; repeated as long as it does not. */
    void unwritten(PodRef pod, String reason);

    /** The pod is labelled, but has no agent container. */
    void noAgent(PodRef pod);

    /** The pod is labelled, but lives in its node's network namespace. */
    void hostNetwork(PodRef pod);

    /** A labelled pod is for Windows, which is never touched. */
    void windows(PodRef pod);

    /** A labelled pod mirrors a static one, which is never touched. */
    void staticPod(PodRef pod);
}
