package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.util.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Clock, executor and timer of one process, all moved by hand; what is ready runs in any order. */
public final class SimulatedTime extends Clock implements Executor, Ticker {
    public final ScheduledThreadPoolExecutor timer = new Timer();

    private final RandomGenerator random;
    private final List<Runnable> ready = new ArrayList<>();
    private final PriorityQueue<Due> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private long nanos;
    private long orders;

    public SimulatedTime(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    /** Runs one task that is ready, if there is one. */
    public boolean runOne() {
        if (ready.isEmpty()) {
            return false;
        }
        ready.remove(random.nextInt(ready.size())).run();
        return true;
    }

    public void runAll() {
        while (runOne()) {}
    }

    /** Moves on; what is due on the way becomes ready and is run before time moves further. */
    public void pass(Duration duration) {
        long end = nanos + duration.toNanos();
        runAll();
        for (Due next = waiting.peek(); next != null && next.at() <= end; next = waiting.peek()) {
            nanos = Math.max(nanos, next.at());
            waiting.remove(next);
            next.run();
            runAll();
        }
        nanos = end;
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    private final class Timer extends ScheduledThreadPoolExecutor {
        Timer() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            Due due = new Due(task, nanos + unit.toNanos(delay), orders++);
            waiting.add(due);
            return due;
        }
    }

    private final class Due extends FutureTask<Void> implements ScheduledFuture<Void> {
        private final long at;
        private final long order;

        Due(Runnable task, long at, long order) {
            super(task, null);
            this.at = at;
            this.order = order;
        }

        long at() {
            return at;
        }

        long order() {
            return order;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
