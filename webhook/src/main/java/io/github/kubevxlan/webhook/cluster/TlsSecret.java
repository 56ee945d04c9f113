package io.github.kubevxlan.webhook.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.certs.SecretKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands on the certificate and key of a Secret of type {@code kubernetes.io/tls}, now and whenever it changes. */
final class TlsSecret implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsSecret.class);

    private final ObjectWatch<Secret> watch;

    TlsSecret(KubernetesClient client, String namespace, String name, BiConsumer<byte[], byte[]> pair) {
        watch = ObjectWatch.start(
                client.secrets().inNamespace(namespace).withName(name),
                secret -> pair.accept(octets(secret, SecretKeys.TLS_CERTIFICATE), octets(secret, SecretKeys.TLS_KEY)),
                secret -> LOG.warn("Secret {}/{} is gone; the certificate in use stays", namespace, name));
    }

    @Override
    public void close() {
        watch.close();
    }

    private static byte[] octets(Secret secret, String key) {
        Map<String, String> data = Optional.ofNullable(secret.getData()).orElse(Map.of());
        return Base64.getDecoder().decode(data.getOrDefault(key, "").getBytes(StandardCharsets.US_ASCII));
    }
}
