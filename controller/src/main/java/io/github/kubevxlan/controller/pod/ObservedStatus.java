package io.github.kubevxlan.controller.pod;

/**
 * The status of a pod that the API server has.
 *
 * @param version the pod's resourceVersion when it was read; a number (it is etcd's revision), 0 if not known
 * @param status without what was written for another UID or can't be read
 */
public record ObservedStatus(long version, OverlayStatus status) {
    public static final ObservedStatus NOTHING = new ObservedStatus(0, OverlayStatus.NOTHING);

    /** Whether the pod's condition is written to be true. */
    public boolean isReady() {
        return status.ready().filter(ReadyCondition::holds).isPresent();
    }
}
