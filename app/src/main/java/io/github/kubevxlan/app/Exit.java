package io.github.kubevxlan.app;

import io.github.kubevxlan.common.util.Shutdown;

/**
 * How the process of one command ends. By itself Java ends with 143 after SIGTERM, however well all went, and Kubernetes
 * shows each pod of a rollout as failed.
 */
final class Exit implements Shutdown {
    private volatile int status;

    @Override
    public void onEnd(Runnable task) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            task.run();
                            Runtime.getRuntime().halt(status);
                        },
                        "shutdown"));
    }

    /** Ends the process with a status of failure, after the tasks of {@link #onEnd}. */
    void failed(int failure) {
        status = failure;
        System.exit(failure);
    }
}
