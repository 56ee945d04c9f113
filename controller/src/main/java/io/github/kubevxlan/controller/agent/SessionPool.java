package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The open sessions, one a pod at most. A new exec is what costs (LAB: some 30 a second on two cores), a call in an open
 * session is nearly free: so a session stays open while changes come, until it was idle for a while or another pod
 * needs its place.
 *
 * <p>A program lives in one sandbox for its whole life. That it is the right pod's, and not that of another pod which came
 * under the same name, is checked once when it opens: the pod's address must be there.
 */
public final class SessionPool implements Agent, AutoCloseable {
    private static final int MOST_READ_AT_ONCE = 1 << 20;
    private static final int MOST_WORDS = 300;
    private static final Duration BETWEEN_STEPS = Duration.ofMillis(200);

    private final SessionOpener opener;
    private final Limits limits;
    private final Ticker ticker;
    private final SecureRandom random;
    private final Epoch epoch;
    private final Dialects dialects = new Dialects();
    private final Map<String, PooledSession> pool = new HashMap<>();
    private final Semaphore reading = new Semaphore(MOST_READ_AT_ONCE, true);
    private final AtomicLong opened = new AtomicLong();
    private final LongAdder roundTrips = new LongAdder();
    private int opening;

    private static final class PooledSession {
        final AgentSession session;
        final Dialect dialect;
        final Optional<String> version;
        final long number;
        final String agentId;
        final IpAddr primary;
        Duration used = Duration.ZERO;
        boolean busy = true;

        PooledSession(AgentSession session, Dialect dialect, Greeting greeting, long number, PodSnapshot pod) {
            this.session = session;
            this.dialect = dialect;
            this.version = greeting.version();
            this.number = number;
            this.agentId = pod.agentId();
            this.primary = pod.primary();
        }
    }

    /** Takes what opens sessions, the bounds, the time, what nonces are made of, and the leader's epoch. */
    public SessionPool(SessionOpener opener, Limits limits, Ticker ticker, SecureRandom random, Epoch epoch) {
        this.opener = opener;
        this.limits = limits;
        this.ticker = ticker;
        this.random = random;
        this.epoch = epoch;
    }

    @Override
    public ObservedPod run(PodSnapshot pod, Script script) throws AgentException, InterruptedException {
        Duration end = ticker.elapsed().plus(limits.deadline());
        Optional<PooledSession> open = take(pod);
        PooledSession current = open.isPresent() ? open.get() : open(pod, end);
        try {
            roundTrips.increment();
            FencingToken token = new FencingToken(epoch.current(), current.number);
            return exchange(current.session, current.dialect.run(script, token, nonce()), left(end))
                    .reportedBy(current.version);
        } catch (FencedException e) {
            if (e.epoch() > 0) {
                epoch.refused(e.epoch());
            }
            throw e;
        } catch (MalformedReportException e) {
            current.session.close();
            throw new AgentException(printable(Reason.line(e)), e);
        } finally {
            giveBack(pod.ref().uid(), current);
        }
    }

    /** An agent's words go into logs, Events and the pod's status. */
    private static String printable(String words) {
        String plain = words.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() > MOST_WORDS ? plain.substring(0, MOST_WORDS) + "..." : plain;
    }

    /** A report may take 30 times its length while it is read; so many bytes at once do, and the longest report alone. */
    private <T> T exchange(AgentSession session, Exchange<T> exchange, Duration deadline)
            throws AgentException, MalformedReportException, InterruptedException {
        String output = session.run(exchange.text(), exchange.end(), exchange.expected(), deadline);
        int bytes = Math.min(output.length(), MOST_READ_AT_ONCE);
        reading.acquire(bytes);
        try {
            return exchange.reader().read(output);
        } finally {
            reading.release(bytes);
        }
    }

    private PooledSession open(PodSnapshot pod, Duration end) throws AgentException, InterruptedException {
        evictIdle();
        try {
            PooledSession fresh = greeted(pod, end);
            synchronized (pool) {
                pool.put(pod.ref().uid(), fresh);
            }
            return fresh;
        } finally {
            synchronized (pool) {
                opening--;
            }
        }
    }

    /** Tries the next dialect where the program of one ends before it greets, since the agent does not have it. */
    private PooledSession greeted(PodSnapshot pod, Duration end) throws AgentException, InterruptedException {
        Iterator<Dialect> order = dialects.of(pod).iterator();
        while (true) {
            Dialect dialect = order.next();
            try {
                return greeted(pod, dialect, end);
            } catch (ProgramEndedException e) {
                dialects.ended(pod, dialect);
                if (!order.hasNext()) {
                    throw e;
                }
            }
        }
    }

