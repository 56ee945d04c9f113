package io.github.kubevxlan.controller.reconcile;

import java.time.Duration;
import java.util.Optional;

/** A key of the work queue that is queued, or under work. */
final class QueuedKey {
    final String key;
    Priority priority;
    Partition partition;
    /** Counts up: the lowest has waited longest. */
    long number;

    Duration since;
    State state = State.QUEUED;
    Optional<Priority> again = Optional.empty();

    enum State {
        QUEUED,
        /** It has a place and is about to begin: what is added now is still seen. */
        STARTED,
        WORKING
    }

    QueuedKey(String key, Priority priority, Partition partition, long number, Duration since) {
        this.key = key;
        this.priority = priority;
        this.partition = partition;
        this.number = number;
        this.since = since;
    }
}
