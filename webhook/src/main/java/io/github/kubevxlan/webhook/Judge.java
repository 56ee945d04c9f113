package io.github.kubevxlan.webhook;

/** Answers admission requests of one kind. */
@FunctionalInterface
interface Judge {
    /** Judges a request; may wait a moment for what it needs to know. */
    Verdict judge(AdmissionRequest request) throws InterruptedException;
}
