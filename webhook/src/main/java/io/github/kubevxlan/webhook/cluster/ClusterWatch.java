package io.github.kubevxlan.webhook.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.webhook.ClusterView;
import io.github.kubevxlan.webhook.TlsReloader;
import java.util.Map;
import java.util.Optional;

/** Watches what the webhook needs: definitions, namespaces, and the Secret with its certificate. */
public final class ClusterWatch implements ClusterView, AutoCloseable {
    private final NetworkDefinitions definitions;
    private final Namespaces namespaces;
    private final TlsSecret tlsSecret;

    /** Begins to watch; the certificates that come go to {@code tls}. The client stays the caller's. */
    public ClusterWatch(KubernetesClient client, CommonConfig config, String tlsSecret, TlsReloader tls) {
        definitions = new NetworkDefinitions(client, config);
        namespaces = new Namespaces(client, config.keys());
        String where = "Secret " + config.namespace() + "/" + tlsSecret;
        this.tlsSecret =
                new TlsSecret(client, config.namespace(), tlsSecret, (chain, key) -> tls.offer(where, chain, key));
    }

    @Override
    public boolean isSynced() {
        return definitions.isSynced() && namespaces.isSynced();
    }

    @Override
    public Definitions definitions() {
        return definitions.current();
    }

    @Override
    public Optional<Map<String, String>> namespaceAnnotations(String namespace) throws InterruptedException {
        return namespaces.annotations(namespace);
    }

    @Override
    public void close() {
        tlsSecret.close();
        namespaces.close();
        definitions.close();
    }
}
