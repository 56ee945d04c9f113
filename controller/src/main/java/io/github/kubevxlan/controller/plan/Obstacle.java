package io.github.kubevxlan.controller.plan;

/**
 * Why something that a pod declares can't be had now.
 *
 * @param network the network's name; empty if it is about the declaration as a whole
 * @param sentence in words for the pod's owner, the network named in it
 */
public record Obstacle(String network, String sentence) {}
