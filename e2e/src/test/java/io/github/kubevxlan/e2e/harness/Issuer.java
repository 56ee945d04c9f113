package io.github.kubevxlan.e2e.harness;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Issues certificates for the webhook as somebody else than the product would: with openssl. */
public final class Issuer {
    private static final String SERVICE = Cluster.WEBHOOK + "." + Cluster.SYSTEM + ".svc";

    private final Path folder;
    private final Path ca;
    private final Path caKey;

    /** A certificate and its key, in PEM. */
    public record Pair(String certificate, String key) {
        /** When the certificate ends, in seconds since 1970. */
        public long until() {
            try {
                CertificateFactory factory = CertificateFactory.getInstance("X.509");
                ByteArrayInputStream pem = new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII));
                X509Certificate parsed = (X509Certificate) factory.generateCertificate(pem);
                return parsed.getNotAfter().toInstant().getEpochSecond();
            } catch (CertificateException e) {
                throw new AssertionError("openssl made no certificate: " + certificate, e);
            }
        }
    }

    /** An authority of that name; its files go to a folder of it in {@code parent}. */
    public Issuer(Path parent, String name) {
        this.folder = made(parent.resolve(name));
        this.ca = folder.resolve("ca.crt");
        this.caKey = folder.resolve("ca.key");
        issue(caKey, ca, "/CN=" + name, 9, List.of());
    }

    /** The authority's certificate in PEM. */
    public String authority() {
        return read(ca);
    }

    /** The authority as a certificate with its key, for one who is to sign by it. */
    public Pair authorityPair() {
        return new Pair(read(ca), read(caKey));
    }

    /** A new certificate for the webhook's Service, which lives for so many days. */
    public Pair pair(int days) {
        Path key = folder.resolve("tls.key");
        Path certificate = folder.resolve("tls.crt");
        issue(
                key,
                certificate,
                "/CN=webhook",
                days,
                List.of("-CA", ca.toString(), "-CAkey", caKey.toString(), "-addext", "subjectAltName=DNS:" + SERVICE));
        return new Pair(read(certificate), read(key));
    }

    /** A certificate for the webhook's Service by its own key, valid for so many days from a time as {@code -10d}. */
    public static Pair selfSigned(Path folder, String start, int days) {
        String store = folder.resolve("store" + start).toString();
        Client.run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                "tls",
                "-dname",
                "CN=webhook",
                "-ext",
                "san=dns:" + SERVICE,
                "-startdate",
                start,
                "-validity",
                Integer.toString(days),
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store);
        String[] read = {"openssl", "pkcs12", "-in", store, "-passin", "pass:changeit", "-nodes"};
        String both = Client.run(read);
        return new Pair(part(both, "CERTIFICATE"), part(both, "PRIVATE KEY"));
    }

    private static String part(String pem, String what) {
        String end = "-----END " + what + "-----";
        return pem.substring(pem.indexOf("-----BEGIN " + what), pem.indexOf(end) + end.length()) + "\n";
    }

    private static void issue(Path key, Path certificate, String subject, int days, List<String> more) {
        List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-newkey", "ec", "-nodes"));
        command.addAll(List.of("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", subject, "-days", "" + days));
        command.addAll(List.of("-keyout", key.toString(), "-out", certificate.toString()));
        command.addAll(more);
        Client.run(command.toArray(String[]::new));
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectory(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
