package io.github.kubevxlan.common.spec;

/**
 * A network that a pod names and whose tenancy shuts it out. What the pod has of it is taken away.
 *
 * @param network the name that the pod uses
 * @param problem where it does, and what is allowed
 */
public record TenancyProblem(String network, Problem problem) {}
