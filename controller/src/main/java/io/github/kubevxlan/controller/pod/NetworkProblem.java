package io.github.kubevxlan.controller.pod;

/**
 * Why the controller can't set up something that a pod declares.
 *
 * @param network the network's name; empty if it is about the declaration as a whole
 * @param sentence in words for the pod's owner, the network named in it
 * @param effect what it means for the pod
 */
public record NetworkProblem(String network, String sentence, Effect effect) {
    /** What the problem means for the pod. */
    public enum Effect {
        /** The network is missing, or an address that the pod waits for. A pod that has not started waits. */
        ABSENT,
        /** The interface keeps what it had before the edit. A pod that has not started waits; a running one stays ready. */
        NOT_APPLIED,
        /** The pod's kernel can never have it, or the operator does not allow it now, so nothing waits for it. */
        LEFT_OUT
    }

    /** One that a pod waits for. */
    public NetworkProblem(String network, String sentence) {
        this(network, sentence, Effect.ABSENT);
    }
}
