package io.github.kubevxlan.certs;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Is a set of trusted authorities in a fixed order, as in the {@code caBundle} of a webhook. Each occurs once. */
public record CaBundle(List<X509Certificate> authorities) {
    /**
     * The most authorities that a bundle keeps. Only somebody who deletes the authority's Secret again and again causes
     * more.
     */
    public static final int MAX_AUTHORITIES = 16;

    public CaBundle {
        authorities = authorities.stream().distinct().toList();
    }

    /**
     * Merges bundles in the given order; drops authorities that have expired at {@code now}, and those beyond the
     * limit.
     */
    public static CaBundle merge(Instant now, Collection<X509Certificate> authorities) {
        return new CaBundle(authorities.stream()
                .filter(authority -> !Validity.of(authority).isOver(now))
                .distinct()
                .limit(MAX_AUTHORITIES)
                .toList());
    }

    /**
     * Decodes a bundle.
     *
     * @param where what is read, for the message
     * @throws DamagedPem as {@link Pem#certificates}
     */
    public static CaBundle parse(String where, byte[] pem) throws DamagedPem {
        return new CaBundle(Pem.certificates(where, pem));
    }

    /** Encodes the bundle as PEM; {@link #parse} gives it back. */
    public byte[] pem() {
        return Pem.encode(authorities).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return authorities.stream().map(Names::of).toList().toString();
    }
}
