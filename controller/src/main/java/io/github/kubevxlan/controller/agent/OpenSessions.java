package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The sessions that are open, by their pods' UIDs: a bounded number, of which those leave that are needed last. */
final class OpenSessions {
    private static final Duration BETWEEN_STEPS = Duration.ofMillis(200);
    /** Nobody who goes over many members comes back to one later than this. */
    private static final Duration BETWEEN_SCANS = Duration.ofSeconds(15);

    private final int most;
    private final Ticker ticker;
    private final Map<String, PooledSession> pool = new HashMap<>();
    private int opening;

    /** Takes how many there may be, those that are being opened included. */
    OpenSessions(int most, Ticker ticker) {
        this.most = most;
        this.ticker = ticker;
    }

    synchronized boolean has(PodSnapshot pod) {
        PooledSession found = pool.get(pod.ref().uid());
        return found != null && found.session.isOpen() && found.isOf(pod);
    }

    synchronized int size() {
        return pool.size();
    }

    /**
     * The pod's session, busy until it is given back; one with an earlier agent is closed. It may have ended since, which is
     * found out when it is used.
     */
    Optional<PooledSession> take(PodSnapshot pod) {
        PooledSession found;
        synchronized (this) {
            found = pool.get(pod.ref().uid());
            if (found == null) {
                return Optional.empty();
            }
            if (found.isOf(pod)) {
                found.busy = true;
                return Optional.of(found);
            }
            pool.remove(pod.ref().uid());
        }
        found.session.close();
        return Optional.empty();
    }

    synchronized void giveBack(String uid, PooledSession session) {
        session.busy = false;
        session.used = ticker.elapsed();
        if (!session.session.isOpen()) {
            pool.remove(uid, session);
        }
    }

    /** Makes room for one that is about to be opened: closes another if there are as many as may be. */
    void beginOpening() {
        Optional<AgentSession> leaving = Optional.empty();
        synchronized (this) {
            opening++;
            if (pool.size() + opening > most) {
                leaving = leastUseful().map(uid -> Objects.requireNonNull(pool.remove(uid)).session);
            }
        }
        leaving.ifPresent(AgentSession::close);
    }

    synchronized void add(String uid, PooledSession session) {
        pool.put(uid, session);
    }

    /** What {@link #beginOpening} began has ended, well or not. */
    synchronized void endOpening() {
        opening--;
    }

    /**
     * The session that is likely to be needed last. Each change of a large segment goes to its members one after the other,
     * more of them than there are sessions, over and over: the session used last is needed last then, and to close the one
     * idle longest would close each just before it is used. But nobody goes over sessions that were idle for long, and one
     * that was used a moment ago may be needed for the next step.
     */
    private Optional<String> leastUseful() {
        Duration now = ticker.elapsed();
        Comparator<Map.Entry<String, PooledSession>> byUse = Comparator.comparing(entry -> entry.getValue().used);
        List<Map.Entry<String, PooledSession>> idle = pool.entrySet().stream()
                .filter(entry -> !entry.getValue().busy)
                .sorted(byUse)
                .toList();
        Optional<Map.Entry<String, PooledSession>> longest = idle.stream().findFirst();
        return longest.filter(entry -> wasIdle(entry, now, BETWEEN_SCANS))
                .or(() -> idle.stream()
                        .filter(entry -> wasIdle(entry, now, BETWEEN_STEPS))
                        .reduce((_, later) -> later))
                .or(() -> longest)
                .map(Map.Entry::getKey);
    }

    private static boolean wasIdle(Map.Entry<String, PooledSession> entry, Duration now, Duration least) {
        return entry.getValue().used.plus(least).compareTo(now) <= 0;
    }

    /** Closes those that nobody has used for so long. */
    void closeIdle(Duration idle) {
        Duration oldest = ticker.elapsed().minus(idle);
        List<AgentSession> leaving = new ArrayList<>();
        synchronized (this) {
            pool.values().removeIf(session -> {
                boolean leaves = !session.busy && session.used.compareTo(oldest) < 0;
                if (leaves) {
                    leaving.add(session.session);
                }
                return leaves;
            });
        }
        leaving.forEach(AgentSession::close);
    }

    void close(String uid) {
        PooledSession found;
        synchronized (this) {
            found = pool.remove(uid);
        }
        if (found != null) {
            found.session.close();
        }
    }

    void closeAll() {
        List<PooledSession> all;
        synchronized (this) {
            all = List.copyOf(pool.values());
            pool.clear();
        }
        all.forEach(session -> session.session.close());
    }
}
