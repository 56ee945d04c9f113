package io.github.kubevxlan.controller.reconcile;

import java.util.concurrent.atomic.AtomicInteger;

/** The places that some keys share, of which work on a key takes one. Two with the same places are equal. */
public interface Partition {
    /** Places that nothing else shares. */
    static Partition of(int places) {
        AtomicInteger taken = new AtomicInteger();
        return new Partition() {
            @Override
            public boolean isOpen(Priority priority) {
                return taken.get() < places;
            }

            @Override
            public Place enter(Priority priority) {
                taken.incrementAndGet();
                return taken::decrementAndGet;
            }
        };
    }

    /** Whether a place is left for work of that priority. */
    boolean isOpen(Priority priority);

    /** Takes a place for work of that priority; to be called by one thread at a time. */
    Place enter(Priority priority);

    /** A place that is taken. */
    interface Place {
        /** Gives it back; to be called once. */
        void leave();
    }
}
