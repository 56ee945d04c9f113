package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.agent.Epoch;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leader election: of several controllers only the holder of the Lease works.
 *
 * <p>Its epoch ({@link LeaseEpoch}) is higher than that of whatever held the Lease earlier. Agents refuse scripts of a
 * lower epoch than they have seen, so what a holder that was paused still sends changes nothing.
 */
final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final Duration LONGEST_RELEASE = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofSeconds(2);
    /** One request's; that the Lease is lost is seen between requests, and must be before another can have it. */
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private final KubernetesClient client;
    private final LeaseRef lease;
    private final String identity;
    private final Executor executor;
    private final LeaseEpoch epoch;
    private volatile boolean leads;
    private volatile boolean over;
    private volatile String holder = "";
    private @Nullable CompletableFuture<?> election;

    /**
     * The Lease.
     *
     * @param namespace where it is
     * @param name its name
     * @param annotation that of its annotations which keeps the epoch
     */
    record LeaseRef(String namespace, String name, String annotation) {}

    /** Takes the Lease, and who this is: a name that no other process has or had. */
    Leadership(KubernetesClient client, LeaseRef lease, String identity, Executor executor) {
        this.client = client.newClient(
                        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                                .withRequestRetryBackoffLimit(0)
                                .withRequestTimeout((int) ANSWER.toMillis())
                                .build())
                .adapt(KubernetesClient.class);
        this.lease = lease;
        this.identity = identity;
        this.executor = executor;
        this.epoch = new LeaseEpoch(
                LeaseEpoch.lease(this.client, lease.namespace(), lease.name()),
                identity,
                lease.annotation(),
                Clock.systemUTC(),
                Ticker.system());
    }

    /**
     * Takes part from now on.
     *
     * @param lead is run once, when this is the holder and its epoch is known
     * @param lost is run once, when it is no longer; a process that led is of no more use then
     */
    void start(Runnable lead, Runnable lost) {
        LeaderElector elector = client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(lease.name())
                        .withLock(new TolerantLeaseLock(lease, identity, LEASE))
                        .withLeaseDuration(LEASE)
                        .withRenewDeadline(RENEW)
                        .withRetryPeriod(RETRY)
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(
                                () -> executor.execute(() -> acquired(lead, lost)), () -> over(lost), this::heard))
                        .build())
                .build();
        election = elector.start();
    }

    /** The epoch of this leader; 0 before it leads. */
    Epoch epoch() {
        return epoch;
    }

    /** Whether this is the holder, as far as it knows. */
    boolean leads() {
        return leads;
    }

    /** The holder's name, as last heard; empty before that. */
    String holder() {
        return holder;
    }

    /** This one's name. */
    String identity() {
        return identity;
    }

    /**
     * Releases the Lease, so that another controller need not wait for its end; gives up soon if the API server is
     * away.
     */
    @Override
    public void close() {
        leads = false;
        CompletableFuture<?> current = election;
        if (current == null) {
            return;
        }
        try {
            if (!Thread.ofVirtual().start(() -> current.cancel(true)).join(LONGEST_RELEASE)) {
                LOG.warn(
                        "the Lease {}/{} could not be released within {} s",
                        lease.namespace(),
                        lease.name(),
                        LONGEST_RELEASE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void heard(String leader) {
        LOG.info("leader is {}", leader);
        holder = leader;
    }

    private void over(Runnable lost) {
        over = true;
        if (leads) {
            leads = false;
            executor.execute(lost);
        }
    }

    private void acquired(Runnable lead, Runnable lost) {
        try {
            if (!epoch.begin()) {
                lost.run();
                return;
            }
            leads = true;
            if (over) {
                over(lost);
                return;
            }
            LOG.info("leads, epoch {}", epoch.current());
            lead.run();
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "the Lease {}/{} could not be read or written: {}",
                    lease.namespace(),
                    lease.name(),
                    e.getMessage());
            giveUp(lost);
        } catch (RuntimeException e) {
            LOG.error("this leader can't begin, so it gives up the Lease", e);
            giveUp(lost);
        }
    }

    private void giveUp(Runnable lost) {
        leads = false;
        lost.run();
    }
}
