package io.github.kubevxlan.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CertPlanTest {
    private static final Duration CA_LIFE = Duration.ofDays(30);
    private static final Duration LEAF_LIFE = Duration.ofDays(10);
    private static final Duration OVERLAP = Duration.ofMinutes(1);
    private static final List<String> NAMES = Names.ofService("webhook", "kube-system");

    private final TestClock clock = new TestClock();
    private final CertAuthority authority = new CertAuthority(clock, new SecureRandom());
    private final CertPlan plan = new CertPlan(OVERLAP, NAMES);
    private final CertifiedKey oldCa = authority.issueCa(CA_LIFE);
    private final CertifiedKey newCa = authority.issueCa(CA_LIFE);
    private final CertifiedKey oldLeaf = authority.issueLeaf(oldCa, NAMES, LEAF_LIFE);

    @Test
    void makesAnAuthorityFirstWhenThereIsNothing() {
        Decision decision = decide(observed(new Stored.None<>(), new Stored.None<>(), List.of()));

        assertEquals(new Decision.RotateCa("there is none", List.of()), decision);
    }

    @Test
    void keepsGoodCertificatesUntilTheServingOneIsTwoThirdsThrough() {
        Decision decision = decide(settled(oldCa, List.of(), present(oldLeaf)));

        assertEquals(new Decision.Keep(oldLeaf.validity().renewAt()), decision);
    }

    @Test
    void renewsTheServingCertificateAtTwoThirdsOfItsLife() {
        Observed observed = settled(oldCa, List.of(), present(oldLeaf));
        Instant renewAt = oldLeaf.validity().renewAt();
        clock.moveTo(renewAt.minusMillis(1));
        assertInstanceOf(Decision.Keep.class, decide(observed));

        clock.moveTo(renewAt);

        assertEquals(new Decision.RenewLeaf("two thirds of its life are over", oldCa), decide(observed));
    }

    @Test
    void renewsTheServingCertificateBeforeTheAuthorityWhoseKeyIsGoneAfterwards() {
        clock.moveTo(oldCa.validity().renewAt());
        assertInstanceOf(Decision.RenewLeaf.class, decide(settled(oldCa, List.of(), present(oldLeaf))));
        CertifiedKey freshLeaf = authority.issueLeaf(oldCa, NAMES, LEAF_LIFE);

        Decision decision = decide(settled(oldCa, List.of(), present(freshLeaf)));

        assertEquals(new Decision.RotateCa("two thirds of its life are over", List.of(oldCa.certificate())), decision);
    }

    @Test
    void replacesAnAuthorityThatEndsWithItsServingCertificateInsteadOfRenewingThatInVain() {
        CertifiedKey briefCa = authority.issueCa(Duration.ofMinutes(1));
        clock.advance(Duration.ofSeconds(50));
        CertifiedKey leaf = authority.issueLeaf(briefCa, NAMES, LEAF_LIFE);
        assertEquals(briefCa.validity().until(), leaf.validity().until());

        assertEquals(
                new Decision.RotateCa("two thirds of its life are over", List.of(briefCa.certificate())),
                decide(settled(briefCa, List.of(), present(leaf))));
    }

    @Test
    void publishesANewAuthorityBesideTheOldOneBeforeAnythingElse() {
        Observed observed = observed(ca(newCa, oldCa.certificate()), present(oldLeaf), List.of(bundle(oldCa)));

        assertEquals(new Decision.Publish(bundle(newCa, oldCa)), decide(observed));
    }

    @Test
    void signsWithANewAuthorityOnlyOnceItHasBeenTrustedForTheOverlap() {
        Observed observed = settled(newCa, List.of(oldCa.certificate()), present(oldLeaf));
        Trust trust = Trust.NONE.after(clock.instant(), observed.trusted());
        Instant signFrom = clock.instant().plus(OVERLAP);
        clock.moveTo(signFrom.minusMillis(1));
        assertEquals(new Decision.Keep(signFrom), plan.decide(clock.instant(), observed, trust));

        clock.moveTo(signFrom);

        assertEquals(
                new Decision.RenewLeaf("the authority has changed", newCa),
                plan.decide(clock.instant(), observed, trust));
    }

    @Test
    void cutsTheOverlapShortForAServingCertificateThatWouldExpireInIt() {
        CertifiedKey briefLeaf = authority.issueLeaf(oldCa, NAMES, OVERLAP.dividedBy(2));
        Observed observed = settled(newCa, List.of(oldCa.certificate()), present(briefLeaf));
        Trust trust = Trust.NONE.after(clock.instant(), observed.trusted());
        Instant halfway = new Validity(clock.instant(), briefLeaf.validity().until()).middle();
        assertEquals(new Decision.Keep(halfway), plan.decide(clock.instant(), observed, trust));

        clock.moveTo(halfway);

        assertTrue(briefLeaf.validity().contains(clock.instant()));
        assertEquals(
                new Decision.RenewLeaf("the authority has changed", newCa),
                plan.decide(clock.instant(), observed, trust));
    }

    @Test
    void countsTheOverlapAnewWhenOneEntryHasLostTheAuthority() {
        Observed good = settled(newCa, List.of(oldCa.certificate()), present(oldLeaf));
        Trust trust = Trust.NONE.after(clock.instant(), good.trusted());
        clock.advance(OVERLAP);
        trust = trust.after(clock.instant(), List.of(present(bundle(newCa, oldCa)), present(bundle(oldCa))));
        clock.advance(Duration.ofSeconds(1));

        trust = trust.after(clock.instant(), good.trusted());

        assertEquals(new Decision.Keep(clock.instant().plus(OVERLAP)), plan.decide(clock.instant(), good, trust));
    }

    @Test
    void signsAtOnceAtTheFirstInstallationAsNobodyIsTrustedYet() {
        assertEquals(
                new Decision.RenewLeaf("there is none", oldCa), decide(settled(oldCa, List.of(), new Stored.None<>())));
    }

    @Test
    void waitsForTheOverlapWhenTheSecretIsGoneButReplicasMayStillServeByARetiredAuthority() {
        assertEquals(
                new Decision.Keep(clock.instant().plus(OVERLAP)),
                decide(settled(newCa, List.of(oldCa.certificate()), new Stored.None<>())));
    }

    @Test
    void signsAtOnceWhenTheServingCertificateHasExpiredAnyway() {
        CertifiedKey shortLeaf = authority.issueLeaf(oldCa, NAMES, Duration.ofDays(1));
        clock.advance(Duration.ofDays(2));

        assertEquals(
                new Decision.RenewLeaf("it is not valid now", newCa),
                decide(settled(newCa, List.of(oldCa.certificate()), present(shortLeaf))));
    }

    @Test
    void keepsEverythingTrustedThatCanStillBeReadWhenTheAuthorityIsLost() {
        Observed lost = new Observed(
                List.of(present(bundle(oldCa))),
                present(oldLeaf),
                new Stored.None<>(),
                List.of(newCa.certificate(), oldCa.certificate(), oldCa.certificate()));

        assertEquals(
                new Decision.RotateCa("there is none", List.of(newCa.certificate(), oldCa.certificate())),
                decide(lost));
    }

    @Test
    void dropsARetiredAuthorityOnceItHasExpired() {
        CertifiedKey shortCa = authority.issueCa(Duration.ofDays(1));
        Observed observed = settled(oldCa, List.of(shortCa.certificate()), present(oldLeaf));
        Decision.Keep keep = assertInstanceOf(Decision.Keep.class, decide(observed));
        assertTrue(keep.nextCheck().isAfter(shortCa.validity().until()));

        clock.moveTo(keep.nextCheck());

        assertEquals(new Decision.Publish(bundle(oldCa)), decide(observed));
    }

    static Stream<Arguments> damagedBundles() {
        return Stream.of(
                Arguments.of("missing", new Stored.None<CaBundle>()),
                Arguments.of("damaged", new Stored.Damaged<CaBundle>("oops")),
                Arguments.of("foreign", new Stored.Present<>(new CaBundle(List.of()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damagedBundles")
    void repairsABundleInAnyEntry(String name, Stored<CaBundle> inSecondEntry) {
        Observed observed =
                new Observed(List.of(present(bundle(oldCa)), inSecondEntry), present(oldLeaf), ca(oldCa), List.of());

        assertEquals(new Decision.Publish(bundle(oldCa)), decide(observed));
    }

    @Test
    void renewsAServingCertificateForOtherNames() {
        CertifiedKey other = authority.issueLeaf(oldCa, List.of("other.kube-system.svc"), LEAF_LIFE);

        Decision.RenewLeaf renew =
                assertInstanceOf(Decision.RenewLeaf.class, decide(settled(oldCa, List.of(), present(other))));
        assertEquals(
                "it names [other.kube-system.svc], wanted are [webhook.kube-system.svc,"
                        + " webhook.kube-system.svc.cluster.local]",
                renew.reason());
    }

    @Test
    void replacesAnAuthorityThatIsNotValidNow() {
        clock.advance(Duration.ofDays(-1));
        assertEquals(
                new Decision.RotateCa("it is not valid now", List.of(oldCa.certificate())),
                decide(settled(oldCa, List.of(), present(oldLeaf))));
        clock.advance(Duration.ofDays(100));

        assertEquals(
                new Decision.RotateCa("it is not valid now", List.of()),
                decide(settled(oldCa, List.of(), present(oldLeaf))));
    }

    @Test
    void issuesACertificateEvenWhileThereIsNoWebhookToTrustIt() {
        Observed observed = observed(ca(oldCa), new Stored.None<>(), List.of());

        assertEquals(new Decision.RenewLeaf("there is none", oldCa), decide(observed));
    }

    @Test
    void refusesToWorkWithoutAName() {
        assertThrows(IllegalArgumentException.class, () -> new CertPlan(OVERLAP, List.of()));
    }

    private Decision decide(Observed observed) {
        return plan.decide(clock.instant(), observed, Trust.NONE.after(clock.instant(), observed.trusted()));
    }

    private static Observed settled(CertifiedKey signer, List<X509Certificate> retired, Stored<CertifiedKey> leaf) {
        CaMaterial ca = new CaMaterial(signer, retired);
        CaBundle bundle = ca.bundle(Instant.MIN);
        return observed(present(ca), leaf, List.of(bundle, bundle));
    }

    private static Observed observed(Stored<CaMaterial> ca, Stored<CertifiedKey> leaf, List<CaBundle> trusted) {
        return new Observed(trusted.stream().map(CertPlanTest::present).toList(), leaf, ca, List.of());
    }

    private static Stored<CaMaterial> ca(CertifiedKey signer, X509Certificate... retired) {
        return present(new CaMaterial(signer, List.of(retired)));
    }

    private static CaBundle bundle(CertifiedKey... authorities) {
        return new CaBundle(
                Stream.of(authorities).map(CertifiedKey::certificate).toList());
    }

    private static <T> Stored<T> present(T value) {
        return new Stored.Present<>(value);
    }
}
