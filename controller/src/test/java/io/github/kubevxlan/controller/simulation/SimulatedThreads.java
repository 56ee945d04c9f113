package io.github.kubevxlan.controller.simulation;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Threads that run one at a time on a simulated clock: code that blocks takes no real time, and races with nothing. */
final class SimulatedThreads implements Executor {
    private final SimulatedTime time;
    private final Semaphore stopped = new Semaphore(0);

    SimulatedThreads(SimulatedTime time) {
        this.time = time;
    }

    @Override
    public void execute(Runnable task) {
        time.execute(() -> {
            var _ = Thread.ofVirtual().start(() -> {
                try {
                    task.run();
                } finally {
                    stopped.release();
                }
            });
            stopped.acquireUninterruptibly();
        });
    }

    /** To be called by one of these threads: others run meanwhile. */
    void sleep(Duration duration) {
        Semaphore awake = new Semaphore(0);
        var _ = time.timer.schedule(
                () -> {
                    awake.release();
                    stopped.acquireUninterruptibly();
                },
                duration.toNanos(),
                TimeUnit.NANOSECONDS);
        stopped.release();
        awake.acquireUninterruptibly();
    }
}
