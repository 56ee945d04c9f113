package io.github.kubevxlan.certs;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Is a set of trusted authorities in a fixed order, as in the {@code caBundle} of a webhook. Each occurs once. */
public record CaBundle(List<X509Certificate> authorities) {
    /** The most authorities that are kept: more come only of deleting the authority's Secret again and again. */
    public static final int MAX_AUTHORITIES = 16;

    public CaBundle {
        authorities = authorities.stream().distinct().toList();
    }

    /** Merges in the order given: what has expired at {@code now} is dropped, and what exceeds the limit at the end. */
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
