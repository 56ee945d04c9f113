package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.Controller;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One controller's informers: a cache, and events that are on their way to it, each kind in order. */
final class SimulatedWatch {
    private final SimulatedCluster cluster;
    private final Controller controller;
    private final Map<String, Seen> cache = new TreeMap<>();
    private final Queue<PodEvent> podEvents = new ArrayDeque<>();
    private final Queue<Runnable> otherEvents = new ArrayDeque<>();
    private Map<String, String> defined = Map.of();
    private Definitions definitions = Definitions.absent(SimulatedCluster.DEFAULTS);
    private Runnable listener = () -> {};
    private int toBeLost;
    private boolean podsNext;

    /** A labelled pod as an event shows it. */
    record Seen(PodSnapshot pod, boolean deleted) {
        static Seen of(SimulatedPod pod) {
            return new Seen(pod.snapshot(), pod.deleting);
        }
    }

    private record PodEvent(Seen seen, boolean gone) {}

    SimulatedWatch(SimulatedCluster cluster, Controller controller) {
        this.cluster = cluster;
        this.controller = controller;
    }

    /** The pods that it shows. */
    List<Seen> seen() {
        return List.copyOf(cache.values());
    }

    /** The definitions that it shows. */
    Definitions definitions() {
        return definitions;
    }

    /** Has it say when it shows something new. */
    void listen(Runnable next) {
        listener = next;
    }

    void pod(Seen seen, boolean gone) {
        if (toBeLost > 0) {
            toBeLost--;
        } else {
            podEvents.add(new PodEvent(seen, gone));
        }
    }

    void namespace(String name, Map<String, String> annotations) {
        otherEvents.add(() -> controller.annotate(name, () -> Optional.of(annotations)));
    }

    void definitions(Map<String, String> configMap, Definitions definitions) {
        otherEvents.add(() -> define(configMap, definitions));
    }

    private void define(Map<String, String> configMap, Definitions next) {
        defined = configMap;
        definitions = next;
        controller.define(next);
        listener.run();
    }

    /** The connection breaks: that many events of pods never come, until the next list. */
    void lose(int events) {
        toBeLost = events;
    }

    /** Delivers one event, if one is on its way; those of pods and the others come by connections of their own. */
    boolean deliver() {
        podsNext = !podsNext;
        return podsNext ? deliverPod() || deliverOther() : deliverOther() || deliverPod();
    }

    private boolean deliverOther() {
        Runnable other = otherEvents.poll();
        if (other != null) {
            other.run();
        }
        return other != null;
    }

    private boolean deliverPod() {
        PodEvent event = podEvents.poll();
        if (event != null) {
            apply(event.seen(), event.gone());
        }
        return event != null;
    }

    void deliverAll() {
        while (deliver()) {}
    }

    /** Lists anew: events that are on their way are not needed any more. */
    void list() {
        toBeLost = 0;
        podEvents.clear();
        otherEvents.clear();
        if (!cluster.configMap().equals(defined)) {
            define(cluster.configMap(), cluster.definitions());
        }
        cluster.namespaces().forEach((name, annotations) -> controller.annotate(name, () -> Optional.of(annotations)));
        Map<String, Seen> there = new LinkedHashMap<>();
        cluster.pods().stream().filter(pod -> pod.labelled).forEach(pod -> there.put(pod.key(), Seen.of(pod)));
        // in the client's order
        there.values().forEach(seen -> apply(seen, false));
        for (Seen gone : List.copyOf(cache.values())) {
            if (!there.containsKey(key(gone))) {
                apply(gone, true);
            }
        }
    }

    /** Tells of a pod that nothing happened to. */
    void repeat(String key) {
        Seen known = cache.get(key);
        if (known != null) {
            tell(known);
        }
    }

    private void apply(Seen seen, boolean gone) {
        @Nullable Seen before = gone ? cache.remove(key(seen)) : cache.put(key(seen), seen);
        if (before != null && !before.pod().ref().equals(seen.pod().ref())) {
            tell(before);
        }
        tell(seen);
        listener.run();
    }

    private void tell(Seen seen) {
        controller.changed(
                seen.pod(),
                seen.deleted(),
                () -> Optional.ofNullable(cache.get(key(seen))).map(Seen::pod));
    }

    private static String key(Seen seen) {
        return seen.pod().ref().namespace() + "/" + seen.pod().ref().name();
    }
}
