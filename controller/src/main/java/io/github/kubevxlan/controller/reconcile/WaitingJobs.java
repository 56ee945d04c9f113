package io.github.kubevxlan.controller.reconcile;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Jobs that wait for a place of their partition, and which of them is next. For one thread at a time. */
final class WaitingJobs {
    private static final int TURNS_UNTIL_LONGEST = 4;
    private static final Comparator<Job> BY_WAIT = Comparator.comparingLong(job -> job.number);
    private static final Comparator<Job> BY_PRIORITY =
            Comparator.<Job, Priority>comparing(job -> job.priority).thenComparing(BY_WAIT);

    private final Map<Partition, EnumMap<Priority, TreeSet<Job>>> queued = new HashMap<>();
    private long turns;

    void add(Job job) {
        queued.computeIfAbsent(job.partition, _ -> new EnumMap<>(Priority.class))
                .computeIfAbsent(job.priority, _ -> new TreeSet<>(BY_WAIT))
                .add(job);
    }

    void remove(Job job) {
        EnumMap<Priority, TreeSet<Job>> ofPartition = Objects.requireNonNull(queued.get(job.partition));
        TreeSet<Job> ofPriority = Objects.requireNonNull(ofPartition.get(job.priority));
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
    Job next() {
        boolean longest = turns % TURNS_UNTIL_LONGEST == TURNS_UNTIL_LONGEST - 1;
        Job next = queued.values().stream()
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
