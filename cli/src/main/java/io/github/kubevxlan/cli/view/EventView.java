package io.github.kubevxlan.cli.view;

/**
 * An Event on a pod.
 *
 * @param time when it was last seen (RFC 3339)
 * @param type {@code Normal} or {@code Warning}
 * @param reason one word
 * @param message in words
 */
public record EventView(String time, String type, String reason, String message) {}
