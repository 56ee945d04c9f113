package io.github.kubevxlan.certs;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Is the next step to do, or nothing for now. */
sealed interface Decision {
    /** Create a new authority; {@code retired} are those that stay trusted beside it. */
    record RotateCa(String reason, List<X509Certificate> retired) implements Decision {}

    /** Let every webhook entry trust exactly this bundle. */
    record Publish(CaBundle bundle) implements Decision {}

    /** Have {@code signer} issue a new serving certificate. */
    record RenewLeaf(String reason, CertifiedKey signer) implements Decision {}

    /** Change nothing, and check again at {@code nextCheck} at the latest. */
    record Keep(Instant nextCheck) implements Decision {}
}
