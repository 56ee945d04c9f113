package io.github.kubevxlan.cli.manifest;

import io.github.kubevxlan.common.net.InvalidValueException;

/** A text holds no Kubernetes objects; the message says where, what was found and what is allowed. */
public final class MalformedManifestException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Takes the place, what stands there and what may stand there instead. */
    public MalformedManifestException(String where, String found, String allowed) {
        super(where + ": found " + InvalidValueException.shown(found) + ", allowed: " + allowed);
    }

    /** Takes the place, and what is wrong there in a sentence. */
    public MalformedManifestException(String where, String message) {
        super(where + ": " + message);
    }
}
