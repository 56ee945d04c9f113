package io.github.kubevxlan.controller.reconcile;

/**
 * What shows users the outcome of reconciles.
 *
 * @param events writes Events
 * @param statuses writes the pods' statuses
 */
public record Recorders(EventRecorder events, StatusStore statuses) {}
