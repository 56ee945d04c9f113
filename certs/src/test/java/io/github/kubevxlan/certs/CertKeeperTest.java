package io.github.kubevxlan.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.kubevxlan.certs.CertStore.StoreException;
import io.github.kubevxlan.certs.FakeCluster.Step;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
class CertKeeperTest {
    private static final Lifetimes LIFETIMES =
            new Lifetimes(Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofSeconds(10));
    private static final List<String> NAMES = Names.ofService("webhook", "kube-system");

    private final TestClock clock = new TestClock();
    private final FakeCluster cluster = new FakeCluster();
    private final CertKeeper keeper = newKeeper();
    private final Logger logger = (Logger) LoggerFactory.getLogger(CertKeeper.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void installsAuthorityBundleAndServingCertificateInOneCheck() throws DamagedPem {
        keeper.check();

        CertifiedKey ca = CertifiedKey.parse(
                "ca", cluster.ca().get("ca.crt"), cluster.ca().get("ca.key"));
        CertifiedKey leaf = CertifiedKey.parse(
                "tls", cluster.tls().get("tls.crt"), cluster.tls().get("tls.key"));
        assertEquals(
                ca.certificate().getSubjectX500Principal(), leaf.certificate().getIssuerX500Principal());
        assertEquals(Set.copyOf(NAMES), Names.dns(leaf.certificate()));
        assertEquals(
                List.of(Pem.encode(ca.certificate()), Pem.encode(ca.certificate()), Pem.encode(ca.certificate())),
                cluster.trusted());
        assertEquals(Set.of("ca.crt", "ca.key"), cluster.ca().data().keySet());
        assertEquals(
                Set.of("tls.crt", "tls.key", "ca.crt"), cluster.tls().data().keySet());
    }

    @Test
    void changesNothingWhenAllIsGood() {
        keeper.check();
        Set<Optional<String>> before = versions();

        newKeeper().check();

        assertEquals(before, versions());
    }

    @Test
    void endsWithOneAuthorityWhenTwoInstallAtOnce() {
        CertKeeper rival = newKeeper();
        AtomicBoolean raced = new AtomicBoolean();
        cluster.beforeEachStep(step -> {
            if (step == Step.WRITE && raced.compareAndSet(false, true)) {
                rival.check();
            }
        });
        keeper.check();
        Set<Optional<String>> after = versions();

        rival.check();
        keeper.check();

        assertEquals(after, versions());
        assertEquals(1, Set.copyOf(cluster.trusted()).size());
        assertTrue(messages().contains("CA has changed; looking again"), messages());
    }

    @Test
    void repairsWhateverIsDeletedOrDamaged() {
        SecretData garbage =
                new SecretData(Optional.of("1"), Map.of("tls.crt", "oops".getBytes(StandardCharsets.US_ASCII)));
        List<Runnable> mishaps = List.of(
                () -> cluster.setCa(SecretData.ABSENT),
                () -> cluster.setTls(SecretData.ABSENT),
                () -> cluster.setCa(garbage),
                () -> cluster.setTls(garbage),
                () -> cluster.setCaBundle(0, new byte[0], new byte[] {1}),
                () -> cluster.setCaBundle(1, "oops".getBytes(StandardCharsets.US_ASCII)));
        keeper.check();

        for (Runnable mishap : mishaps) {
            mishap.run();
            keeper.check();
            clock.advance(LIFETIMES.overlap());
            keeper.check();

            Observed observed = Observed.of(cluster.read());
            assertEquals(1, Set.copyOf(observed.trusted()).size());
            Set<Optional<String>> repaired = versions();
            newKeeper().check();
            assertEquals(repaired, versions());
        }
    }

    @Test
    void givesUpForNowWhenEveryWriteIsRefused() {
        cluster.beforeEachStep(step -> {
            if (step == Step.WRITE) {
                cluster.setCa(new SecretData(Optional.of("1"), Map.of()));
            }
        });

        StoreException failure = assertThrows(StoreException.class, keeper::check);

        assertEquals("certificates still change after 20 steps; last conflict: CA has changed", failure.getMessage());
    }

    @Test
    void saysWhatFailedAndWhenItTriesAgainAndGoesOnWhenWoken() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        AtomicBoolean broken = new AtomicBoolean(true);
        cluster.beforeEachStep(step -> {
            if (broken.get()) {
                failed.countDown();
                throw new StoreException("read Secret a/b: no connection");
            }
        });
        Thread thread = Thread.ofVirtual().start(keeper);
        failed.await();
        assertFalse(keeper.firstDone().isDone());

        broken.set(false);
        keeper.wake();
        keeper.firstDone().get();
        keeper.close();

        assertTrue(thread.join(Duration.ofSeconds(20)), "runs on after close");
        assertTrue(messages().contains("Certificates: read Secret a/b: no connection; next try in 1 s"), messages());
    }

    @Test
    void goesOnAfterAnUnexpectedFailureWithoutBeingWoken() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        cluster.beforeEachStep(step -> {
            if (broken.getAndSet(false)) {
                throw new IllegalArgumentException("a bug");
            }
        });
        Thread thread = Thread.ofVirtual().start(keeper);

        keeper.firstDone().get(20, TimeUnit.SECONDS);
        keeper.close();

        assertTrue(thread.join(Duration.ofSeconds(20)), "runs on after close");
    }

    @Test
    void endsWhenInterrupted() throws Exception {
        Thread thread = Thread.ofVirtual().start(keeper);
        keeper.firstDone().get();

        thread.interrupt();

        assertTrue(thread.join(Duration.ofSeconds(20)), "runs on after an interrupt");
    }

    @Test
    void neverLogsAPrivateKey() {
        keeper.check();
        clock.advance(Duration.ofSeconds(100));
        keeper.check();

        String caKey = new String(cluster.ca().get("ca.key"), StandardCharsets.US_ASCII);
        assertTrue(messages().contains("New authority because two thirds of its life are over"), messages());
        assertFalse(messages().contains("PRIVATE"));
        assertFalse(messages().contains(caKey.substring(30, 60)));
    }

    private CertKeeper newKeeper() {
        return new CertKeeper(
                new CertKeeper.Settings(NAMES, LIFETIMES),
                cluster,
                new CertAuthority(clock, new SecureRandom()),
                clock);
    }

    /** Unequal when any Secret has been written or any bundle has changed. */
    private Set<Optional<String>> versions() {
        return Set.of(
                cluster.ca().version(),
                cluster.tls().version().map("tls "::concat),
                Optional.of(String.join("", cluster.trusted())));
    }

    private String messages() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
    }
}
