package io.github.kubevxlan.certs;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Is the authority that signs now, and its predecessors, which are still trusted but have no key any more.
 *
 * @param retired latest first; may be empty
 */
record CaMaterial(CertifiedKey signer, List<X509Certificate> retired) {
    CaMaterial {
        retired = List.copyOf(retired);
    }

    /** All that must be trusted, the signer first. */
    CaBundle bundle(Instant now) {
        return CaBundle.merge(
                now,
                Stream.concat(Stream.of(signer.certificate()), retired.stream()).toList());
    }
}
