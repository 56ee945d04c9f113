package io.github.kubevxlan.webhook.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.common.cluster.WatchAges;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.webhook.ClusterView;
import io.github.kubevxlan.webhook.NamespaceFacts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Watches definitions and namespaces for the webhook. */
public final class ClusterWatch implements ClusterView, AutoCloseable {
    /** How long the watch may be behind the request that made a namespace. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final NetworkDefinitions definitions;
    private final Namespaces namespaces;
    private final MembersNote members;
    private final WatchAges ages;

    /** Begins to watch. The client stays the caller's; {@code ages} are those of its watches. */
    public ClusterWatch(KubernetesClient client, CommonConfig config, WatchAges ages) {
        this(client, config, ages, PATIENCE);
    }

    ClusterWatch(KubernetesClient client, CommonConfig config, WatchAges ages, Duration patience) {
        this.ages = ages;
        members = new MembersNote(client, config);
        definitions = new NetworkDefinitions(client, config);
        namespaces = new Namespaces(client, config, patience);
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
    public Optional<NamespaceFacts> namespace(String name) {
        return namespaces.facts(name);
    }

    @Override
    public void awaitNamespace(String name) throws InterruptedException {
        namespaces.await(name);
    }

    @Override
    public Map<String, Duration> ages() {
        return ages.byResource();
    }

    @Override
    public boolean hasMembers() {
        return members.hasMembers();
    }

    @Override
    public void close() {
        members.close();
        namespaces.close();
        definitions.close();
    }
}
