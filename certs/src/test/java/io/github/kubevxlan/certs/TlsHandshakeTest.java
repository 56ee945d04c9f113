package io.github.kubevxlan.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real handshakes over loopback, the client checking the host name as an API server does. */
class TlsHandshakeTest {
    private static final char[] PASSWORD = "none".toCharArray();
    private static final String HOST = "webhook.kube-system.svc";

    private final CertAuthority authority = new CertAuthority(Clock.systemUTC(), new SecureRandom());
    private final CertifiedKey oldCa = authority.issueCa(Duration.ofHours(2));
    private final CertifiedKey newCa = authority.issueCa(Duration.ofHours(2));

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void succeedsByEitherAuthorityOfABundle(String protocol) throws Exception {
        List<X509Certificate> bundle = reread(newCa.certificate(), oldCa.certificate());

        assertEquals(protocol, handshake(serving(oldCa), bundle, HOST, protocol));
        assertEquals(protocol, handshake(serving(newCa), bundle, HOST, protocol));
    }

    @Test
    void failsForAnotherHost() {
        assertThrows(
                SSLHandshakeException.class,
                () -> handshake(serving(oldCa), reread(oldCa.certificate()), "other.kube-system.svc", "TLSv1.3"));
    }

    @Test
    void failsByAnAuthorityThatIsNotInTheBundle() {
        assertThrows(
                SSLHandshakeException.class,
                () -> handshake(serving(newCa), reread(oldCa.certificate()), HOST, "TLSv1.3"));
    }

    private CertifiedKey serving(CertifiedKey ca) throws DamagedPem {
        CertifiedKey leaf = authority.issueLeaf(ca, Names.ofService("webhook", "kube-system"), Duration.ofHours(1));
        return CertifiedKey.parse(
                "test",
                Pem.encode(leaf.chain()).getBytes(StandardCharsets.US_ASCII),
                Pem.encode(leaf.key()).getBytes(StandardCharsets.US_ASCII));
    }

    private static List<X509Certificate> reread(X509Certificate... authorities) throws DamagedPem {
        return CaBundle.parse("test", new CaBundle(List.of(authorities)).pem()).authorities();
    }

    private static String handshake(CertifiedKey serving, List<X509Certificate> trusted, String host, String protocol)
            throws Exception {
        SSLContext serverContext = SSLContext.getInstance("TLS");
        serverContext.init(keyManagers(serving).getKeyManagers(), null, null);
        SSLContext clientContext = SSLContext.getInstance("TLS");
        clientContext.init(null, trustManagers(trusted).getTrustManagers(), null);
        InetAddress loopback = InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1});
        try (SSLServerSocket server =
                (SSLServerSocket) serverContext.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
            CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> answer(server));
            try (SSLSocket client =
                    (SSLSocket) clientContext.getSocketFactory().createSocket(loopback, server.getLocalPort())) {
                SSLParameters parameters = client.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                parameters.setProtocols(new String[] {protocol});
                client.setSSLParameters(parameters);
                client.startHandshake();
                answering.join();
                return client.getSession().getProtocol();
            }
        }
    }

    private static void answer(SSLServerSocket server) {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.startHandshake();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyManagerFactory keyManagers(CertifiedKey serving) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setKeyEntry("serving", serving.key(), PASSWORD, serving.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        return factory;
    }

    private static TrustManagerFactory trustManagers(List<X509Certificate> trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        for (X509Certificate certificate : trusted) {
            store.setCertificateEntry(certificate.getSerialNumber().toString(), certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory;
    }
}
