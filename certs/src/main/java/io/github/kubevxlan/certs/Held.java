package io.github.kubevxlan.certs;

/** Is what was found in one place of the cluster: nothing, something unusable, or a value. */
public sealed interface Held<T> {
    /** Nothing is there. */
    record None<T>() implements Held<T> {}

    /**
     * Something is there that can't be used.
     *
     * @param reason where, what and what is allowed; free of key material
     */
    record Damaged<T>(String reason) implements Held<T> {}

    /** A value is there. */
    record Present<T>(T value) implements Held<T> {}
}
