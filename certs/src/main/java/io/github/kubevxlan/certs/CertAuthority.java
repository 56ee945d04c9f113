package io.github.kubevxlan.certs;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues authorities and serving certificates with new ECDSA keys on P-256 (RFC 5280, RFC 5480). */
public final class CertAuthority {
    private static final int SERIAL_BITS = 128;

    private final InstantSource clock;
    private final SecureRandom random;

    public CertAuthority(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /**
     * Issues a self-signed authority, which may sign end certificates only.
     *
     * @param life how long it lives from now on; it begins a little in the past
     */
    public CertifiedKey issueCa(Duration life) {
        Instant now = clock.instant();
        Validity validity = new Validity(now.minus(Lifetimes.backdate(life)), now.plus(life));
        // No two authorities share a name, so that no verifier tries the wrong one of a bundle.
        X500Principal name = new X500Principal(
                "CN=kube-vxlan-controller CA " + HexFormat.of().toHexDigits(random.nextLong()));
        try {
            KeyPair keys = newKeys();
            JcaX509v3CertificateBuilder builder = builder(name, validity, name, keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            AuthorityKeyIdentifier self = new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(keys.getPublic());
            builder.addExtension(Extension.authorityKeyIdentifier, false, self);
            return new CertifiedKey(List.of(sign(builder, keys.getPrivate())), keys.getPrivate());
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("can't issue an authority", e);
        }
    }

    /**
     * Issues a certificate with which a server proves to be any of {@code dnsNames}.
     *
     * @param signer the authority; what it signs never outlives it
     * @param life how long the certificate lives from now on, at most; it begins a little in the past
     */
    public CertifiedKey issueLeaf(CertifiedKey signer, List<String> dnsNames, Duration life) {
        Instant now = clock.instant();
        Validity wanted = new Validity(now.minus(Lifetimes.backdate(life)), now.plus(life));
        X500Principal issuer = signer.certificate().getSubjectX500Principal();
        X500Principal subject = new X500Principal("CN=kube-vxlan-controller webhook");
        GeneralName[] names = dnsNames.stream()
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new);
        try {
            KeyPair keys = newKeys();
            JcaX509v3CertificateBuilder builder =
                    builder(issuer, wanted.within(signer.validity()), subject, keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            AuthorityKeyIdentifier authority =
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(signer.certificate());
            builder.addExtension(Extension.authorityKeyIdentifier, false, authority);
            return new CertifiedKey(List.of(sign(builder, signer.key())), keys.getPrivate());
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("can't issue a certificate with " + signer, e);
        }
    }

    private JcaX509v3CertificateBuilder builder(
            X500Principal issuer, Validity validity, X500Principal subject, PublicKey key)
            throws CertIOException, GeneralSecurityException {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer, newSerial(), Date.from(validity.from()), Date.from(validity.until()), subject, key);
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
        return builder;
    }

    private X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        ContentSigner signer = new JcaContentSignerBuilder(CertifiedKey.signatureAlgorithm(key))
                .setSecureRandom(random)
                .build(key);
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private BigInteger newSerial() {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS);
    }
}
