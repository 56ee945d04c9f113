package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.reconcile.Backoff;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the ConfigMap with the definitions, for the leader. While it is there, the guard notes that, and whether pods
 * are members: the webhook then refuses to have it deleted. Where it is not, the guard makes it with the initial
 * networks if no such note was ever written and there are no members; else it says that it is gone, again and again.
 */
final class NetworksGuard {
    /** Keeps the note for a while, so that Jobs that come and go do not cause a write each time. */
    static final Duration WITHOUT_MEMBERS = Duration.ofMinutes(1);

    /** The note is written again so often, because somebody may delete or edit it. */
    static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    static final Duration SAID_EVERY = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(NetworksGuard.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    /** The watch may be behind what was made. */
    private static final Duration BEHIND = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final ConfigMap initial;
    private final NetworksLease lease;
    private final Known known;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final ReentrantLock looking = new ReentrantLock();
    private Optional<Boolean> noted = Optional.empty();
    private boolean wasThere;
    private long lastNoted;
    private long lastMember;
    private long next;
    private long nextSaid;
    private int failures;

    /** What the watches show. */
    interface Known {
        /** Whether the ConfigMap is there. */
        boolean hasDefinitions();

        /** How many pods are in a segment. */
        long joined();

        /** How many pods have a network by what is written on them. */
        long membersWritten();
    }

    NetworksGuard(
            KubernetesClient client,
            ControllerConfig config,
            Known known,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.client = client;
        this.lease = new NetworksLease(client, config.common());
        this.known = known;
        this.nanoTime = nanoTime;
        this.random = random;
        this.lastMember = nanoTime.getAsLong();
        this.next = lastMember;
        this.nextSaid = lastMember;
        this.initial = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(config.common().namespace())
                .withName(config.common().configMap())
                .endMetadata()
                .withData(config.networks().initial())
                .build();
    }

    /**
     * Checks once, unless another check is under way; to be called about each second once the watches have listed
     * everything.
     */
    void check() {
        if (looking.tryLock()) {
            try {
                long now = nanoTime.getAsLong();
                if (now - next >= 0) {
                    check(now);
                }
            } finally {
                looking.unlock();
            }
        }
    }

    private void check(long now) {
        try {
            if (known.hasDefinitions()) {
                wasThere = true;
                nextSaid = now;
                note(now);
            } else if (wasThere || known.membersWritten() > 0 || lease.isThere()) {
                wasThere = true;
                sayThatItIsGone(now);
            } else {
                make();
                next = now + BEHIND.toNanos();
            }
            failures = 0;
        } catch (KubernetesClientException e) {
            Duration wait = BACKOFF.after(++failures, random);
            next = now + wait.toNanos();
            LOG.warn("ConfigMap {} could not be checked; next try in {} s: {}", name(), wait.toSeconds(), Reason.of(e));
        }
    }

    private void note(long now) {
        boolean hasMembers = known.joined() > 0;
        if (hasMembers) {
            lastMember = now;
        }
        boolean isRecent = noted.orElse(false) && now - lastMember < WITHOUT_MEMBERS.toNanos();
        Optional<Boolean> wanted = Optional.of(hasMembers || isRecent);
        if (!noted.equals(wanted) || now - lastNoted >= NOTED_EVERY.toNanos()) {
            lease.write(wanted.get());
            noted = wanted;
            lastNoted = now;
        }
    }

    private void make() {
        try {
            client.configMaps().resource(initial).create();
            LOG.info("created ConfigMap {} with the initial networks", name());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    private void sayThatItIsGone(long now) {
        if (now - nextSaid < 0) {
            return;
        }
        String message =
                "ConfigMap " + initial.getMetadata().getName() + " does not exist: the networks of running pods stay as"
                        + " they are, and the controller changes and adds none until it exists again; restore it from"
                        + " a backup";
        LOG.warn("{}: {}", name(), message);
        String time = Instant.now().toString();
        client.v1()
                .events()
                .resource(new EventBuilder()
                        .withNewMetadata()
                        .withGenerateName(initial.getMetadata().getName() + ".")
                        .withNamespace(initial.getMetadata().getNamespace())
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withName(initial.getMetadata().getName())
                        .withNamespace(initial.getMetadata().getNamespace())
                        .endInvolvedObject()
                        .withType("Warning")
                        .withReason("NetworksGone")
                        .withMessage(message)
                        .withNewSource()
                        .withComponent("kube-vxlan-controller")
                        .endSource()
                        .withFirstTimestamp(time)
                        .withLastTimestamp(time)
                        .withCount(1)
                        .build())
                .create();
        nextSaid = now + SAID_EVERY.toNanos();
    }

    private String name() {
        return initial.getMetadata().getNamespace() + "/"
                + initial.getMetadata().getName();
    }
}