    private PooledSession greeted(PodSnapshot pod, Dialect dialect, Duration end)
            throws AgentException, InterruptedException {
        long number = opened.incrementAndGet();
        AgentSession session = opener.open(pod, dialect.command(), left(end));
        boolean usable = false;
        Greeting greeting;
        try {
            greeting = exchange(session, dialect.greeting(nonce()), left(end));
            dialects.spoke(pod, dialect);
            usable = greeting.addresses().contains(pod.primary().toString());
            session.done();
        } catch (MalformedReportException e) {
            // Some container runtimes print on stdout that there is no such program.
            throw new ProgramEndedException(printable(Reason.line(e)));
        } finally {
            if (!usable) {
                session.close();
            }
        }
        if (!usable) {
            throw new AgentException("the pod does not have its address " + pod.primary() + " (yet, or any more)");
        }
        return new PooledSession(session, dialect, greeting, number, pod);
    }

    private Duration left(Duration end) {
        Duration left = end.minus(ticker.elapsed());
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    private Optional<PooledSession> take(PodSnapshot pod) {
        synchronized (pool) {
            PooledSession found = pool.get(pod.ref().uid());
            if (found == null) {
                return Optional.empty();
            }
            if (found.session.isOpen() && found.primary.equals(pod.primary()) && found.agentId.equals(pod.agentId())) {
                found.busy = true;
                return Optional.of(found);
            }
            pool.remove(pod.ref().uid());
            found.session.close();
            return Optional.empty();
        }
    }

    private void giveBack(String uid, PooledSession session) {
        session.session.done();
        synchronized (pool) {
            session.busy = false;
            session.used = ticker.elapsed();
            if (!session.session.isOpen()) {
                pool.remove(uid, session);
            }
        }
    }

    /** Closes a session if there are as many as may be. */
    private void evictIdle() {
        Optional<AgentSession> leaving = Optional.empty();
        synchronized (pool) {
            opening++;
            if (pool.size() + opening > limits.sessions()) {
                leaving = leastUseful().map(uid -> Objects.requireNonNull(pool.remove(uid)).session);
            }
        }
        leaving.ifPresent(AgentSession::close);
    }

    /**
     * The session that is likely to be needed last. Each change of a large segment goes to its members one after the other,
     * more of them than there are sessions, over and over: the session used last is needed last then, and to close the one
     * idle longest would close each just before it is used. But nobody goes over sessions that were idle for long, and one
     * that was used a moment ago may be needed for the next step.
     */
    private Optional<String> leastUseful() {
        Duration now = ticker.elapsed();
        Comparator<Map.Entry<String, PooledSession>> byUse = Comparator.comparing(entry -> entry.getValue().used);
        List<Map.Entry<String, PooledSession>> idle = pool.entrySet().stream()
                .filter(entry -> !entry.getValue().busy)
                .sorted(byUse)
                .toList();
        Optional<Map.Entry<String, PooledSession>> longest = idle.stream().findFirst();
        return longest.filter(entry -> wasIdle(entry, now, limits.idle().dividedBy(2)))
                .or(() -> idle.stream()
                        .filter(entry -> wasIdle(entry, now, BETWEEN_STEPS))
                        .reduce((_, later) -> later))
                .or(() -> longest)
                .map(Map.Entry::getKey);
    }

    private static boolean wasIdle(Map.Entry<String, PooledSession> entry, Duration now, Duration least) {
        return entry.getValue().used.plus(least).compareTo(now) <= 0;
    }

    /** Closes the sessions that were idle for too long; to be called now and then. */
    public void closeIdle() {
        Duration oldest = ticker.elapsed().minus(limits.idle());
        List<AgentSession> leaving = new ArrayList<>();
        synchronized (pool) {
            pool.values().removeIf(session -> {
                boolean idle = !session.busy && session.used.compareTo(oldest) < 0;
                if (idle) {
                    leaving.add(session.session);
                }
                return idle;
            });
        }
        leaving.forEach(AgentSession::close);
    }

    /** How many sessions are open. */
    public int size() {
        synchronized (pool) {
            return pool.size();
        }
    }

    /** How many sessions were asked of the API server so far. */
    public long opened() {
        return opened.get();
    }

    /** How many scripts were sent so far. */
    public long roundTrips() {
        return roundTrips.sum();
    }

    @Override
    public void forget(String uid) {
        dialects.forget(uid);
        PooledSession found;
        synchronized (pool) {
            found = pool.remove(uid);
        }
        if (found != null) {
            found.session.close();
        }
    }

    @Override
    public void close() {
        List<PooledSession> all;
        synchronized (pool) {
            all = List.copyOf(pool.values());
            pool.clear();
        }
        all.forEach(session -> session.session.close());
    }

    private String nonce() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
