package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.spec.Reservation;

/**
 * An address is for the pods of one name, also while there are none.
 *
 * @param name NAMESPACE/NAME, or NAME in any namespace
 * @param reserved whether the definition says so; else it is kept for a pod that went
 */
record Promise(String name, boolean reserved) {
    /** Whether it is for a pod. */
    boolean isFor(String pod) {
        return Reservation.isFor(name, pod);
    }

    @Override
    public String toString() {
        return reserved ? "is reserved for pod " + name : "is kept for pod " + name + ", which is away";
    }
}
