package io.github.kubevxlan.cli.kube;

import io.github.kubevxlan.cli.doctor.Facts.Validity;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;

/** Certificates in the objects of the API. */
final class Certificates {
    private Certificates() {}

    /** When they hold: of several in one text the one that ends last; empty if there is none that can be read. */
    static Optional<Validity> validity(String base64OfPem) {
        try {
            byte[] pem = Base64.getDecoder().decode(base64OfPem);
            return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                    .map(X509Certificate.class::cast)
                    .map(certificate -> new Validity(
                            certificate.getNotBefore().toInstant(),
                            certificate.getNotAfter().toInstant()))
                    .max(Comparator.comparing(Validity::to));
        } catch (CertificateException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
