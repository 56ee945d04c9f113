package io.github.kubevxlan.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    private static final CertAuthority AUTHORITY = new CertAuthority(new TestClock(), new SecureRandom());
    private static final CertifiedKey CA = AUTHORITY.issueCa(Duration.ofDays(1));
    private static final String CERTIFICATE = Pem.encode(CA.certificate());
    private static final String KEY = Pem.encode(CA.key());

    @Test
    void givesBackTheCertificatesThatWereEncodedInTheirOrder() throws DamagedPem {
        List<X509Certificate> certificates =
                List.of(CA.certificate(), AUTHORITY.issueCa(Duration.ofDays(1)).certificate());

        assertEquals(certificates, Pem.certificates("test", ascii(Pem.encode(certificates))));
    }

    @Test
    void readsCertificatesBetweenOtherTextAndWithAnyLineEnds() throws DamagedPem {
        String text = "subject=a-b\r\n" + CERTIFICATE.replace("\n", "\r\n") + "-- next --\n" + CERTIFICATE;

        assertEquals(List.of(CA.certificate(), CA.certificate()), Pem.certificates("test", ascii(text)));
    }

    static Stream<Arguments> damagedCertificates() {
        return Stream.of(
                Arguments.of("", "x: holds no -----BEGIN CERTIFICATE-----"),
                Arguments.of("oops", "x: holds no -----BEGIN CERTIFICATE-----"),
                Arguments.of(KEY, "x: holds no -----BEGIN CERTIFICATE-----"),
                Arguments.of(CERTIFICATE.substring(0, 200), "x, certificate 1: has no -----END CERTIFICATE-----"),
                Arguments.of(
                        CERTIFICATE + CERTIFICATE.replaceFirst("MII", "AAA"),
                        "x, certificate 2: is no X.509 certificate in base64"),
                Arguments.of(
                        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
                        "x, certificate 1: is no X.509 certificate in base64"),
                Arguments.of(
                        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
                        "x, certificate 1: is no X.509 certificate in base64"),
                Arguments.of("a".repeat(200_000), "x: has 200000 bytes; at most 131072 are read"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("damagedCertificates")
    void saysWhereCertificatesAreDamaged(String pem, String message) {
        DamagedPem damage = assertThrows(DamagedPem.class, () -> Pem.certificates("x", ascii(pem)));

        assertEquals(message, damage.getMessage());
    }

    static Stream<Arguments> damagedKeys() {
        return Stream.of(
                Arguments.of("", "x: holds no unencrypted private key (-----BEGIN PRIVATE KEY-----)"),
                Arguments.of(CERTIFICATE, "x: holds no unencrypted private key (-----BEGIN PRIVATE KEY-----)"),
                Arguments.of(KEY.replaceFirst("M", "A"), "x: holds a private key that can't be read"),
                Arguments.of(KEY.substring(0, 100), "x: holds a private key that can't be read"),
                Arguments.of("a".repeat(20_000), "x: has 20000 bytes; at most 16384 are read"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("damagedKeys")
    void saysWhereAKeyIsDamagedAndNotWhatItIs(String pem, String message) {
        DamagedPem damage = assertThrows(DamagedPem.class, () -> Pem.privateKey("x", ascii(pem)));

        assertEquals(message, damage.getMessage());
        assertEquals(null, damage.getCause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void readsKeysOfEachKindInPkcs8(String algorithm) throws Exception {
        PrivateKey key =
                KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();

        assertEquals(key, Pem.privateKey("x", ascii(Pem.encode(key))));
    }

    @Test
    void readsEcKeysInTheOlderFormOfOpenSsl() throws Exception {
        ECPrivateKey key = (ECPrivateKey) CA.key();
        byte[] sec1 = new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), SECObjectIdentifiers.secp256r1)
                .getEncoded();

        ECPrivateKey read = (ECPrivateKey) Pem.privateKey("x", pem("EC PRIVATE KEY", sec1));

        assertEquals(key.getS(), read.getS());
    }

    @Test
    void readsRsaKeysInTheOlderFormOfOpenSsl() throws Exception {
        PrivateKey key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        byte[] pkcs1 = PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();

        assertEquals(key, Pem.privateKey("x", pem("RSA PRIVATE KEY", pkcs1)));
    }

    @Test
    void refusesAKeyThatBelongsToAnotherCertificate() {
        String otherKey = Pem.encode(AUTHORITY.issueCa(Duration.ofDays(1)).key());

        DamagedPem damage =
                assertThrows(DamagedPem.class, () -> CertifiedKey.parse("x", ascii(CERTIFICATE), ascii(otherKey)));

        assertEquals("x: the private key does not belong to the certificate", damage.getMessage());
    }

    @Test
    void refusesAKeyOfAnotherKindThanTheCertificate() throws Exception {
        String rsa =
                Pem.encode(KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate());

        assertThrows(DamagedPem.class, () -> CertifiedKey.parse("x", ascii(CERTIFICATE), ascii(rsa)));
    }

    private static byte[] pem(String label, byte[] der) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(label, der));
        }
        return ascii(text.toString());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
