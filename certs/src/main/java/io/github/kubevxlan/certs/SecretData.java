package io.github.kubevxlan.certs;

import java.util.Map;
import java.util.Optional;

/**
 * Is the content of one Secret. Its text contains no values.
 *
 * @param version what a later write must still find; empty if the Secret does not exist
 * @param data the values by key; empty if the Secret does not exist
 */
public record SecretData(Optional<String> version, Map<String, byte[]> data) {
    /** No such Secret. */
    public static final SecretData ABSENT = new SecretData(Optional.empty(), Map.of());

    public SecretData {
        data = Map.copyOf(data);
    }

    byte[] get(String key) {
        return data.getOrDefault(key, new byte[0]);
    }

    @Override
    public String toString() {
        return "SecretData[version=" + version.orElse("none") + ", keys=" + data.keySet() + "]";
    }
}
