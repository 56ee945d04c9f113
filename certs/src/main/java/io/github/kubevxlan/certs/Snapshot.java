package io.github.kubevxlan.certs;

import java.util.List;

/** Is the content of the cluster, read in the order of the components. */
public record Snapshot(List<WebhookConfig> webhooks, SecretData tls, SecretData ca) {
    public Snapshot {
        webhooks = List.copyOf(webhooks);
    }

    /**
     * Is one webhook configuration that exists.
     *
     * @param name kind and name, unique in a snapshot
     * @param version what a later write must still find
     * @param caBundles PEM, one for each webhook in it, in its order; empty where none is set
     */
    public record WebhookConfig(String name, String version, List<byte[]> caBundles) {
        public WebhookConfig {
            caBundles = List.copyOf(caBundles);
        }
    }
}
