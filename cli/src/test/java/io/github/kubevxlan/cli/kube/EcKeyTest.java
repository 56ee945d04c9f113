package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcKeyTest {
    private static final String PARAMETERS =
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void aKeyInPkcs8IsOneByItsAlgorithm(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        String pem = pem("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());

        assertEquals(Optional.of(pem), EcKey.first(pem));
        assertEquals(Optional.of(pem), EcKey.first(PARAMETERS + pem + "\nand more"));
    }

    @Test
    void aKeyInSec1IsOneByItsName() {
        String pem = pem("EC PRIVATE KEY", new byte[121]);

        assertEquals(Optional.of(pem), EcKey.first(pem));
        assertEquals(Optional.of(pem), EcKey.first(PARAMETERS + pem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "Ed25519"})
    void aKeyOfAnotherKindIsNone(String kind) throws GeneralSecurityException {
        byte[] key = KeyPairGenerator.getInstance(kind)
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String rsa = pem("RSA PRIVATE KEY", key);

        assertEquals(Optional.empty(), EcKey.first(pem("PRIVATE KEY", key)));
        assertEquals(Optional.empty(), EcKey.first(rsa + "\n" + pem("EC PRIVATE KEY", key)), "only the first counts");
        assertEquals(Optional.empty(), EcKey.first(pem("ENCRYPTED PRIVATE KEY", key)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN EC PRIVATE KEY-----\nMHcC",
                "-----BEGIN PRIVATE KEY-----\nM\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n=\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END PRIVATE KEY-----",
            })
    void whatIsMalformedIsNone(String pem) {
        assertEquals(Optional.empty(), EcKey.first(pem));
    }

    private static String pem(String what, byte[] content) {
        String lines = Base64.getMimeEncoder().encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----";
    }
}
