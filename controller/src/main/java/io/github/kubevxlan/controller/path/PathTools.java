package io.github.kubevxlan.controller.path;

import io.github.kubevxlan.controller.agent.PathAgent;

/**
 * What paths are measured with.
 *
 * @param agent asks members
 * @param meter counts
 */
public record PathTools(PathAgent agent, PathMeter meter) {}
