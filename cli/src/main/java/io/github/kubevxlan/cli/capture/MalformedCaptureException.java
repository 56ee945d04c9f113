package io.github.kubevxlan.cli.capture;

/** An agent sent something other than the blocks of a pcapng. */
public final class MalformedCaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedCaptureException(String message) {
        super(message);
    }
}
