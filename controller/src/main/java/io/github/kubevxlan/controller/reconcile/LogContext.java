package io.github.kubevxlan.controller.reconcile;

import java.util.Optional;
import org.slf4j.MDC;

/** What log lines of this thread are about, until it is closed. */
final class LogContext implements AutoCloseable {
    private static final String POD = "pod";
    private static final String ATTEMPT = "attempt";
    private static final String NETWORK = "network";

    private final String[] keys;

    private LogContext(String... keys) {
        this.keys = keys;
    }

    /** Of a pod, as {@code NAMESPACE/NAME}, and which attempt in a row it is, from 1. */
    static LogContext pod(String pod, int attempt) {
        MDC.put(POD, pod);
        MDC.put(ATTEMPT, String.valueOf(attempt));
        return new LogContext(POD, ATTEMPT);
    }

    /** Of a network, by its name. */
    static LogContext network(Optional<String> name) {
        name.ifPresent(network -> MDC.put(NETWORK, network));
        return new LogContext(NETWORK);
    }

    @Override
    public void close() {
        for (String key : keys) {
            MDC.remove(key);
        }
    }
}
