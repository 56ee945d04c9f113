package io.github.kubevxlan.common.util;

/** Tells a command when the process has to end. */
@FunctionalInterface
public interface Shutdown {
    /** Registers a task for that moment; the process ends after the task. */
    void onEnd(Runnable task);
}
