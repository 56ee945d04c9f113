package io.github.kubevxlan.certs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Encodes and decodes certificates and private keys as PEM (RFC 7468). Text between the blocks is ignored. */
public final class Pem {
    /** The most bytes to read as certificates: far more than any bundle has, far less than memory allows. */
    public static final int MAX_CERTIFICATES_BYTES = 128 * 1024;

    /** The most bytes that are read as a private key. */
    public static final int MAX_KEY_BYTES = 16 * 1024;

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----([^-]*)(-----END CERTIFICATE-----)?");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    /** Encodes a certificate as one {@code CERTIFICATE} block that ends with a line feed. */
    public static String encode(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("not encodable: " + certificate.getSubjectX500Principal(), e);
        }
    }

    /** Encodes certificates in their order, one block after another; the empty list gives empty text. */
    public static String encode(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        certificates.forEach(certificate -> text.append(encode(certificate)));
        return text.toString();
    }

    /** Encodes a private key, unencrypted, as one {@code PRIVATE KEY} block (PKCS #8, RFC 5958). */
    public static String encode(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    /**
     * Decodes every certificate in {@code pem}, in order, at least one.
     *
     * @param where what is read, for the message: {@code Secret kube-system/x, tls.crt}
     * @throws DamagedPem if there is none, one can't be read, or there are more than {@value #MAX_CERTIFICATES_BYTES}
     *     bytes
     */
    public static List<X509Certificate> certificates(String where, byte[] pem) throws DamagedPem {
        Matcher blocks = CERTIFICATE.matcher(text(where, pem, MAX_CERTIFICATES_BYTES));
        List<X509Certificate> certificates = new ArrayList<>();
        while (blocks.find()) {
            String place = where + ", certificate " + (certificates.size() + 1);
            if (blocks.group(2) == null) {
                throw new DamagedPem(place, "has no -----END CERTIFICATE-----");
            }
            certificates.add(certificate(place, blocks.group(1)));
        }
        if (certificates.isEmpty()) {
            throw new DamagedPem(where, "holds no -----BEGIN CERTIFICATE-----");
        }
        return List.copyOf(certificates);
    }

    /**
     * Decodes the first private key in {@code pem}: PKCS #8, SEC 1 ({@code EC PRIVATE KEY}) or PKCS #1
     * ({@code RSA PRIVATE KEY}), not encrypted.
     *
     * @param where what is read, for the message
     * @throws DamagedPem if there is none, it can't be read, or there are more than {@value #MAX_KEY_BYTES} bytes
     */
    public static PrivateKey privateKey(String where, byte[] pem) throws DamagedPem {
        String text = text(where, pem, MAX_KEY_BYTES);
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
                if (found instanceof PrivateKeyInfo pkcs8) {
                    return converter.getPrivateKey(pkcs8);
                }
                if (found instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            // The cause may quote the key, so it goes no further.
            throw new DamagedPem(where, "holds a private key that can't be read");
        }
        throw new DamagedPem(where, "holds no unencrypted private key (-----BEGIN PRIVATE KEY-----)");
    }

    private static X509Certificate certificate(String where, String base64) throws DamagedPem {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (IllegalArgumentException | CertificateException unreadable) {
            throw new DamagedPem(where, "is no X.509 certificate in base64");
        }
    }

    private static String text(String where, byte[] pem, int maxBytes) throws DamagedPem {
        if (pem.length > maxBytes) {
            throw new DamagedPem(where, "has " + pem.length + " bytes; at most " + maxBytes + " are read");
        }
        return new String(pem, StandardCharsets.ISO_8859_1);
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
