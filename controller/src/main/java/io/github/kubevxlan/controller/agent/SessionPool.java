package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The open sessions, one a pod at most. A new exec is what costs (some 30 a second on two cores), a call in an open
 * session is nearly free: so a session stays open until its pod is gone, another pod needs its place, or nobody used it
 * for long.
 *
 * <p>What lies between may drop a connection that carries nothing. A session that turns out to be broken is replaced within
 * the same call; one that was quiet for a while gets a third of the deadline for its answer before it is replaced.
 *
 * <p>A pod that is ending gets no new session: kubelet and kernel take everything away with it. While one is open, the
 * pod follows its peers. Since its agent may end before the watch tells that, the API server is asked before a session is
 * replaced.
 */
public final class SessionPool implements Agent, PathAgent, AutoCloseable {
    /** Less than what any load balancer or NAT gives a connection that carries nothing: the shortest known is a minute. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    private static final int PARTS_FOR_QUIET = 3;
    /** Of what is left of a deadline, to ask for the pod. */
    private static final int PARTS_FOR_QUESTION = 3;

    private final Limits limits;
    private final Ticker ticker;
    private final Epoch epoch;
    private final Exchanges exchanges;
    private final SessionStarter starter;
    private final OpenSessions open;
    private final OneAtATime uses;
    private final LongAdder roundTrips = new LongAdder();

    /** Takes what opens sessions, the bounds, the time, what nonces are made of, and the leader's epoch. */
    public SessionPool(SessionOpener opener, Limits limits, Ticker ticker, SecureRandom random, Epoch epoch) {
        this.limits = limits;
        this.ticker = ticker;
        this.epoch = epoch;
        this.exchanges = new Exchanges(random);
        this.starter = new SessionStarter(opener, exchanges, ticker);
        this.open = new OpenSessions(limits.sessions(), ticker);
        this.uses = new OneAtATime(ticker);
    }

    @Override
    public ObservedPod run(PodSnapshot pod, Script script) throws AgentException, InterruptedException {
        try {
            return use(pod, limits.deadline(), (current, deadline) -> {
                roundTrips.increment();
                FencingToken token = new FencingToken(epoch.current(), current.number);
                return exchanges
                        .run(current.session, current.dialect.run(script, token, exchanges.nonce()), deadline)
                        .reportedBy(current.version);
            });
        } catch (FencedException e) {
            if (e.epoch() > 0) {
                epoch.refused(e.epoch());
            }
            throw e;
        }
    }

    @Override
    public Optional<Echo> echo(PodSnapshot pod, EchoRequest request) throws AgentException, InterruptedException {
        return onPath(pod, dialect -> dialect.echo(request, exchanges.nonce()));
    }

    @Override
    public Optional<PathReport> probe(PodSnapshot pod, ProbeRequest request)
            throws AgentException, InterruptedException {
        return onPath(pod, dialect -> dialect.probe(request, exchanges.nonce()));
    }

    private <T> Optional<T> onPath(PodSnapshot pod, Function<PathDialect, Exchange<T>> request)
            throws AgentException, InterruptedException {
        Duration within = limits.deadline().compareTo(DEADLINE) < 0 ? limits.deadline() : DEADLINE;
        return use(pod, within, (current, deadline) -> {
            Optional<PathDialect> dialect = current.dialect.paths().filter(_ -> current.probes);
            if (dialect.isEmpty()) {
                return Optional.empty();
            }
            roundTrips.increment();
            return Optional.of(exchanges.run(current.session, request.apply(dialect.get()), deadline));
        });
    }

    private interface Use<T> {
        T of(PooledSession session, Duration deadline)
                throws AgentException, MalformedReportException, InterruptedException;
    }

    /** One thread at a time uses a pod's session; another waits for it, but no longer than its own deadline. */
    private <T> T use(PodSnapshot pod, Duration within, Use<T> use) throws AgentException, InterruptedException {
        Duration end = ticker.elapsed().plus(within);
        uses.enter(pod.ref().uid(), end);
        try {
            return used(pod, end, use);
        } finally {
            uses.leave(pod.ref().uid());
        }
    }

    private <T> T used(PodSnapshot pod, Duration end, Use<T> use) throws AgentException, InterruptedException {
        Optional<PooledSession> pooled = open.take(pod);
        if (pooled.isPresent() && !pooled.get().session.isOpen()) {
            open.giveBack(pod.ref().uid(), pooled.get());
            checkStaying(pod, end);
        } else if (pooled.isPresent()) {
            boolean quiet = pooled.get().used.plus(QUIET).compareTo(ticker.elapsed()) <= 0;
            Duration deadline = quiet ? ticker.left(end).dividedBy(PARTS_FOR_QUIET) : ticker.left(end);
            try {
                return used(pooled.get(), pod, use, deadline);
            } catch (BrokenSessionException | ProgramEndedException | UnreachableException e) {
                if (pod.ending() || (e instanceof UnreachableException && !quiet)) {
                    throw e;
                }
                checkStaying(pod, end);
            }
        } else if (pod.ending()) {
            throw new BrokenSessionException("the pod is ending, and no session with it is open");
        }
        PooledSession fresh = open(pod, end);
        return used(fresh, pod, use, ticker.left(end));
    }

    /** The pod's session has ended; throws if that is for the pod's end. */
    private void checkStaying(PodSnapshot pod, Duration end) throws BrokenSessionException, InterruptedException {
        if (pod.ending() || !starter.isStaying(pod, ticker.left(end).dividedBy(PARTS_FOR_QUESTION))) {
            throw new BrokenSessionException("the pod is ending, and its session has ended");
        }
    }

    private <T> T used(PooledSession current, PodSnapshot pod, Use<T> use, Duration deadline)
            throws AgentException, InterruptedException {
        try {
            return use.of(current, deadline);
        } catch (MalformedReportException e) {
            current.session.close();
            throw new AgentException(Exchanges.printable(Reason.line(e)), e);
        } finally {
            current.session.done();
            open.giveBack(pod.ref().uid(), current);
        }
    }

    private PooledSession open(PodSnapshot pod, Duration end) throws AgentException, InterruptedException {
        open.beginOpening();
        try {
            PooledSession fresh = starter.start(pod, end);
            open.add(pod.ref().uid(), fresh);
            return fresh;
        } finally {
            open.endOpening();
        }
    }

    @Override
    public boolean hasSession(PodSnapshot pod) {
        return open.has(pod);
    }

    /** Closes the sessions that were idle for too long; to be called now and then. */
    public void closeIdle() {
        open.closeIdle(limits.idle());
    }

    /** How many sessions are open. */
    public int size() {
        return open.size();
    }

    /** How many sessions were asked of the API server so far. */
    public long opened() {
        return starter.opened();
    }

    /** How many scripts were sent so far. */
    public long roundTrips() {
        return roundTrips.sum();
    }

    @Override
    public void forget(String uid) {
        starter.forget(uid);
        open.close(uid);
    }

    @Override
    public void close() {
        open.closeAll();
    }
}
