package io.github.kubevxlan.controller.report;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many Events may be written. A pod has a budget of its own, so has a namespace, so has the cluster: a pod whose
 * agent says something else each time uses up its own, and a namespace full of them the namespace's. For use by one
 * thread at a time.
 */
final class EventBudgets {
    private static final int MOST_OF_POD = 10;
    private static final Duration OF_POD_EVERY = Duration.ofMinutes(1);
    private static final int MOST_OF_NAMESPACE = 50;
    private static final Duration OF_NAMESPACE_EVERY = Duration.ofSeconds(1);
    private static final int MOST = 100;
    private static final Duration EVERY = Duration.ofMillis(200);

    private final Map<String, Budget> pods = bounded(4096);
    private final Map<String, Budget> namespaces = bounded(1024);
    private final Budget cluster;

    EventBudgets(Duration start) {
        cluster = new Budget(MOST, EVERY, start);
    }

    /** Takes one for a pod from each budget, if each has one; what is no warning is bounded by the pod's alone. */
    boolean take(String uid, String namespace, boolean warning, Duration now) {
        Budget ofPod = pods.computeIfAbsent(uid, _ -> new Budget(MOST_OF_POD, OF_POD_EVERY, now));
        Budget ofNamespace =
                namespaces.computeIfAbsent(namespace, _ -> new Budget(MOST_OF_NAMESPACE, OF_NAMESPACE_EVERY, now));
        if (!has(ofPod, now) || (warning && !(has(ofNamespace, now) && has(cluster, now)))) {
            return false;
        }
        ofPod.take(now);
        if (warning) {
            ofNamespace.take(now);
            cluster.take(now);
        }
        return true;
    }

    private static boolean has(Budget budget, Duration now) {
        return budget.wait(now).isZero();
    }

    /** The key that was asked for longest ago is forgotten first, and starts with a full budget again. */
    private static Map<String, Budget> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Budget> eldest) {
                return size() > most;
            }
        };
    }
}
