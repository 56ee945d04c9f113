package io.github.kubevxlan.controller.plan;

/**
 * A pod and the overlay it should have.
 *
 * @param pod as last seen; it has an address
 * @param desired what it should have
 * @param claims addresses that are to be written on the pod before it is given them
 */
public record Target(PodSnapshot pod, DesiredPod desired, Claims claims) {
    /** Whether all of that is written on it. */
    public boolean isClaimed() {
        return claims.areIn(pod.recorded().status().networks());
    }
}
