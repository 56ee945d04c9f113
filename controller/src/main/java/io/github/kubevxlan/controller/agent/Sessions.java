package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.Report;
import io.github.kubevxlan.controller.plan.ObservedPod;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.Script;
import io.github.kubevxlan.controller.plan.ScriptBuilder;
import io.github.kubevxlan.controller.plan.Sender;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The open sessions, one a pod at most. A new exec is what costs (LAB: some 30 a second on two cores), a call in an open
 * session is nearly free: so a session stays open while changes come, until it was idle for a while or another pod
 * needs its place.
 *
 * <p>A shell lives in one sandbox for its whole life. That it is the right pod's, and not that of another pod which came
 * under the same name, is checked once when it opens: the pod's address must be there.
 */
public final class Sessions implements Agent, AutoCloseable {
    private static final int MOST_READ_AT_ONCE = 1 << 20;

    private final SessionOpener opener;
    private final Limits limits;
    private final Clock clock;
    private final SecureRandom random;
    private final LongSupplier term;
    private final Lanes lanes;
    private final Map<String, Kept> kept = new HashMap<>();
    private final Semaphore reading = new Semaphore(MOST_READ_AT_ONCE, true);
    private final AtomicLong opened = new AtomicLong();
    private final LongAdder roundTrips = new LongAdder();
    private int opening;

    private static final class Kept {
        final AgentSession session;
        final long number;
        final String agentId;
        final IpAddr primary;
        Instant used;
        boolean busy = true;

        Kept(AgentSession session, long number, String agentId, IpAddr primary, Instant used) {
            this.session = session;
            this.number = number;
            this.agentId = agentId;
            this.primary = primary;
            this.used = used;
        }
    }

    /** Takes what opens sessions, the bounds, the time, what nonces are made of, and the leader's term. */
    public Sessions(SessionOpener opener, Limits limits, Clock clock, SecureRandom random, LongSupplier term) {
        this.opener = opener;
        this.limits = limits;
        this.clock = clock;
        this.random = random;
        this.term = term;
        this.lanes = new Lanes(limits);
    }

    @Override
    public ObservedPod run(PodSnapshot pod, Script script) throws AgentException, InterruptedException {
        return lanes.through(pod.node(), pod.ref().uid(), () -> runNow(pod, script));
    }

    private ObservedPod runNow(PodSnapshot pod, Script script) throws AgentException, InterruptedException {
        Optional<Kept> open = take(pod);
        Kept current = open.isPresent() ? open.get() : open(pod);
        try {
            roundTrips.increment();
            String nonce = nonce();
            Sender sender = new Sender(term.getAsLong(), current.number);
            String output = current.session.run(ScriptBuilder.print(script, nonce, sender), nonce, limits.deadline());
            if (output.endsWith("@" + nonce + " fenced 1")) {
                throw new AgentException("another controller leads");
            } else if (output.endsWith("@" + nonce + " fenced 2")) {
                throw new AgentException("another script holds the agent's lock on /dev/shm");
            }
            return read(output, nonce);
        } catch (MalformedReportException e) {
            current.session.close();
            throw new AgentException(Reason.of(e), e);
        } finally {
            giveBack(pod.ref().uid(), current);
        }
    }

    /** A report may take 30 times its length while it is read; so many octets at once do, and the longest report alone. */
    private ObservedPod read(String output, String nonce) throws MalformedReportException, InterruptedException {
        int octets = Math.min(output.length(), MOST_READ_AT_ONCE);
        reading.acquire(octets);
        try {
            return Report.parse(output, nonce);
        } finally {
            reading.release(octets);
        }
    }

    private Kept open(PodSnapshot pod) throws AgentException, InterruptedException {
        makeRoom();
        try {
            long number = opened.incrementAndGet();
            Kept fresh = new Kept(checked(pod), number, pod.agentId(), pod.primary(), clock.instant());
            synchronized (kept) {
                kept.put(pod.ref().uid(), fresh);
            }
            return fresh;
        } finally {
            synchronized (kept) {
                opening--;
            }
        }
    }

    private AgentSession checked(PodSnapshot pod) throws AgentException, InterruptedException {
        Instant end = clock.instant().plus(limits.deadline());
        AgentSession session = opener.open(pod, limits.deadline());
        boolean usable = false;
        try {
            String nonce = nonce();
            String addresses = session.run(ScriptBuilder.opening(nonce), nonce, left(end));
            // With a peer's address behind it, it comes without a prefix length.
            usable = addresses.contains(" " + pod.primary() + "/") || addresses.contains(" " + pod.primary() + " ");
            session.done();
        } finally {
            if (!usable) {
                session.close();
            }
        }
        if (!usable) {
            throw new AgentException("the pod does not have its address " + pod.primary() + " (yet, or any more)");
        }
        return session;
    }

    private Duration left(Instant end) {
        Duration left = Duration.between(clock.instant(), end);
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    private Optional<Kept> take(PodSnapshot pod) {
        synchronized (kept) {
            Kept found = kept.get(pod.ref().uid());
            if (found == null) {
                return Optional.empty();
            }
            if (found.session.isOpen() && found.primary.equals(pod.primary()) && found.agentId.equals(pod.agentId())) {
                found.busy = true;
                return Optional.of(found);
            }
            kept.remove(pod.ref().uid());
            found.session.close();
            return Optional.empty();
        }
    }

    private void giveBack(String uid, Kept session) {
        session.session.done();
        synchronized (kept) {
            session.busy = false;
            session.used = clock.instant();
            if (!session.session.isOpen()) {
                kept.remove(uid, session);
            }
        }
    }

    /** Closes the session that was idle longest if there are as many as may be. */
    private void makeRoom() {
        Optional<AgentSession> leaving = Optional.empty();
        synchronized (kept) {
            opening++;
            if (kept.size() + opening > limits.sessions()) {
                leaving = kept.entrySet().stream()
                        .filter(entry -> !entry.getValue().busy)
                        .min(Comparator.comparing(entry -> entry.getValue().used))
                        .map(entry -> Objects.requireNonNull(kept.remove(entry.getKey())).session);
            }
        }
        leaving.ifPresent(AgentSession::close);
    }

    /** Closes the sessions that were idle for too long; to be called now and then. */
    public void closeIdle() {
        Instant oldest = clock.instant().minus(limits.idle());
        List<AgentSession> leaving = new ArrayList<>();
        synchronized (kept) {
            kept.values().removeIf(session -> {
                boolean idle = !session.busy && session.used.isBefore(oldest);
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
        synchronized (kept) {
            return kept.size();
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
        lanes.forget(uid);
        Kept found;
        synchronized (kept) {
            found = kept.remove(uid);
        }
        if (found != null) {
            found.session.close();
        }
    }

    @Override
    public void close() {
        List<Kept> all;
        synchronized (kept) {
            all = List.copyOf(kept.values());
            kept.clear();
        }
        all.forEach(session -> session.session.close());
    }

    private String nonce() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
