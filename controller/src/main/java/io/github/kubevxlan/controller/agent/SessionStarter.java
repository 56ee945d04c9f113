package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Starts a session in the dialect that the agent speaks.
 *
 * <p>A program lives in one sandbox for its whole life. That it is the right pod's, and not that of another pod which came
 * under the same name, is checked once when it starts: the pod's address must be there.
 */
final class SessionStarter {
    private final SessionOpener opener;
    private final Exchanges exchanges;
    private final Ticker ticker;
    private final Dialects dialects = new Dialects();
    private final AtomicLong opened = new AtomicLong();

    SessionStarter(SessionOpener opener, Exchanges exchanges, Ticker ticker) {
        this.opener = opener;
        this.exchanges = exchanges;
        this.ticker = ticker;
    }

    /** Tries the next dialect where the program of one ends before it greets, since the agent does not have it. */
    PooledSession start(PodSnapshot pod, Duration end) throws AgentException, InterruptedException {
        Iterator<Dialect> order = dialects.of(pod).iterator();
        while (true) {
            Dialect dialect = order.next();
            try {
                return start(pod, dialect, end);
            } catch (ProgramEndedException e) {
                dialects.ended(pod, dialect);
                if (!order.hasNext()) {
                    throw e;
                }
            }
        }
    }

    private PooledSession start(PodSnapshot pod, Dialect dialect, Duration end)
            throws AgentException, InterruptedException {
        long number = opened.incrementAndGet();
        AgentSession session = opener.open(pod, dialect.command(), ticker.left(end));
        boolean usable = false;
        Greeting greeting;
        try {
            greeting = exchanges.run(session, dialect.greeting(exchanges.nonce()), ticker.left(end));
            dialects.spoke(pod, dialect);
            usable = greeting.addresses().contains(pod.primary().toString());
        } catch (MalformedReportException e) {
            // Some container runtimes print on stdout that there is no such program.
            throw new ProgramEndedException(Exchanges.printable(Reason.line(e)));
        } finally {
            session.done();
            if (!usable) {
                session.close();
            }
        }
        if (!usable) {
            throw new AgentException("the pod does not have its address " + pod.primary() + " (yet, or any more)");
        }
        return new PooledSession(session, dialect, greeting, number, pod);
    }

    /** Whether a pod whose session broke is to get another. */
    boolean isStaying(PodSnapshot pod, Duration deadline) throws InterruptedException {
        return opener.isStaying(pod, deadline);
    }

    /** How many sessions were asked of the API server so far. */
    long opened() {
        return opened.get();
    }

    /** Forgets what a pod that is gone speaks. */
    void forget(String uid) {
        dialects.forget(uid);
    }
}
