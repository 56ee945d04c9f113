package io.github.kubevxlan.webhook.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.certs.SecretKeys;
import io.github.kubevxlan.webhook.TlsFeed;
import io.github.kubevxlan.webhook.TlsReloader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands on the certificate and key of a Secret of type {@code kubernetes.io/tls}, now and whenever it changes. */
public final class TlsSecret implements TlsFeed {
    private static final Logger LOG = LoggerFactory.getLogger(TlsSecret.class);

    private final ObjectWatch<Secret> watch;

    /** Begins to watch; the certificates that come go to {@code tls}. The client stays the caller's. */
    public TlsSecret(KubernetesClient client, String namespace, String name, TlsReloader tls) {
        String where = "Secret " + namespace + "/" + name;
        watch = ObjectWatch.start(
                client.secrets().inNamespace(namespace).withName(name),
                secret ->
                        tls.offer(where, bytes(secret, SecretKeys.TLS_CERTIFICATE), bytes(secret, SecretKeys.TLS_KEY)),
                secret -> LOG.warn("{} is gone; the certificate in use stays", where));
    }

    @Override
    public void close() {
        watch.close();
    }

    private static byte[] bytes(Secret secret, String key) {
        Map<String, String> data = Optional.ofNullable(secret.getData()).orElse(Map.of());
        return Base64.getDecoder().decode(data.getOrDefault(key, "").getBytes(StandardCharsets.US_ASCII));
    }
}
