package io.github.kubevxlan.certs;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names the keys in the two Secrets, and fills them. */
public final class SecretKeys {
    /** Serving certificate and its chain, as in every Secret of type {@code kubernetes.io/tls}. */
    public static final String TLS_CERTIFICATE = "tls.crt";

    /** Key of the serving certificate. */
    public static final String TLS_KEY = "tls.key";

    /** In both Secrets: the authority that signed the serving certificate, or signs the next one. */
    public static final String CA_CERTIFICATE = "ca.crt";

    /** Key of the authority. */
    static final String CA_KEY = "ca.key";

    /** Authorities that sign no more and are still trusted. Absent if there is none. */
    static final String RETIRED = "retired.crt";

    private SecretKeys() {}

    static Map<String, byte[]> of(CaMaterial ca) {
        Map<String, byte[]> data = new LinkedHashMap<>();
        data.put(CA_CERTIFICATE, ascii(Pem.encode(ca.signer().certificate())));
        data.put(CA_KEY, ascii(Pem.encode(ca.signer().key())));
        if (!ca.retired().isEmpty()) {
            data.put(RETIRED, ascii(Pem.encode(ca.retired())));
        }
        return data;
    }

    static Map<String, byte[]> of(CertifiedKey leaf, CertifiedKey signer) {
        return Map.of(
                TLS_CERTIFICATE, ascii(Pem.encode(leaf.chain())),
                TLS_KEY, ascii(Pem.encode(leaf.key())),
                CA_CERTIFICATE, ascii(Pem.encode(signer.certificate())));
    }

    private static byte[] ascii(String pem) {
        return pem.getBytes(StandardCharsets.US_ASCII);
    }
}
