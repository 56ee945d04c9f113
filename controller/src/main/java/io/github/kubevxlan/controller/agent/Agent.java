package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;

/** Does scripts in pods. */
public interface Agent {
    /**
     * Does one script in one pod and reads its report; waits until it is done.
     *
     * @throws AgentException if the agent can't be reached, answers too late or what makes no sense; the script may have
     *     been done or not, and may be repeated
     */
    ObservedPod run(PodSnapshot pod, Script script) throws AgentException, InterruptedException;

    /** Whether a script can be done in a pod without a new session, as far as is known. */
    boolean hasSession(PodSnapshot pod);

    /** Ends whatever is kept for a pod. */
    void forget(String uid);
}
