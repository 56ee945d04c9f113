package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Lease whatever somebody wrote into it: fabric8's election ends without a word at any exception that is not
 * the client's. A time that is missing was long ago, as for client-go.
 */
final class TolerantLeaseLock extends LeaseLock {
    private static final ZonedDateTime LONG_AGO = Instant.EPOCH.atZone(ZoneOffset.UTC);

    private final Duration duration;

    /** Takes where the Lease is, who this is, and how long a holder has it, which is the longest that may be written. */
    TolerantLeaseLock(Leadership.LeaseRef lease, String identity, Duration duration) {
        super(lease.namespace(), lease.name(), identity);
        this.duration = duration;
    }

    @Override
    public synchronized @Nullable LeaderElectionRecord get(KubernetesClient client) {
        try {
            return super.get(client);
        } catch (KubernetesClientException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KubernetesClientException("the Lease can't be read", e);
        }
    }

    @Override
    protected LeaderElectionRecord toRecord(Lease lease) {
        LeaseSpec spec = Optional.ofNullable(lease.getSpec()).orElseGet(LeaseSpec::new);
        return super.toRecord(new LeaseBuilder(lease)
                .withSpec(new LeaseSpecBuilder(spec)
                        .withLeaseDurationSeconds(seconds(spec))
                        .withAcquireTime(orLongAgo(spec.getAcquireTime()))
                        .withRenewTime(orLongAgo(spec.getRenewTime()))
                        .build())
                .build());
    }

    private int seconds(LeaseSpec spec) {
        int most = (int) duration.toSeconds();
        return Optional.ofNullable(spec.getLeaseDurationSeconds())
                .filter(seconds -> seconds > 0 && seconds < most)
                .orElse(most);
    }

    private static ZonedDateTime orLongAgo(@Nullable ZonedDateTime time) {
        return Optional.ofNullable(time).orElse(LONG_AGO);
    }
}
