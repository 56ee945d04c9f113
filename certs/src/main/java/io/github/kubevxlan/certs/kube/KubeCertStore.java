package io.github.kubevxlan.certs.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.certs.CaBundle;
import io.github.kubevxlan.certs.CertStore;
import io.github.kubevxlan.certs.SecretData;
import io.github.kubevxlan.certs.Snapshot;
import io.github.kubevxlan.certs.Snapshot.WebhookConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps certificates in the Kubernetes API. For one keeper in one thread. */
public final class KubeCertStore implements CertStore {
    private static final Logger LOG = LoggerFactory.getLogger(KubeCertStore.class);

    private final SecretStore caSecret;
    private final SecretStore tlsSecret;
    private final List<CaBundlePatcher> patchers;
    private List<WebhookRef> missing = List.of();

    /**
     * Names the objects.
     *
     * @param caSecret for the controller, which signs, alone to read: it holds the authority's key
     * @param tlsSecret for the webhook, which serves, to read too
     * @param webhooks whose entries must trust; one that does not exist is passed over until it does
     */
    public record Objects(String namespace, String caSecret, String tlsSecret, List<WebhookRef> webhooks) {
        public Objects {
            webhooks = List.copyOf(webhooks);
        }
    }

    public KubeCertStore(KubernetesClient client, Objects objects) {
        this.caSecret = new SecretStore(client, objects.namespace(), objects.caSecret(), "Opaque");
        this.tlsSecret = new SecretStore(client, objects.namespace(), objects.tlsSecret(), "kubernetes.io/tls");
        this.patchers = objects.webhooks().stream()
                .map(ref -> new CaBundlePatcher(client, ref))
                .toList();
    }

    @Override
    public Snapshot read() {
        List<WebhookConfig> webhooks = new ArrayList<>();
        List<WebhookRef> notFound = new ArrayList<>();
        for (CaBundlePatcher patcher : patchers) {
            Optional<WebhookConfig> config = patcher.read();
            config.ifPresentOrElse(webhooks::add, () -> notFound.add(patcher.ref()));
        }
        warnAbout(notFound);
        SecretData tls = tlsSecret.read();
        return new Snapshot(webhooks, tls, caSecret.read());
    }

    @Override
    public void writeCa(Snapshot seen, Map<String, byte[]> data) throws Conflict {
        caSecret.write(seen.ca(), data);
    }

    @Override
    public void writeTls(Snapshot seen, Map<String, byte[]> data) throws Conflict {
        tlsSecret.write(seen.tls(), data);
    }

    @Override
    public void publish(Snapshot seen, CaBundle bundle) throws Conflict {
        for (CaBundlePatcher patcher : patchers) {
            for (WebhookConfig config : seen.webhooks()) {
                if (config.name().equals(patcher.ref().toString())) {
                    patcher.publish(config, bundle);
                }
            }
        }
    }

    private void warnAbout(List<WebhookRef> notFound) {
        if (!notFound.isEmpty() && !notFound.equals(missing)) {
            LOG.warn(
                    "Not found: {}; the controller keeps the certificates and sets the caBundle once it exists",
                    notFound);
        }
        missing = List.copyOf(notFound);
    }
}
