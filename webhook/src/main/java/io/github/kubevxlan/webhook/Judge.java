package io.github.kubevxlan.webhook;

/** Answers admission requests of one kind. */
interface Judge {
    /** Judges a request by what is known now. */
    Verdict judge(AdmissionRequest request);

    /** Tells whether a short wait can bring knowledge that changes the verdict. */
    default boolean waitsFor(AdmissionRequest request) {
        return false;
    }

    /** Waits that moment for a request in a namespace. */
    default void await(String namespace) throws InterruptedException {}
}
