package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.net.InvalidValueException;

/** A request body is no AdmissionReview that we can answer; the message says where, what was found, what is allowed. */
public final class MalformedReviewException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedReviewException(String where, String found, String allowed) {
        super(where + ": found " + InvalidValueException.shown(found) + ", allowed: " + allowed);
    }
}
