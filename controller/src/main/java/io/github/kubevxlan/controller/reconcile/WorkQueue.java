package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys to be worked on: one key by one thread at a time, and once more if it was added meanwhile, so that any number of
 * events while work is under way is one more run. Once executor or timer is shut down, nothing is done any more.
 */
public final class WorkQueue {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);

    private final Consumer<String> work;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Ticker ticker;
    private final Map<String, State> states = new HashMap<>();
    private final Map<String, Duration> added = new HashMap<>();
    private final Map<String, ScheduledFuture<?>> due = new HashMap<>();

    private enum State {
        QUEUED,
        WORKING,
        WORKING_AND_AGAIN
    }

    /**
     * What is to be worked on now.
     *
     * @param keys how many, those under work among them
     * @param oldest how long ago the first of them was added; zero if there is none
     */
    public record Load(int keys, Duration oldest) {}

    /** Takes the work, which tries again by itself what failed, what runs it, what waits, and what measures durations. */
    public WorkQueue(Consumer<String> work, Executor executor, ScheduledExecutorService timer, Ticker ticker) {
        this.work = work;
        this.executor = executor;
        this.timer = timer;
        this.ticker = ticker;
    }

    /** What is to be worked on now; keys that are due later are no part of it. */
    public Load load() {
        Duration now = ticker.elapsed();
        synchronized (states) {
            Duration oldest = added.values().stream()
                    .min(Duration::compareTo)
                    .map(now::minus)
                    .orElse(Duration.ZERO);
            return new Load(states.size(), oldest);
        }
    }

    /** Works on the key as soon as can be; a later time that it was due at is off. */
    public void add(String key) {
        synchronized (states) {
            ScheduledFuture<?> later = due.remove(key);
            if (later != null) {
                later.cancel(false);
            }
            State state = states.get(key);
            states.put(key, state == null || state == State.QUEUED ? State.QUEUED : State.WORKING_AND_AGAIN);
            added.putIfAbsent(key, ticker.elapsed());
            if (state != null) {
                return;
            }
        }
        submit(key);
    }

    private void submit(String key) {
        try {
            executor.execute(() -> process(key));
        } catch (RejectedExecutionException e) {
            // the program ends: there is nothing more to do, and nothing to say of it
        }
    }

    /** Works on the key after a while, or earlier if it is due earlier already. */
    public void addAfter(String key, Duration delay) {
        synchronized (states) {
            ScheduledFuture<?> known = due.get(key);
            if (known != null && known.getDelay(TimeUnit.NANOSECONDS) <= delay.toNanos()) {
                return;
            }
            if (known != null) {
                known.cancel(false);
            }
            try {
                due.put(key, timer.schedule(() -> add(key), delay.toNanos(), TimeUnit.NANOSECONDS));
            } catch (RejectedExecutionException e) {
                // as above
            }
        }
    }

    private void process(String key) {
        boolean again;
        do {
            synchronized (states) {
                states.put(key, State.WORKING);
            }
            boolean returned = false;
            try {
                guarded(key);
                returned = true;
            } finally {
                again = isDueAgain(key);
                if (again && !returned) { // an Error ends this thread, and must not end all work on the key
                    submit(key);
                }
            }
        } while (again);
    }

    /** Whatever it throws, the key is worked on again when it is added. */
    private void guarded(String key) {
        try {
            work.accept(key);
        } catch (RuntimeException e) {
            LOG.error("{}: unexpected failure", key, e);
        }
    }

    private boolean isDueAgain(String key) {
        synchronized (states) {
            if (states.get(key) == State.WORKING_AND_AGAIN) {
                added.put(key, ticker.elapsed());
                return true;
            }
            states.remove(key);
            added.remove(key);
            return false;
        }
    }
}
