package io.github.kubevxlan.webhook;

import io.github.kubevxlan.certs.CertAuthority;
import io.github.kubevxlan.certs.CertifiedKey;
import io.github.kubevxlan.certs.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority with certificates for localhost, and what a client needs to trust them. */
public final class TestTls {
    private final CertAuthority authority;
    private final CertifiedKey ca;

    public TestTls() {
        this(InstantSource.system());
    }

    private TestTls(InstantSource clock) {
        authority = new CertAuthority(clock, new SecureRandom());
        ca = authority.issueCa(Duration.ofHours(1));
    }

    /** One whose certificates have all ended. */
    static TestTls ofYesterday() {
        return new TestTls(InstantSource.offset(InstantSource.system(), Duration.ofDays(-1)));
    }

    CertifiedKey pair() {
        return pair(Duration.ofMinutes(30));
    }

    /** A new certificate that lives so long, at most an hour. */
    public CertifiedKey pair(Duration life) {
        return authority.issueLeaf(ca, List.of("localhost"), life);
    }

    /** The same with the authority's certificate in its chain. */
    CertifiedKey withAuthority(CertifiedKey pair) {
        return new CertifiedKey(List.of(pair.certificate(), ca.certificate()), pair.key());
    }

    static void offer(TlsReloader tls, CertifiedKey pair) {
        tls.offer("test", ascii(Pem.encode(pair.chain())), ascii(Pem.encode(pair.key())));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The authority's certificate as a kubeconfig has it. */
    public String authorityData() {
        return Base64.getEncoder().encodeToString(ascii(Pem.encode(ca.chain())));
    }

    /** What a server for localhost needs. */
    public SSLContext server() throws GeneralSecurityException, IOException {
        CertifiedKey pair = pair();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", pair.key(), new char[0], pair.chain().toArray(new X509Certificate[0]));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    SSLContext client() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", ca.certificate());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
