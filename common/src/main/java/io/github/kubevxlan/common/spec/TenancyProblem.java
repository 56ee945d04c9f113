package io.github.kubevxlan.common.spec;

/**
 * A network that a pod names but may not join. The controller removes the pod's interface in it.
 *
 * @param network the name that the pod uses
 * @param problem where it does, and what is allowed
 */
public record TenancyProblem(String network, Problem problem) {}
