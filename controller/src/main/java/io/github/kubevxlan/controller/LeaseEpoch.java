package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.agent.Epoch;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's epoch, kept in an annotation of the Lease: written while the leader holds the Lease, and higher than what
 * is there, so that each leader's is higher than any earlier one's. It is not below the time either: a Lease that was
 * deleted, or restored from a backup with the rest of etcd, holds no epoch or an old one.
 *
 * <p>Where that is not enough, since an earlier leader's clock was ahead, agents tell what they have seen, and a leader
 * that still holds the Lease takes a higher epoch. A lying agent can't make it grow without end: at most one step a
 * minute, and never more than a day ahead of the time.
 */
final class LeaseEpoch implements Epoch {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseEpoch.class);
    private static final int MOST_CONFLICTS = 5;
    private static final Duration MOST_AHEAD = Duration.ofDays(1);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Resource<Lease> lease;
    private final String identity;
    private final String key;
    private final Clock clock;
    private final Ticker ticker;
    private volatile long current;
    private @Nullable Duration lastTry;
    private @Nullable Duration lastDoubt;

    /** Takes the Lease, who its holder must be, the annotation's key, and the time. */
    LeaseEpoch(Resource<Lease> lease, String identity, String key, Clock clock, Ticker ticker) {
        this.lease = lease;
        this.identity = identity;
        this.key = key;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** The way to the Lease of that name. */
    static Resource<Lease> lease(KubernetesClient client, String namespace, String name) {
        return client.leases().inNamespace(namespace).withName(name);
    }

    @Override
    public long current() {
        return current;
    }

    /**
     * Takes an epoch; tells whether this still holds the Lease.
     *
     * @throws KubernetesClientException if the Lease can't be read or written
     */
    boolean begin() {
        return take(0);
    }

    @Override
    public synchronized void refused(long seen) {
        Duration now = ticker.elapsed();
        if (seen <= current) {
            return;
        }
        if (seen > clock.instant().plus(MOST_AHEAD).toEpochMilli()) {
            doubt(seen, now);
            return;
        }
        if (isWithinPause(lastTry, now)) {
            return;
        }
        lastTry = now;
        try {
            if (take(seen)) {
                LOG.warn("an agent has seen a later epoch, {}, so this leader takes {} now", seen, current);
            }
        } catch (KubernetesClientException e) {
            LOG.warn("a higher epoch could not be written to the Lease; another try follows: {}", e.getMessage());
        }
    }

    /** Logs the doubtful epoch; other agents may still be right. */
    private void doubt(long seen, Duration now) {
        if (isWithinPause(lastDoubt, now)) {
            return;
        }
        lastDoubt = now;
        LOG.warn(
                "an agent has seen the epoch {}, too far ahead of the time to be trusted; if several agents do, see"
                        + " \"After a restore of etcd\" in docs/operations.md",
                seen);
    }

    private static boolean isWithinPause(@Nullable Duration last, Duration now) {
        return last != null && last.plus(PAUSE).compareTo(now) > 0;
    }

    private synchronized boolean take(long above) {
        for (int conflicts = 0; ; conflicts++) {
            Lease held = lease.get();
            if (!isHolder(held)) {
                return false;
            }
            long next = next(stored(held), above, clock.millis());
            try {
                lease.patch(PatchContext.of(PatchType.JSON_MERGE), patch(held, next));
                current = next;
                return true;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || conflicts == MOST_CONFLICTS) {
                    throw e;
                }
            }
        }
    }

    private boolean isHolder(@Nullable Lease held) {
        return Optional.ofNullable(held)
                .map(Lease::getSpec)
                .map(LeaseSpec::getHolderIdentity)
                .filter(identity::equals)
                .isPresent();
    }

    /** The next epoch: above those two, and not below the time in milliseconds. */
    static long next(long stored, long seen, long now) {
        return Math.max(Math.max(stored, seen) + 1, now);
    }

    private long stored(Lease held) {
        String text = Optional.ofNullable(held.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(key))
                .orElse("0");
        try {
            return Math.clamp(Long.parseLong(text), 0, Long.MAX_VALUE / 2);
        } catch (NumberFormatException e) {
            LOG.warn("the Lease's annotation {} is no number, so the leader replaces it: {}", key, text);
            return 0;
        }
    }

    private String patch(Lease held, long next) {
        return "{\"metadata\": {\"resourceVersion\": \"%s\", \"annotations\": {\"%s\": \"%d\"}}}"
                .formatted(held.getMetadata().getResourceVersion(), key, next);
    }
}
