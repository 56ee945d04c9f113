package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.agent.Limits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many pods are worked on at once, overall and on each node, and keeps what does not answer from taking the
 * places of what does.
 *
 * <p>A pod whose last attempt failed is unhealthy. A node that left several pods in a row without an answer is unhealthy,
 * whichever pods these are. Work on either is a probe, and at most a quarter of all places is for probes. An unhealthy node
 * is probed by one pod at a time, and by one more that is healthy; on a healthy node unhealthy pods have a quarter of its
 * places. A node that answers is healthy at once, and its pods are trusted again; a pod that was trusted again and fails
 * then has to settle by itself. A pod that failed for want of an API server is as healthy as before; it may be
 * tried again when any agent answers, once until it answers itself.
 *
 * <p>A sixteenth of the places is kept for new pods that nothing is known against. While the first calls to a lost zone run
 * into their deadline, which may be all other places, new pods elsewhere have these.
 */
final class Bulkhead {
    private static final int UNANSWERED_UNTIL_UNHEALTHY = 3;

    private final int places;
    private final int placesPerNode;
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, String> nodeByUnhealthyPod = new HashMap<>();
    private final Set<String> forgiven = new HashSet<>();
    private final Set<String> cutOff = new HashSet<>();
    private int taken;
    private int takenByNewPods;
    private int probes;

    private static final class Node {
        int taken;
        int takenByUnhealthy;
        /** Pods that did not answer since any of its pods did. */
        final Set<String> unanswered = new HashSet<>();

        int taken(boolean unhealthy) {
            return unhealthy ? takenByUnhealthy : taken - takenByUnhealthy;
        }

        boolean isHealthy() {
            return unanswered.size() < UNANSWERED_UNTIL_UNHEALTHY;
        }
    }

    /** The unhealthy pods of a node, or its healthy ones. */
    private record OfNode(Bulkhead bulkhead, String node, boolean unhealthy) implements Partition {
        @Override
        public boolean isOpen(Priority priority) {
            return bulkhead.isOpen(this, priority);
        }

        @Override
        public Place enter(Priority priority) {
            return bulkhead.enter(this, priority);
        }
    }

    Bulkhead(Limits limits) {
        places = limits.execs();
        placesPerNode = limits.execsPerNode();
    }

    /** The partition that a pod of a node is in now. */
    synchronized Partition partition(String node, String uid) {
        return new OfNode(this, node, nodeByUnhealthyPod.containsKey(uid));
    }

    private synchronized boolean isOpen(OfNode partition, Priority priority) {
        Node node = nodes.get(partition.node());
        if (taken >= places || (node != null && node.taken >= placesPerNode)) {
            return false;
        }
        boolean probe = isProbe(partition, node);
        if (!probe && priority == Priority.NEW_POD) {
            return true;
        }
        if (taken - takenByNewPods >= places - places / 16) {
            return false;
        }
        if (!probe) {
            return true;
        }
        int most = node == null || node.isHealthy() ? quarter(placesPerNode) : 1;
        return probes < quarter(places) && (node == null || node.taken(partition.unhealthy()) < most);
    }

    private static boolean isProbe(OfNode partition, @Nullable Node node) {
        return partition.unhealthy() || (node != null && !node.isHealthy());
    }

    private synchronized Partition.Place enter(OfNode partition, Priority priority) {
        Node node = nodes.computeIfAbsent(partition.node(), _ -> new Node());
        boolean probe = isProbe(partition, node);
        boolean newPod = !probe && priority == Priority.NEW_POD;
        count(node, partition, 1);
        probes += probe ? 1 : 0;
        takenByNewPods += newPod ? 1 : 0;
        return () -> leave(node, partition, probe, newPod);
    }

    private synchronized void leave(Node node, OfNode partition, boolean probe, boolean newPod) {
        count(node, partition, -1);
        probes -= probe ? 1 : 0;
        takenByNewPods -= newPod ? 1 : 0;
        dropIfUnused(partition.node(), node);
    }

    private void count(Node node, OfNode partition, int by) {
        taken += by;
        node.taken += by;
        node.takenByUnhealthy += partition.unhealthy() ? by : 0;
    }

    /**
     * A pod's agent answered; gives the pods that may be tried at once: those that are trusted again since their node
     * answers, and those that failed for want of an API server.
     */
    synchronized Set<String> answered(String nodeName, String uid) {
        nodeByUnhealthyPod.remove(uid);
        forgiven.remove(uid);
        return reached(nodeName, uid);
    }

    /** A pod's agent answered, and the attempt failed all the same, which speaks for the node alone; gives the same. */
    synchronized Set<String> unsettled(String nodeName, String uid) {
        nodeByUnhealthyPod.remove(uid);
        Set<String> trusted = reached(nodeName, uid);
        nodeByUnhealthyPod.put(uid, nodeName);
        return trusted;
    }

    private Set<String> reached(String nodeName, String uid) {
        cutOff.remove(uid);
        Set<String> trusted = new HashSet<>(cutOff);
        trusted.removeIf(pod -> !forgiven.add(pod));
        cutOff.clear();
        Node node = nodes.get(nodeName);
        if (node != null) {
            boolean recovers = !node.isHealthy();
            node.unanswered.clear();
            dropIfUnused(nodeName, node);
            if (recovers) {
                trusted.addAll(forgive(nodeName));
            }
        }
        return trusted;
    }

    private Set<String> forgive(String nodeName) {
        Set<String> trusted = new HashSet<>();
        nodeByUnhealthyPod.forEach((uid, node) -> {
            if (node.equals(nodeName) && forgiven.add(uid)) {
                trusted.add(uid);
            }
        });
        nodeByUnhealthyPod.keySet().removeAll(trusted);
        return trusted;
    }

    /** A pod's agent did not answer, which may be its node's fault. */
    synchronized void unanswered(String nodeName, String uid) {
        nodeByUnhealthyPod.put(uid, nodeName);
        nodes.computeIfAbsent(nodeName, _ -> new Node()).unanswered.add(uid);
    }

    /** A pod's agent could not be used, which says nothing of its node. */
    synchronized void failed(String nodeName, String uid) {
        nodeByUnhealthyPod.put(uid, nodeName);
    }

    /** There was no way to the API server, which says nothing of a pod and its node. */
    synchronized void cutOff(String uid) {
        cutOff.add(uid);
    }

    /** Drops what is known of a pod. */
    synchronized void forget(String uid) {
        forgiven.remove(uid);
        cutOff.remove(uid);
        String nodeName = nodeByUnhealthyPod.remove(uid);
        if (nodeName != null && nodes.containsKey(nodeName)) {
            Node node = Objects.requireNonNull(nodes.get(nodeName));
            node.unanswered.remove(uid);
            dropIfUnused(nodeName, node);
        }
    }

    /** How many nodes something is kept of. */
    synchronized int nodes() {
        return nodes.size();
    }

    private void dropIfUnused(String nodeName, Node node) {
        if (node.taken == 0 && node.unanswered.isEmpty()) {
            nodes.remove(nodeName, node);
        }
    }

    private static int quarter(int whole) {
        return Math.max(1, whole / 4);
    }
}
