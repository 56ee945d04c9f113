package io.github.kubevxlan.controller.pod;

/**
 * The pod condition {@code P/ready}.
 *
 * @param holds its status: true or false, never unknown
 * @param reason one word in CamelCase
 * @param message in words for the pod's owner
 */
public record ReadyCondition(boolean holds, String reason, String message) {}
