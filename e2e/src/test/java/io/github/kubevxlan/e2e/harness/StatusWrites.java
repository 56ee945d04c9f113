package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** How often each pod's status annotation or readiness condition changed, by what the API server tells who watches. */
public final class StatusWrites implements AutoCloseable {
    private final Map<String, Written> byPod = new ConcurrentHashMap<>();
    private final Set<String> waits = ConcurrentHashMap.newKeySet();
    private final SeenPods seen;
    private final Watch watch;

    private record Written(String what, int times) {}

    /** Counts for all pods of a namespace from now on. */
    public StatusWrites(String namespace) {
        this.seen = new SeenPods(namespace);
        watch = Cluster.client().pods().inNamespace(namespace).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                if (action == Action.ADDED || action == Action.MODIFIED) {
                    count(pod);
                    seen.add(pod);
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                byPod.put("the watch", new Written("closed: " + cause, Integer.MAX_VALUE));
            }
        });
    }

    /**
     * The writes since the count began, by the pods' names. PeersPending is not counted: how many pods wait that long depends on the
     * machine. Waits until the watch has seen all pods as they are now.
     */
    public Map<String, Integer> counts() {
        seen.awaitAll();
        return byPod.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().times()));
    }

    /** How many pods got PeersPending. */
    public int waits() {
        return waits.size();
    }

    @Override
    public void close() {
        watch.close();
    }

    /** The first event of a pod tells what is there. */
    private void count(Pod pod) {
        String name = pod.getMetadata().getName();
        if (pod.getStatus().getConditions().stream().anyMatch(one -> "PeersPending".equals(one.getReason()))) {
            waits.add(name);
            return;
        }
        String now = Status.of(pod) + " " + Status.ready(pod);
        byPod.merge(
                name,
                new Written(now, 0),
                (before, _) -> before.what().equals(now) ? before : new Written(now, before.times() + 1));
    }
}
