package io.github.kubevxlan.controller.agent;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Who may be talked to at once: so many overall, so many of a node. A pod whose last round trip failed waits in a lane of
 * its own, a quarter of the whole: pods that hang take places from those that answer for one deadline at most.
 */
final class Lanes {
    private final Lane sound;
    private final Lane suspect;
    private final Set<String> suspects = ConcurrentHashMap.newKeySet();

    /** What is done while a place is held. */
    interface Work<T> {
        T run() throws AgentException, InterruptedException;
    }

    private record Lane(Semaphore all, int perNode, Map<String, Semaphore> nodes) {
        static Lane of(int all, int perNode) {
            return new Lane(new Semaphore(all, true), perNode, new ConcurrentHashMap<>());
        }

        <T> T through(String name, Work<T> work) throws AgentException, InterruptedException {
            Semaphore node = nodes.computeIfAbsent(name, _ -> new Semaphore(perNode, true));
            node.acquire();
            try {
                all.acquire();
                try {
                    return work.run();
                } finally {
                    all.release();
                }
            } finally {
                node.release();
            }
        }
    }

    Lanes(Limits limits) {
        sound = Lane.of(
                limits.execs() - quarter(limits.execs()), limits.execsPerNode() - quarter(limits.execsPerNode()));
        suspect = Lane.of(quarter(limits.execs()), quarter(limits.execsPerNode()));
    }

    /** Does the work once there is a place, and remembers how it went. */
    <T> T through(String node, String uid, Work<T> work) throws AgentException, InterruptedException {
        try {
            T result = (suspects.contains(uid) ? suspect : sound).through(node, work);
            suspects.remove(uid);
            return result;
        } catch (AgentException e) {
            suspects.add(uid);
            throw e;
        }
    }

    void forget(String uid) {
        suspects.remove(uid);
    }

    private static int quarter(int whole) {
        return Math.max(1, whole / 4);
    }
}
