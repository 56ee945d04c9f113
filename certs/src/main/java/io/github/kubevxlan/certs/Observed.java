package io.github.kubevxlan.certs;

import static io.github.kubevxlan.certs.SecretKeys.CA_CERTIFICATE;
import static io.github.kubevxlan.certs.SecretKeys.CA_KEY;
import static io.github.kubevxlan.certs.SecretKeys.RETIRED;
import static io.github.kubevxlan.certs.SecretKeys.TLS_CERTIFICATE;
import static io.github.kubevxlan.certs.SecretKeys.TLS_KEY;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Is a parsed snapshot.
 *
 * @param trusted what each webhook entry trusts; empty if there is no webhook
 * @param salvage every certificate that can be read where a trusted authority is kept, for the case that the authority
 *     is lost; may be empty, may repeat
 */
record Observed(
        List<Stored<CaBundle>> trusted,
        Stored<CertifiedKey> leaf,
        Stored<CaMaterial> ca,
        List<X509Certificate> salvage) {

    static Observed of(Snapshot snapshot) {
        List<Stored<CaBundle>> trusted = snapshot.webhooks().stream()
                .flatMap(config -> config.caBundles().stream().map(pem -> bundle(config.name(), pem)))
                .toList();
        List<X509Certificate> salvage = new ArrayList<>();
        Stream.of(
                        snapshot.ca().get(CA_CERTIFICATE),
                        snapshot.ca().get(RETIRED),
                        snapshot.tls().get(CA_CERTIFICATE))
                .map(pem -> bundle("salvage", pem))
                .forEach(bundle -> collect(bundle, salvage));
        trusted.forEach(bundle -> collect(bundle, salvage));
        return new Observed(trusted, leaf(snapshot.tls()), ca(snapshot.ca()), List.copyOf(salvage));
    }

    private static void collect(Stored<CaBundle> bundle, List<X509Certificate> into) {
        if (bundle instanceof Stored.Present<CaBundle>(CaBundle found)) {
            into.addAll(found.authorities());
        }
    }

    private static Stored<CaBundle> bundle(String where, byte[] pem) {
        return pem.length == 0 ? new Stored.None<>() : held(() -> CaBundle.parse(where, pem));
    }

    private static Stored<CertifiedKey> leaf(SecretData tls) {
        // A Secret with nothing in it is as good as none: some tools create it empty and wait.
        return tls.get(TLS_CERTIFICATE).length == 0 && tls.get(TLS_KEY).length == 0
                ? new Stored.None<>()
                : held(() -> CertifiedKey.parse("serving certificate", tls.get(TLS_CERTIFICATE), tls.get(TLS_KEY)));
    }

    private static Stored<CaMaterial> ca(SecretData ca) {
        return ca.data().isEmpty()
                ? new Stored.None<>()
                : held(() -> {
                    CertifiedKey signer = CertifiedKey.parse("authority", ca.get(CA_CERTIFICATE), ca.get(CA_KEY));
                    if (signer.certificate().getBasicConstraints() < 0) {
                        throw new DamagedPem("authority", "the certificate may not sign others (basicConstraints)");
                    }
                    byte[] retired = ca.get(RETIRED);
                    return new CaMaterial(
                            signer, retired.length == 0 ? List.of() : Pem.certificates("retired authorities", retired));
                });
    }

    private static <T> Stored<T> held(Parser<T> parser) {
        try {
            return new Stored.Present<>(parser.parse());
        } catch (DamagedPem damaged) {
            return new Stored.Damaged<>(String.valueOf(damaged.getMessage()));
        }
    }

    private interface Parser<T> {
        T parse() throws DamagedPem;
    }
}
