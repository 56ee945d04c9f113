package io.github.kubevxlan.certs;

/** Is what was found in one place of the cluster: nothing, something unusable, or a value. */
public sealed interface Stored<T> {
    /** Nothing is there. */
    record None<T>() implements Stored<T> {}

    /**
     * Something is there that can't be used.
     *
     * @param reason where, what and what is allowed; free of key material
     */
    record Damaged<T>(String reason) implements Stored<T> {}

    /** A value is there. */
    record Present<T>(T value) implements Stored<T> {}
}
