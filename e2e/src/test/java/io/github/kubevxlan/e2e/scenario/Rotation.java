package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Certificates;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.PodLoad;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Pods are made without a pause while certificates are short-lived. First the CA is deleted, as nothing else makes the
 * product give up one that it has, and the controller that makes the new one is killed before anything is signed by it;
 * halfway a webhook is killed. All later changes are the product's own.
 *
 * @param leaf life of serving certificates, as in Helm value tls.self.leafLifetime
 * @param ca life of CAs
 * @param overlap from a CA's being trusted to its first signature
 * @param load how long pods are made, at least until the CA has changed twice
 */
public record Rotation(String leaf, String ca, String overlap, Duration load) {
    /**
     * What was seen.
     *
     * @param tried creations, of which {@code stored} were no dry runs
     * @param failures one line for each that failed
     * @param authorities how many CAs there were, the one before included
     * @param serving how many serving certificates there were, the one before included
     * @param leaks where a private key stands in a log
     */
    public record Seen(
            int tried, int stored, List<String> failures, int authorities, int serving, List<String> leaks) {}

    /** Installs such lifetimes, and logs at level trace, until what is given back is closed. */
    public Release install() {
        return Release.with(
                "--set=tls.self.leafLifetime=" + leaf,
                "--set=tls.self.caLifetime=" + ca,
                "--set=tls.self.overlap=" + overlap,
                "--set=log.level=trace");
    }

    /** Plays it with the release that {@link #install} has made. */
    public Seen play(Stage stage) {
        Watched watched = new Watched();
        watched.sample();
        PodLoad load = PodLoad.start(stage);
        try (load) {
            rotate(watched);
        }
        Controller.awaitReady();
        Webhook.awaitReady();
        return new Seen(
                load.tried(),
                load.stored(),
                load.failures(),
                watched.authorities.size(),
                watched.serving.size(),
                KeyLeaks.of(watched.keys));
    }

    /**
     * Gives back what {@link #install} has changed while pods are made, and ends when no short-lived certificate is served
     * any more: the CA of before makes them until it is due itself.
     *
     * @return one line for each creation that failed
     */
    public static List<String> giveBack(Release before, Stage stage) {
        PodLoad load = PodLoad.start(stage);
        try (load) {
            before.rollBack();
            Await.until("every webhook serves a certificate that lives long", Await.LONG.multipliedBy(2), () -> {
                long tomorrow = Instant.now().plus(Duration.ofDays(1)).getEpochSecond();
                Set<Long> served = Webhook.servedUntil();
                return served.stream().allMatch(until -> until > tomorrow)
                        ? Optional.empty()
                        : Optional.of("they end at " + served);
            });
        }
        return load.failures();
    }

    /**
     * Another controller takes over 15 seconds after the leader was killed, and needs some more to begin and to wait for the
     * overlap. So the CA is deleted when the serving certificate is young: a life that is over before that is nobody's
     * fault.
     */
    private void rotate(Watched watched) {
        int old = watched.serving.size();
        watched.until("there is a new serving certificate", () -> watched.serving.size() > old);
        long begun = System.nanoTime();
        Certificates.secret(Certificates.CA_SECRET).delete();
        watched.until("there is a new CA", () -> watched.authorities.size() > 1);
        Controller.killLeader();
        watched.until("half of the time is over", () -> System.nanoTime() - begun > load.toNanos() / 2);
        kill(Webhook.pods().getFirst());
        watched.until("the time is over", () -> System.nanoTime() - begun > load.toNanos());
        watched.until("the CA has changed twice", () -> watched.authorities.size() > 2);
    }

    private static void kill(Pod pod) {
        Cluster.client().resource(pod).withGracePeriod(0).delete();
    }

    private interface Condition {
        boolean holds();
    }

    /** The certificates and keys that were seen so far. */
    private final class Watched {
        private final Set<String> authorities = new LinkedHashSet<>();
        private final Set<String> serving = new LinkedHashSet<>();
        private final Set<String> keys = new LinkedHashSet<>();

        void until(String what, Condition condition) {
            Await.until(what, load.plus(Await.LONG), () -> {
                sample();
                return condition.holds()
                        ? Optional.empty()
                        : Optional.of(authorities.size() + " CAs, " + serving.size() + " certificates");
            });
        }

        void sample() {
            Certificates.entry(Certificates.CA_SECRET, "ca.crt").ifPresent(authorities::add);
            Certificates.entry(Certificates.CA_SECRET, "ca.key").ifPresent(keys::add);
            Certificates.entry(Certificates.TLS_SECRET, "tls.crt").ifPresent(serving::add);
            Certificates.entry(Certificates.TLS_SECRET, "tls.key").ifPresent(keys::add);
        }
    }
}
