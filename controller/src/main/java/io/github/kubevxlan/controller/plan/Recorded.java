package io.github.kubevxlan.controller.plan;

/**
 * What the API server holds of what was written back to a pod.
 *
 * @param version the pod's resourceVersion when it was read; a number (it is etcd's revision), 0 if not known
 * @param status without what was written for another UID or can't be read
 */
public record Recorded(long version, OverlayStatus status) {
    public static final Recorded NOTHING = new Recorded(0, OverlayStatus.NOTHING);
}
