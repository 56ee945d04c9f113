package io.github.kubevxlan.cli.kube;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the EC key of a client certificate. Of a PEM file the Kubernetes client reads the first block alone, and takes a key in
 * PKCS #8 for an RSA key.
 */
public final class EcKey {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN (?<form>(?:[A-Z0-9]+ )*)PRIVATE KEY-----\\s+(?<key>[A-Za-z0-9+/=\\s]+)-----END"
                    + " \\k<form>PRIVATE KEY-----");

    private static final String SEC1 = "EC ";
    private static final String PKCS8 = "";

    /** The object identifier 1.2.840.10045.2.1 (RFC 5480, section 2.1.1), as an element. */
    private static final String ON_CURVE = "06072a8648ce3d0201";
    /** The algorithm comes before the key, after three elements that take this many bytes at most (RFC 5958, section 2). */
    private static final int ALGORITHM_WITHIN = 32;

    private EcKey() {}

    /**
     * The first private key of a PEM file, if it is on an elliptic curve: that block alone, in SEC 1 (RFC 5915, section 3) or in
     * PKCS #8, as it is there; empty if it is another key, or there is none.
     */
    public static Optional<String> first(String pem) {
        Matcher block = PRIVATE_KEY.matcher(pem);
        if (!block.find()) {
            return Optional.empty();
        }
        boolean isOnCurve = switch (block.group("form")) {
            case SEC1 -> true;
            case PKCS8 -> isOnCurve(block.group("key"));
            default -> false;
        };
        return Optional.of(block.group()).filter(_ -> isOnCurve);
    }

    private static boolean isOnCurve(String key) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(key);
            return HexFormat.of()
                    .formatHex(bytes, 0, Math.min(bytes.length, ALGORITHM_WITHIN))
                    .contains(ON_CURVE);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
