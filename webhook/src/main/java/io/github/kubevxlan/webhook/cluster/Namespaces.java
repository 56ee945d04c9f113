package io.github.kubevxlan.webhook.cluster;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.webhook.NamespaceFacts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Facts about namespaces that concern their pods' networks and agents. */
final class Namespaces implements AutoCloseable {
    private final Keys keys;
    private final Duration patience;
    private final Map<String, NamespaceFacts> facts = new HashMap<>();
    private final List<ObjectWatch<Namespace>> watches;

    /** Waits so long for a namespace that isn't known. */
    Namespaces(KubernetesClient client, CommonConfig config, Duration patience) {
        this.keys = config.keys();
        this.patience = patience;
        watches = watched(client, config.watchNamespaces())
                .map(namespaces -> ObjectWatch.start(namespaces, this::put, this::remove))
                .toList();
    }

    /** A watch for each that was chosen: a right to read some can't be used to read all. */
    private static Stream<Informable<Namespace>> watched(KubernetesClient client, List<String> chosen) {
        return chosen.isEmpty()
                ? Stream.of(client.namespaces())
                : chosen.stream().map(client.namespaces()::withName);
    }

    boolean isSynced() {
        return watches.stream().allMatch(ObjectWatch::isSynced);
    }

    /** What a namespace says; empty if it isn't known. */
    synchronized Optional<NamespaceFacts> facts(String namespace) {
        return Optional.ofNullable(facts.get(namespace));
    }

    /** Waits a moment for one that isn't known. */
    synchronized void await(String namespace) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        long left = patience.toMillis();
        while (!facts.containsKey(namespace) && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    @Override
    public void close() {
        watches.forEach(ObjectWatch::close);
    }

    private synchronized void put(Namespace namespace) {
        ObjectMeta metadata = namespace.getMetadata();
        facts.put(
                metadata.getName(),
                NamespaceFacts.of(keys, orNone(metadata.getLabels()), orNone(metadata.getAnnotations())));
        notifyAll();
    }

    private synchronized void remove(Namespace namespace) {
        facts.remove(namespace.getMetadata().getName());
    }

    private static Map<String, String> orNone(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
