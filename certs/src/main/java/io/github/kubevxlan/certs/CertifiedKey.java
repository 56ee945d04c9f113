package io.github.kubevxlan.certs;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Is a private key with its certificate, that first, and the certificates that lead towards a root, if any. Prints
 * without the key.
 */
public record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {
    public CertifiedKey {
        chain = List.copyOf(chain);
    }

    /**
     * Decodes a certificate chain and its key, as in a Secret of type {@code kubernetes.io/tls}.
     *
     * @param where what is read, for the message: {@code Secret kube-system/x}
     * @throws DamagedPem if one of them can't be read, or the key is not the first certificate's
     */
    public static CertifiedKey parse(String where, byte[] chainPem, byte[] keyPem) throws DamagedPem {
        CertifiedKey pair = new CertifiedKey(
                Pem.certificates(where + ", certificate", chainPem), Pem.privateKey(where + ", key", keyPem));
        if (!pair.matches()) {
            throw new DamagedPem(where, "the private key does not belong to the certificate");
        }
        return pair;
    }

    /** The certificate of the key itself. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    Validity validity() {
        return Validity.of(certificate());
    }

    /** The JCA name of the signature that such a key makes. */
    static String signatureAlgorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }

    private boolean matches() {
        byte[] probe = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(signatureAlgorithm(key));
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certificate().getPublicKey());
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "CertifiedKey[" + Names.of(certificate()) + ", key redacted]";
    }
}
