package io.github.kubevxlan.controller.plan;

/**
 * A pod and the overlay it should have.
 *
 * @param pod as last seen; it has an address
 * @param desired what it should have
 */
public record Target(PodSnapshot pod, DesiredPod desired) {}
