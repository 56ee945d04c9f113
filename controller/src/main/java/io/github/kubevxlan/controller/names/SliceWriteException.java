package io.github.kubevxlan.controller.names;

/** The API server did not take a change of an EndpointSlice; the message says why. */
public final class SliceWriteException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Takes the API server's words. */
    public SliceWriteException(String message, Throwable cause) {
        super(message, cause);
    }
}
