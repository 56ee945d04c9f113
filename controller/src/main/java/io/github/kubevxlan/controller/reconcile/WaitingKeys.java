package io.github.kubevxlan.controller.reconcile;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Jobs that wait for a place of their partition, and which of them is next. For one thread at a time. */
final class WaitingKeys {
    private static final int TURNS_UNTIL_LONGEST = 4;
    private static final Comparator<QueuedKey> BY_WAIT = Comparator.comparingLong(job -> job.number);
    private static final Comparator<QueuedKey> BY_PRIORITY =
            Comparator.<QueuedKey, Priority>comparing(job -> job.priority).thenComparing(BY_WAIT);

    private final Map<Partition, EnumMap<Priority, TreeSet<QueuedKey>>> queued = new HashMap<>();
    private long turns;

    void add(QueuedKey job) {
        queued.computeIfAbsent(job.partition, _ -> new EnumMap<>(Priority.class))
                .computeIfAbsent(job.priority, _ -> new TreeSet<>(BY_WAIT))
                .add(job);
    }

    void remove(QueuedKey job) {
        EnumMap<Priority, TreeSet<QueuedKey>> ofPartition = Objects.requireNonNull(queued.get(job.partition));
        TreeSet<QueuedKey> ofPriority = Objects.requireNonNull(ofPartition.get(job.priority));
        ofPriority.remove(job);
        if (ofPriority.isEmpty()) {
            ofPartition.remove(job.priority);
        }
        if (ofPartition.isEmpty()) {
            queued.remove(job.partition);
        }
    }

    /**
     * Takes out the next job whose partition has a place: the most urgent, or every fourth time the one that has waited
     * longest. Null if there is none.
     */
    @Nullable
    QueuedKey next() {
        boolean longest = turns % TURNS_UNTIL_LONGEST == TURNS_UNTIL_LONGEST - 1;
        QueuedKey next = queued.values().stream()
                .flatMap(ofPartition -> ofPartition.values().stream())
                .map(TreeSet::first)
                .filter(job -> job.partition.isOpen(job.priority))
                .min(longest ? BY_WAIT : BY_PRIORITY)
                .orElse(null);
        if (next != null) {
            remove(next);
            turns++;
        }
        return next;
    }
}
