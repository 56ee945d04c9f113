package io.github.kubevxlan.controller.reconcile;

/**
 * What shows users the outcome of reconciles.
 *
 * @param events writes Events
 * @param statuses writes the pods' statuses
 * @param paths what is known of the paths between members
 */
public record Recorders(EventRecorder events, StatusStore statuses, PathChecks paths) {
    /** Nobody measures paths. */
    public Recorders(EventRecorder events, StatusStore statuses) {
        this(events, statuses, PathChecks.NONE);
    }
}
