package io.github.kubevxlan.certs;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads and makes the names in certificates. */
public final class Names {
    private static final int DNS = 2;

    private Names() {}

    /** The names by which a cluster calls a Service over TLS; the first is the one that API servers use. */
    public static List<String> ofService(String service, String namespace) {
        String name = service + "." + namespace + ".svc";
        return List.of(name, name + ".cluster.local");
    }

    /** The DNS names for which a certificate is good (RFC 5280, 4.2.1.6); empty if it names none. */
    static Set<String> dns(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? Set.of()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(DNS))
                            .map(name -> (String) name.get(1))
                            .collect(Collectors.toUnmodifiableSet());
        } catch (CertificateParsingException unreadable) {
            return Set.of();
        }
    }

    /** A certificate in a few words for people: subject and time. */
    static String of(X509Certificate certificate) {
        Validity validity = Validity.of(certificate);
        return certificate.getSubjectX500Principal().getName() + ", " + validity.from() + " to " + validity.until();
    }
}
