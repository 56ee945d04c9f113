package io.github.kubevxlan.certs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.certs.CertStore.StoreException;
import io.github.kubevxlan.certs.FakeCluster.Step;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lives through hours of short-lived certificates, second by second: API servers and webhook replicas notice changes
 * late, keepers race and crash between writes, Secrets are deleted and damaged. At no second may an API server refuse
 * a replica.
 */
class RotationSimulationTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int SECONDS = 2 * 60 * 60;
    private static final int INSTALLED_AFTER = 20;
    private static final int MISHAP_EVERY = 60;
    private static final int API_SERVER_LAG = 8;
    private static final int REPLICA_LAG = 5;
    private static final Lifetimes LIFETIMES =
            new Lifetimes(Duration.ofSeconds(180), Duration.ofSeconds(90), Duration.ofSeconds(10));
    private static final CertKeeper.Settings SETTINGS =
            new CertKeeper.Settings(Names.ofService("webhook", "kube-system"), LIFETIMES);

    private final TestClock clock = new TestClock();
    private final FakeCluster cluster = new FakeCluster();
    private final Map<List<X509Certificate>, Boolean> signatures = new HashMap<>();
    private final Set<X509Certificate> authorities = new HashSet<>();
    private final Set<X509Certificate> leaves = new HashSet<>();
    private final Random dice = new Random();
    private final Keepers keepers = new Keepers();
    private final List<Replica> replicas = List.of(new Replica(), new Replica(), new Replica());
    private final List<ApiServer> apiServers = List.of(new ApiServer(), new ApiServer());
    private int elapsed;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void everyServedCertificateIsTrustedAtEverySecond(long seed) {
        dice.setSeed(seed);
        while (elapsed < SECONDS) {
            tick();
            if (elapsed > INSTALLED_AFTER && elapsed % MISHAP_EVERY == 0) {
                mishap();
            }
        }
        int rotations = SECONDS / 180;
        assertTrue(authorities.size() > rotations, "authorities: " + authorities.size());
        assertTrue(leaves.size() > 2 * rotations, "serving certificates: " + leaves.size());
    }

    private void tick() {
        elapsed++;
        clock.advance(SECOND);
        keepers.step();
        replicas.forEach(Replica::step);
        apiServers.forEach(ApiServer::step);
        if (elapsed > INSTALLED_AFTER) {
            apiServers.forEach(api -> replicas.forEach(replica -> check("second " + elapsed, api, replica)));
        }
    }

    private void check(String when, ApiServer api, Replica replica) {
        for (CaBundle bundle : api.trusted) {
            authorities.addAll(bundle.authorities());
            replica.served.ifPresent(served -> {
                leaves.add(served);
                boolean trusted = bundle.authorities().stream().anyMatch(ca -> verifies(served, ca));
                assertTrue(trusted, () -> when + ": " + Names.of(served) + " is not trusted by " + bundle);
            });
        }
    }

    private boolean verifies(X509Certificate leaf, X509Certificate ca) {
        Instant now = clock.instant();
        return Validity.of(leaf).contains(now)
                && Validity.of(ca).contains(now)
                && signatures.computeIfAbsent(List.of(leaf, ca), RotationSimulationTest::isSigned);
    }

    private static boolean isSigned(List<X509Certificate> leafAndCa) {
        try {
            leafAndCa.getFirst().verify(leafAndCa.getLast().getPublicKey());
            return true;
        } catch (GeneralSecurityException otherSigner) {
            return false;
        }
    }

    private void mishap() {
        SecretData garbage =
                new SecretData(Optional.of("by hand"), Map.of("ca.crt", "oops".getBytes(StandardCharsets.US_ASCII)));
        switch (dice.nextInt(10)) {
            case 0 -> cluster.setCa(SecretData.ABSENT);
            case 1 -> cluster.setCa(garbage);
            case 2 -> cluster.setTls(SecretData.ABSENT);
            case 3 -> cluster.setTls(garbage);
            case 4 -> {
                cluster.setCa(SecretData.ABSENT);
                cluster.setTls(SecretData.ABSENT);
            }
            case 5 -> replicas.get(dice.nextInt(replicas.size())).restart();
            case 6 -> keepers.crashBefore(Step.WRITE);
            default -> keepers.pauseBefore(dice.nextBoolean() ? Step.READ_ON : Step.WRITE);
        }
        keepers.wake();
    }

    /**
     * A leader, and a standby that looks in between its steps. When the leader is paused, the standby takes over;
     * when the leader goes on, it does its next write with what it knew before, and crashes.
     */
    private final class Keepers {
        private CertKeeper leader = newKeeper();
        private final CertKeeper standby = newKeeper();
        private Instant nextCheck = Instant.MIN;
        private boolean standbyIsLooking;
        private boolean leaderIsPaused;
        private Optional<Step> pauseBefore = Optional.empty();
        private Optional<Step> crashBefore = Optional.empty();

        Keepers() {
            cluster.beforeEachStep(this::interfere);
        }

        void wake() {
            nextCheck = Instant.MIN;
        }

        void pauseBefore(Step step) {
            pauseBefore = Optional.of(step);
        }

        void crashBefore(Step step) {
            crashBefore = Optional.of(step);
        }

        void step() {
            if (clock.instant().isBefore(nextCheck)) {
                return;
            }
            if (leaderIsPaused) {
                nextCheck = checkOfStandby();
                return;
            }
            try {
                nextCheck = leader.check();
            } catch (StoreException crash) {
                leader = newKeeper();
                nextCheck = clock.instant().plusSeconds(1 + dice.nextInt(3));
            }
        }

        private void interfere(Step step) {
            if (standbyIsLooking || leaderIsPaused) {
                return;
            }
            if (crashBefore.equals(Optional.of(step))) {
                crashBefore = Optional.empty();
                throw new StoreException("crash");
            }
            if (pauseBefore.equals(Optional.of(step))) {
                pauseBefore = Optional.empty();
                pause();
                crashBefore(Step.READ);
            } else if (dice.nextInt(3) == 0) {
                checkOfStandby();
            }
        }

        private void pause() {
            leaderIsPaused = true;
            wake();
            int until = Math.min(SECONDS, elapsed + 20 + dice.nextInt(60));
            while (elapsed < until) {
                tick();
            }
            leaderIsPaused = false;
        }

        private Instant checkOfStandby() {
            standbyIsLooking = true;
            try {
                return standby.check();
            } finally {
                standbyIsLooking = false;
            }
        }

        private CertKeeper newKeeper() {
            return new CertKeeper(SETTINGS, cluster, new CertAuthority(clock, new SecureRandom()), clock);
        }
    }

    /** Serves what the Secret held a while ago; what does not load changes nothing. */
    private final class Replica {
        private final Delayed<SecretData> secret = new Delayed<>(clock, dice, REPLICA_LAG);
        private Optional<X509Certificate> served = Optional.empty();

        void restart() {
            served = Optional.empty();
            secret.forget();
        }

        void step() {
            secret.see(cluster.tls()).ifPresent(data -> {
                if (Observed.of(new Snapshot(List.of(), data, SecretData.ABSENT))
                                .leaf()
                        instanceof Stored.Present<CertifiedKey>(CertifiedKey leaf)) {
                    served = Optional.of(leaf.certificate());
                }
            });
        }
    }

    /** Trusts what the webhook configurations said a while ago. */
    private final class ApiServer {
        private final Delayed<List<String>> configs = new Delayed<>(clock, dice, API_SERVER_LAG);
        private List<CaBundle> trusted = List.of();

        void step() {
            configs.see(cluster.trusted()).ifPresent(entries -> {
                trusted = entries.stream().map(ApiServer::bundle).toList();
            });
        }

        private static CaBundle bundle(String pem) {
            try {
                return pem.isEmpty()
                        ? new CaBundle(List.of())
                        : CaBundle.parse("test", pem.getBytes(StandardCharsets.US_ASCII));
            } catch (DamagedPem e) {
                throw new AssertionError(e);
            }
        }
    }
}
