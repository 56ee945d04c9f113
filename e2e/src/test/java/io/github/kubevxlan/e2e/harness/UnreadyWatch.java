package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** Sees every pod of a namespace that was ready once and turns unready, from when it begins until it is closed. */
public final class UnreadyWatch implements AutoCloseable {
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final Queue<String> changes = new ConcurrentLinkedQueue<>();
    private final Predicate<Pod> mayTurn;
    private final String namespace;
    private final Watch watch;

    /**
     * Begins.
     *
     * @param mayTurn whether a pod may be unready now; called for each change of an unready pod, by another thread
     */
    public UnreadyWatch(String namespace, Predicate<Pod> mayTurn) {
        this.namespace = namespace;
        this.mayTurn = mayTurn;
        watch = Cluster.client().pods().inNamespace(namespace).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                seen(pod);
            }

            @Override
            public void onClose(WatcherException cause) {
                changes.add("the watch broke: " + cause);
            }
        });
    }

    /** Waits until the watch has seen every pod as it is now; gives a line for each change that was not allowed. */
    public List<String> changes() {
        Await.until(
                "the watch has seen all pods of " + namespace,
                () -> Cluster.client().pods().inNamespace(namespace).list().getItems().stream()
                        .filter(pod -> !pod.getMetadata().getResourceVersion().equals(versions.get(uid(pod))))
                        .map(pod -> "not yet " + pod.getMetadata().getName())
                        .findFirst());
        return List.copyOf(changes);
    }

    @Override
    public void close() {
        watch.close();
    }

    private void seen(Pod pod) {
        Optional<String> unready = Pods.notReady(pod);
        if (unready.isPresent() && !mayTurn.test(pod)) {
            changes.add("%s, P/ready %s".formatted(unready.get(), Status.ready(pod)));
        }
        versions.put(uid(pod), pod.getMetadata().getResourceVersion());
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
