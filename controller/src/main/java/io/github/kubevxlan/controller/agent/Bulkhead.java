package io.github.kubevxlan.controller.agent;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many agents are called at once, overall and on each node. A pod whose last round trip failed is unhealthy,
 * and waits in a partition of its own, a quarter of the whole: pods that hang take places from those that answer for one
 * deadline at most.
 */
final class Bulkhead {
    private final Partition healthy;
    private final Partition unhealthy;
    private final Set<String> unhealthyPods = ConcurrentHashMap.newKeySet();

    /** What is done while a place is held. */
    interface Work<T> {
        T run() throws AgentException, InterruptedException;
    }

    /** A node's places, and how many pods have or await one. */
    private static final class Node {
        final Semaphore places;
        int users;

        Node(int places) {
            this.places = new Semaphore(places, true);
        }
    }

    private record Partition(Semaphore all, int perNode, Map<String, Node> nodes) {
        static Partition of(int all, int perNode) {
            return new Partition(new Semaphore(all, true), perNode, new HashMap<>());
        }

        <T> T through(String name, Work<T> work) throws AgentException, InterruptedException {
            Node node = enter(name);
            try {
                node.places.acquire();
                try {
                    all.acquire();
                    try {
                        return work.run();
                    } finally {
                        all.release();
                    }
                } finally {
                    node.places.release();
                }
            } finally {
                leave(name);
            }
        }

        private Node enter(String name) {
            synchronized (nodes) {
                Node node = nodes.computeIfAbsent(name, _ -> new Node(perNode));
                node.users++;
                return node;
            }
        }

        private void leave(String name) {
            synchronized (nodes) {
                if (--Objects.requireNonNull(nodes.get(name)).users == 0) {
                    nodes.remove(name);
                }
            }
        }

        int size() {
            synchronized (nodes) {
                return nodes.size();
            }
        }
    }

    Bulkhead(Limits limits) {
        healthy = Partition.of(
                limits.execs() - quarter(limits.execs()), limits.execsPerNode() - quarter(limits.execsPerNode()));
        unhealthy = Partition.of(quarter(limits.execs()), quarter(limits.execsPerNode()));
    }

    /** Does the work once there is a place, and remembers how it went. */
    <T> T through(String node, String uid, Work<T> work) throws AgentException, InterruptedException {
        try {
            T result = (unhealthyPods.contains(uid) ? unhealthy : healthy).through(node, work);
            unhealthyPods.remove(uid);
            return result;
        } catch (AgentException e) {
            unhealthyPods.add(uid);
            throw e;
        }
    }

    /** How many nodes something is kept of: those that a pod has or awaits a place of. */
    int nodes() {
        return healthy.size() + unhealthy.size();
    }

    void forget(String uid) {
        unhealthyPods.remove(uid);
    }

    private static int quarter(int whole) {
        return Math.max(1, whole / 4);
    }
}
