package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** Sees every pod of a namespace that was ready once and turns unready, from when it begins until it is closed. */
public final class UnreadyWatch implements AutoCloseable {
    private final Queue<String> changes = new ConcurrentLinkedQueue<>();
    private final Predicate<Pod> mayTurn;
    private final SeenPods seen;
    private final Watch watch;

    /**
     * Begins.
     *
     * @param mayTurn whether a pod may be unready now; called for each change of an unready pod, by another thread
     */
    public UnreadyWatch(String namespace, Predicate<Pod> mayTurn) {
        this.seen = new SeenPods(namespace);
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
        seen.awaitAll();
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
        seen.add(pod);
    }
}
