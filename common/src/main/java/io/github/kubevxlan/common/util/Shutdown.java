package io.github.kubevxlan.common.util;

/** How a command learns that the process is told to end. */
@FunctionalInterface
public interface Shutdown {
    /** Has a task done then, which the process waits for and ends after. */
    void onEnd(Runnable task);
}
