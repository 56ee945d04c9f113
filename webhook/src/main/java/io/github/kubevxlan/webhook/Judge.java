package io.github.kubevxlan.webhook;

/** Answers admission requests of one kind. */
interface Judge {
    /** Judges a request by what is known now. */
    Verdict judge(AdmissionRequest request);

    /** Tells whether a moment's wait can bring what is not known yet and bears on the verdict. */
    default boolean waitsFor(AdmissionRequest request) {
        return false;
    }

    /** Waits that moment for a request in a namespace. */
    default void await(String namespace) throws InterruptedException {}
}
