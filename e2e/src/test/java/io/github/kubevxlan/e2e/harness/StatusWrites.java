package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** How often each pod's status annotation or readiness condition changed, by what the API server tells who watches. */
public final class StatusWrites implements AutoCloseable {
    private final Map<String, Written> byPod = new ConcurrentHashMap<>();
    private final Watch watch;

    private record Written(String what, int times) {}

    /** Counts for all pods of a namespace from now on. */
    public StatusWrites(String namespace) {
        watch = Cluster.client().pods().inNamespace(namespace).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                if (action == Action.ADDED || action == Action.MODIFIED) {
                    seen(pod);
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                byPod.put("the watch", new Written("closed: " + cause, Integer.MAX_VALUE));
            }
        });
    }

    /** The writes since the count began, by the pods' names. */
    public Map<String, Integer> counts() {
        return byPod.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().times()));
    }

    @Override
    public void close() {
        watch.close();
    }

    /** The first event of a pod tells what is there. */
    private void seen(Pod pod) {
        String now = Status.of(pod) + " " + Status.ready(pod);
        byPod.merge(
                pod.getMetadata().getName(),
                new Written(now, 0),
                (before, _) -> before.what().equals(now) ? before : new Written(now, before.times() + 1));
    }
}
