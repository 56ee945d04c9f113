package io.github.kubevxlan.e2e.bench;

/** What something is now, and since when; those that do not change it do not count. */
final class Latest<T> {
    private volatile Moment<T> moment;

    /**
     * A value.
     *
     * @param since when it came, as {@link System#nanoTime} has it
     */
    record Moment<T>(T value, long since) {}

    Latest(T value) {
        moment = new Moment<>(value, System.nanoTime());
    }

    /** Takes it as it is now. */
    synchronized void set(T value) {
        long now = System.nanoTime();
        if (!value.equals(moment.value())) {
            moment = new Moment<>(value, now);
        }
    }

    Moment<T> get() {
        return moment;
    }
}
