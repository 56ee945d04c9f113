package io.github.kubevxlan.certs;

import io.github.kubevxlan.certs.CertStore.Conflict;
import io.github.kubevxlan.certs.CertStore.StoreException;
import io.github.kubevxlan.certs.Decision.Keep;
import io.github.kubevxlan.certs.Decision.Publish;
import io.github.kubevxlan.certs.Decision.RenewLeaf;
import io.github.kubevxlan.certs.Decision.RotateCa;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps certificates valid as long as it runs: checks, acts, waits. Several may run at once; none undoes the work of
 * another.
 *
 * <p>It looks when something is due, at once when {@link #wake} tells of a change, and at least once an hour, should
 * nobody have told. It asks the clock once a minute, as a suspended machine's timers are late.
 */
public final class CertKeeper implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertKeeper.class);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 6;

    /** A rotation takes four steps; more than this means that others write all the time, or that writes get lost. */
    private static final int MAX_STEPS = 20;

    private final Settings settings;
    private final CertStore store;
    private final CertAuthority authority;
    private final InstantSource clock;
    private final CertPlan plan;
    private final Semaphore wakes = new Semaphore(0);
    private final CompletableFuture<Void> firstDone = new CompletableFuture<>();
    private volatile boolean closed;
    private int failures;
    private Trust trust = Trust.NONE;

    /**
     * The certificates to keep.
     *
     * @param dnsNames for which the serving certificate must be good, see {@link Names#ofService}; at least one
     */
    public record Settings(List<String> dnsNames, Lifetimes lifetimes) {
        public Settings {
            dnsNames = List.copyOf(dnsNames);
        }
    }

    /** @throws IllegalArgumentException if {@code settings} name no DNS name */
    public CertKeeper(Settings settings, CertStore store, CertAuthority authority, InstantSource clock) {
        this.settings = settings;
        this.store = store;
        this.authority = authority;
        this.clock = clock;
        this.plan = new CertPlan(settings.lifetimes().overlap(), settings.dnsNames());
    }

    /** Keeps certificates until {@link #close} or an interrupt; to be run once, in a thread of its own. */
    @Override
    public void run() {
        try {
            while (!closed) {
                sleep(checkOrLog());
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends early when woken, or when the clock is further than the timers know. */
    private void sleep(Duration pause) throws InterruptedException {
        Instant end = clock.instant().plus(pause);
        for (Duration left = pause; left.isPositive() && clock.instant().isBefore(end); ) {
            Duration next = left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP;
            if (wakes.tryAcquire(next.toMillis(), TimeUnit.MILLISECONDS)) {
                wakes.drainPermits();
                return;
            }
            left = left.minus(next);
        }
    }

    /** Starts a check now, because something may have changed. */
    public void wake() {
        wakes.release();
    }

    /** Ends {@link #run} after the step that is under way. */
    @Override
    public void close() {
        closed = true;
        wake();
    }

    /** Completes, never exceptionally, when the certificates are valid for the first time. */
    public CompletableFuture<Void> firstDone() {
        return firstDone.copy();
    }

    /**
     * Checks and acts until nothing is due.
     *
     * @return when to look again
     * @throws StoreException if a step could not be done
     */
    Instant check() {
        String conflict = "none";
        for (int step = 0; step < MAX_STEPS; step++) {
            Snapshot seen = store.read();
            Instant now = clock.instant();
            Observed observed = Observed.of(seen);
            trust = trust.after(now, observed.trusted());
            try {
                switch (plan.decide(now, observed, trust)) {
                    case RotateCa rotate -> rotate(seen, rotate);
                    case Publish(CaBundle bundle) -> publish(seen, bundle);
                    case RenewLeaf renew -> renew(seen, renew);
                    case Keep(Instant nextCheck) -> {
                        return nextCheck;
                    }
                }
            } catch (Conflict refused) {
                conflict = String.valueOf(refused.getMessage());
                LOG.info("{}; looking again", conflict);
            }
        }
        throw new StoreException("certificates still change after " + MAX_STEPS + " steps; last conflict: " + conflict);
    }

    private void rotate(Snapshot seen, RotateCa rotate) throws Conflict {
        CertifiedKey signer = authority.issueCa(settings.lifetimes().ca());
        store.writeCa(seen, SecretKeys.of(new CaMaterial(signer, rotate.retired())));
        LOG.info("New authority because {}: {}", rotate.reason(), Names.of(signer.certificate()));
    }

    private void publish(Snapshot seen, CaBundle bundle) throws Conflict {
        store.publish(seen, bundle);
        LOG.info("Webhooks now trust {}", bundle);
    }

    private void renew(Snapshot seen, RenewLeaf renew) throws Conflict {
        CertifiedKey leaf = authority.issueLeaf(
                renew.signer(), settings.dnsNames(), settings.lifetimes().leaf());
        store.writeTls(seen, SecretKeys.of(leaf, renew.signer()));
        LOG.info("New serving certificate because {}: {}", renew.reason(), Names.of(leaf.certificate()));
    }

    /** Checks once; gives the pause until the next check, also after a failure. */
    private Duration checkOrLog() {
        try {
            Instant nextCheck = check();
            failures = 0;
            firstDone.complete(null);
            return within(Duration.between(clock.instant(), nextCheck));
        } catch (StoreException failure) {
            Duration pause = backoff();
            LOG.warn("Certificates: {}; next try in {} s", failure.getMessage(), pause.toSeconds());
            return pause;
        } catch (RuntimeException bug) {
            Duration pause = backoff();
            LOG.error("Certificates: unexpected failure; next try in {} s", pause.toSeconds(), bug);
            return pause;
        }
    }

    private Duration backoff() {
        return within(SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures++, MAX_DOUBLINGS)));
    }

    private static Duration within(Duration wanted) {
        if (wanted.compareTo(SHORTEST_PAUSE) < 0) {
            return SHORTEST_PAUSE;
        }
        return wanted.compareTo(LONGEST_PAUSE) < 0 ? wanted : LONGEST_PAUSE;
    }
}
