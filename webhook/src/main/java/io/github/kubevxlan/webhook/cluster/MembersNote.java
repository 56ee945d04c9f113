package io.github.kubevxlan.webhook.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.CommonConfig;
import java.util.Map;
import java.util.Optional;

/** Whether pods are members, by what the controller notes on a Lease: the webhook has no right to look at pods. */
final class MembersNote implements AutoCloseable {
    private final Keys keys;
    private final ObjectWatch<Lease> watch;
    private volatile boolean hasMembers;

    MembersNote(KubernetesClient client, CommonConfig config) {
        keys = config.keys();
        watch = ObjectWatch.start(
                client.leases().inNamespace(config.namespace()).withName(Keys.NETWORKS_LEASE),
                this::read,
                _ -> hasMembers = false);
    }

    /** Also as long as nobody knows. */
    boolean hasMembers() {
        return hasMembers || !watch.isSynced();
    }

    @Override
    public void close() {
        watch.close();
    }

    private void read(Lease lease) {
        hasMembers = "true"
                .equals(Optional.ofNullable(lease.getMetadata().getAnnotations())
                        .orElse(Map.of())
                        .get(keys.members()));
    }
}
