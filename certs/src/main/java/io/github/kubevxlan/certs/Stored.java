package io.github.kubevxlan.certs;

/** Is the content of one place in the cluster: nothing, something unusable, or a value. */
public sealed interface Stored<T> {
    /** Nothing is there. */
    record None<T>() implements Stored<T> {}

    /**
     * Something unusable is there.
     *
     * @param reason where, what and what is allowed; free of key material
     */
    record Damaged<T>(String reason) implements Stored<T> {}

    /** A value is there. */
    record Present<T>(T value) implements Stored<T> {}
}
