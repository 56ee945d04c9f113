package io.github.kubevxlan.certs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.junit.jupiter.api.Test;

class CertAuthorityTest {
    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final List<String> NAMES = Names.ofService("webhook", "kube-system");

    private final TestClock clock = new TestClock();
    private final CertAuthority authority = new CertAuthority(clock, new SecureRandom());
    private final CertifiedKey ca = authority.issueCa(Duration.ofDays(365));
    private final CertifiedKey leaf = authority.issueLeaf(ca, NAMES, Duration.ofDays(90));

    @Test
    void issuesAnAuthorityThatMaySignEndCertificatesAndNothingElse() {
        X509Certificate certificate = ca.certificate();

        assertEquals(0, certificate.getBasicConstraints());
        assertEquals(List.of(5, 6), usages(certificate));
        assertTrue(certificate.getCriticalExtensionOIDs().containsAll(Set.of("2.5.29.15", "2.5.29.19")));
        assertEquals(certificate.getSubjectX500Principal(), certificate.getIssuerX500Principal());
    }

    @Test
    void issuesAServingCertificateForTheServiceAndNothingElse() throws Exception {
        X509Certificate certificate = leaf.certificate();

        assertEquals(-1, certificate.getBasicConstraints());
        assertEquals(List.of(0), usages(certificate));
        assertEquals(List.of(SERVER_AUTH), certificate.getExtendedKeyUsage());
        assertEquals(
                Set.of("webhook.kube-system.svc", "webhook.kube-system.svc.cluster.local"), Names.dns(certificate));
    }

    @Test
    void usesKeysOnP256AndSerialsOfAtMostTwentyBytes() {
        for (X509Certificate certificate : List.of(ca.certificate(), leaf.certificate())) {
            ECPublicKey key = (ECPublicKey) certificate.getPublicKey();
            assertEquals(256, key.getParams().getCurve().getField().getFieldSize());
            assertEquals("SHA256withECDSA", certificate.getSigAlgName());
            assertEquals(1, certificate.getSerialNumber().signum());
            assertTrue(certificate.getSerialNumber().toByteArray().length <= 20);
        }
        assertNotEquals(ca.certificate().getSerialNumber(), leaf.certificate().getSerialNumber());
    }

    @Test
    void linksTheServingCertificateToItsAuthorityByKeyIdentifier() {
        SubjectKeyIdentifier subject =
                SubjectKeyIdentifier.getInstance(extension(ca.certificate(), SUBJECT_KEY_IDENTIFIER));
        AuthorityKeyIdentifier issuer =
                AuthorityKeyIdentifier.getInstance(extension(leaf.certificate(), AUTHORITY_KEY_IDENTIFIER));

        assertArrayEquals(subject.getKeyIdentifier(), issuer.getKeyIdentifierOctets());
    }

    @Test
    void beginsALittleInThePastAndEndsAfterTheLifeAskedFor() {
        Instant now = clock.instant();

        assertEquals(new Validity(now.minusSeconds(300), now.plus(Duration.ofDays(90))), leaf.validity());
        CertifiedKey oneMinute = authority.issueLeaf(ca, NAMES, Duration.ofMinutes(1));
        assertEquals(new Validity(now.minusSeconds(6), now.plusSeconds(60)), oneMinute.validity());
    }

    @Test
    void issuesNothingThatOutlivesItsAuthority() {
        clock.moveTo(ca.validity().until().minusSeconds(60));

        assertEquals(
                ca.validity().until(),
                authority.issueLeaf(ca, NAMES, Duration.ofDays(90)).validity().until());
    }

    @Test
    void satisfiesThePathValidationOfTheJdkUntilItExpires() throws Exception {
        validate(leaf, ca, clock.instant());
        validate(leaf, ca, leaf.validity().until());

        assertThrows(
                CertPathValidatorException.class,
                () -> validate(leaf, ca, leaf.validity().until().plusSeconds(1)));
        CertifiedKey otherCa = authority.issueCa(Duration.ofDays(365));
        assertThrows(CertPathValidatorException.class, () -> validate(leaf, otherCa, clock.instant()));
    }

    @Test
    void printsNoPrivateKey() {
        String key = Pem.encode(ca.key());
        String secret =
                new SecretData(java.util.Optional.of("1"), SecretKeys.of(new CaMaterial(ca, List.of()))).toString();

        for (String printed : List.of(
                ca.toString(),
                new CaMaterial(ca, List.of()).toString(),
                new Decision.RenewLeaf("why", ca).toString(),
                new Stored.Present<>(ca).toString(),
                secret)) {
            assertFalse(printed.contains(key.substring(30, 60)), printed);
            assertFalse(printed.contains("PRIVATE"), printed);
        }
        assertTrue(ca.toString().endsWith("key redacted]"), ca.toString());
        assertTrue(secret.contains("version=1"), secret);
    }

    private static void validate(CertifiedKey leaf, CertifiedKey ca, Instant at) throws Exception {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(leaf.chain());
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ca.certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }

    private static List<Integer> usages(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return java.util.stream.IntStream.range(0, usage.length)
                .filter(bit -> usage[bit])
                .boxed()
                .toList();
    }

    private static byte[] extension(X509Certificate certificate, String oid) {
        return ASN1OctetString.getInstance(certificate.getExtensionValue(oid)).getOctets();
    }
}
