package io.github.kubevxlan.webhook;

import io.github.kubevxlan.certs.CertifiedKey;
import io.github.kubevxlan.certs.DamagedPem;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the newest valid certificate. New connections use a new pair; open ones continue with the old one. An unusable
 * pair changes nothing.
 */
public final class TlsReloader {
    private static final Logger LOG = LoggerFactory.getLogger(TlsReloader.class);

    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private volatile @Nullable List<X509Certificate> serving;

    public TlsReloader() {
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        factory.setSslContext(context());
    }

    /** What the server's connector asks for each connection's TLS. */
    SslContextFactory.Server factory() {
        return factory;
    }

    /** Runs what starts the server, and the factory with it: that fails if a pair is taken meanwhile, so that one waits. */
    synchronized void start(Runnable server) {
        server.run();
    }

    /** Tells whether there has been a good pair. */
    public boolean isLoaded() {
        return serving != null;
    }

    /** When the certificate in use expires. */
    public Optional<Instant> notAfter() {
        return Optional.ofNullable(serving)
                .map(chain -> chain.getFirst().getNotAfter().toInstant());
    }

    /**
     * Takes a pair into use if it is good and new.
     *
     * @param where it comes from, for the log
     * @param chain certificates in PEM, the server's own first
     * @param key its private key in PEM
     */
    public synchronized void offer(String where, byte[] chain, byte[] key) {
        try {
            CertifiedKey pair = CertifiedKey.parse(where, chain, key);
            if (!pair.chain().equals(serving)) {
                SSLContext context = context(new OneKey(pair));
                factory.reload(reloaded -> reloaded.setSslContext(context));
                serving = pair.chain();
                LOG.info(
                        "{}: certificate in use, valid until {}",
                        where,
                        pair.certificate().getNotAfter().toInstant());
            }
        } catch (DamagedPem e) {
            LOG.error("{}: no usable certificate, the one in use stays: {}", where, e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException("TLS can't be reloaded", e);
        }
    }

    private static SSLContext context(KeyManager... managers) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS in this Java", e);
        }
    }
}
