package io.github.kubevxlan.certs;

/** Tells where PEM text is damaged, what was found and what is allowed. Never carries any of the text itself. */
public final class DamagedPem extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedPem(String where, String problem) {
        super(where + ": " + problem);
    }
}
