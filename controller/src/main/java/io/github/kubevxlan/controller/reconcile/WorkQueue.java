package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.reconcile.QueuedKey.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys to be worked on: one key by one thread at a time, and once more if it was added meanwhile, so that any number of
 * events while work is under way is one more run. Once executor or timer is shut down, nothing is done any more.
 *
 * <p>A key waits here until its partition has a place, so no thread waits, and work that begins sees what holds by then.
 * The most urgent key goes first, but every fourth turn is that of the key that has waited longest: none starves.
 */
public final class WorkQueue {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);

    private final Consumer<String> work;
    private final Function<String, Partition> partitions;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Ticker ticker;
    private final Map<String, QueuedKey> jobs = new HashMap<>();
    private final WaitingKeys waiting = new WaitingKeys();
    private final Map<String, Due> due = new HashMap<>();
    private long added;

    private record Due(ScheduledFuture<?> at, Priority priority) {}

    private record Start(QueuedKey job, Partition.Place place) {}

    /**
     * What is to be worked on now.
     *
     * @param keys how many, those under work among them
     * @param oldest how long ago the first of them was added; zero if there is none
     */
    public record Load(int keys, Duration oldest) {}

    /**
     * Takes the work, which tries again by itself what failed, the partition of a key when it is added, what runs the
     * work, what waits, and what measures durations.
     */
    public WorkQueue(
            Consumer<String> work,
            Function<String, Partition> partitions,
            Executor executor,
            ScheduledExecutorService timer,
            Ticker ticker) {
        this.work = work;
        this.partitions = partitions;
        this.executor = executor;
        this.timer = timer;
        this.ticker = ticker;
    }

    /** A queue whose keys share a number of places. */
    public static WorkQueue of(Consumer<String> work, int places, Dependencies dependencies) {
        Partition all = Partition.of(places);
        return new WorkQueue(work, _ -> all, dependencies.executor(), dependencies.timer(), dependencies.ticker());
    }

    /** What is to be worked on now; keys that are due later are no part of it. */
    public Load load() {
        Duration now = ticker.elapsed();
        synchronized (jobs) {
            Duration oldest = jobs.values().stream()
                    .map(job -> job.since)
                    .min(Duration::compareTo)
                    .map(now::minus)
                    .orElse(Duration.ZERO);
            return new Load(jobs.size(), oldest);
        }
    }

    /** Works on the key as soon as can be, as something of its own changed. */
    public void add(String key) {
        add(key, Priority.OWN_CHANGE);
    }

    /** Works on the key as soon as can be; a later time that it was due at is off. A queued key only becomes more urgent. */
    public void add(String key, Priority priority) {
        Partition partition = partitions.apply(key);
        List<Start> starts = new ArrayList<>();
        synchronized (jobs) {
            cancelDue(key);
            QueuedKey job = jobs.get(key);
            if (job == null) {
                job = new QueuedKey(key, priority, partition, added++, ticker.elapsed());
                jobs.put(key, job);
                waiting.add(job);
            } else if (job.state == State.WORKING) {
                job.again = Optional.of(job.again
                        .map(before -> Priority.first(before, priority))
                        .orElse(priority));
            } else if (job.state == State.QUEUED) {
                waiting.remove(job);
                job.priority = Priority.first(job.priority, priority);
                job.partition = partition;
                waiting.add(job);
            }
            // Where its own partition has no place, this opened none for any other.
            if (job.state == State.QUEUED && partition.isOpen(job.priority)) {
                starts.addAll(startable());
            }
        }
        run(starts);
    }

    /** Works on the key after a while, or earlier if it is due earlier already; as urgently as the most urgent reason says. */
    public void addAfter(String key, Duration delay, Priority priority) {
        synchronized (jobs) {
            Due known = due.get(key);
            if (known == null) {
                schedule(key, delay, priority);
                return;
            }
            long before = known.at().getDelay(TimeUnit.NANOSECONDS);
            Priority first = Priority.first(priority, known.priority());
            if (before > delay.toNanos() || first != known.priority()) {
                known.at().cancel(false);
                schedule(key, Duration.ofNanos(Math.max(0, Math.min(before, delay.toNanos()))), first);
            }
        }
    }

    /** Works on the key after a while, as something of its own changed. */
    public void addAfter(String key, Duration delay) {
        addAfter(key, delay, Priority.OWN_CHANGE);
    }

    private void schedule(String key, Duration delay, Priority priority) {
        try {
            due.put(
                    key,
                    new Due(timer.schedule(() -> add(key, priority), delay.toNanos(), TimeUnit.NANOSECONDS), priority));
        } catch (RejectedExecutionException e) {
            // the program ends: there is nothing more to do, and nothing to say of it
        }
    }

    private void cancelDue(String key) {
        Due later = due.remove(key);
        if (later != null) {
            later.at().cancel(false);
        }
    }

    /** Gives places to what there are places for. */
    private List<Start> startable() {
        List<Start> starts = new ArrayList<>();
        for (QueuedKey next = waiting.next(); next != null; next = waiting.next()) {
            next.state = State.STARTED;
            starts.add(new Start(next, next.partition.enter(next.priority)));
        }
        return starts;
    }

    private void run(List<Start> starts) {
        for (Start start : starts) {
            try {
                executor.execute(() -> process(start));
            } catch (RejectedExecutionException e) {
                // as above
            }
        }
    }

    /** Work that begins now also covers a run that was due later. */
    private void process(Start start) {
        synchronized (jobs) {
            start.job().state = State.WORKING;
            cancelDue(start.job().key);
        }
        try {
            guarded(start.job().key);
        } finally { // an Error ends this thread, and must not end all work on the key
            finish(start);
        }
    }

    /** Whatever it throws, the key is worked on again when it is added. */
    private void guarded(String key) {
        try {
            work.accept(key);
        } catch (RuntimeException e) {
            LOG.error("{}: unexpected failure", key, e);
        }
    }

    private void finish(Start start) {
        QueuedKey job = start.job();
        Partition partition = partitions.apply(job.key);
        List<Start> starts;
        synchronized (jobs) {
            start.place().leave();
            job.state = State.QUEUED;
            if (job.again.isEmpty()) {
                jobs.remove(job.key);
            } else {
                job.priority = job.again.get();
                job.again = Optional.empty();
                job.partition = partition;
                job.number = added++;
                job.since = ticker.elapsed();
                waiting.add(job);
            }
            starts = startable();
        }
        run(starts);
    }
}
