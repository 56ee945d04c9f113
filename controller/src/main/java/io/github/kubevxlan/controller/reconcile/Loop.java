package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.plan.DesiredPod;
import io.github.kubevxlan.controller.plan.Members;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.plan.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when something changed: the pods that it concerns get their turn, each as often as it takes.
 *
 * <p>Nothing is done before {@link #start}: an incomplete picture of the cluster would take entries away. A pod's own
 * change is worked on at once; its peers wait a moment, so that pods that come together cost them one turn.
 */
public final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration GATHER = Duration.ofMillis(100);
    private static final int MOST_TRIES_TO_CLEAN = 3;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    private final Members members;
    private final Reconciler reconciler;
    private final PodNews news;
    private final StatusStore statuses;
    private final Tidings tidings;
    private final Clock clock;
    private final RandomGenerator random;
    private final Duration resync;
    private final KeyQueue queue;
    private final Map<String, PodSnapshot> leaving = new ConcurrentHashMap<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final Map<String, Instant> nextCheck = new ConcurrentHashMap<>();
    private volatile boolean started;

    /**
     * What a loop needs of its surroundings.
     *
     * @param executor runs a pod's turn, one thread a turn
     * @param timer waits
     * @param resync after how long at most a pod is compared in full
     */
    public record Surroundings(
            Executor executor, ScheduledExecutorService timer, Clock clock, RandomGenerator random, Duration resync) {}

    /** Takes whom it serves, who does the work, and who is told. */
    public Loop(Members members, Reconciler reconciler, PodNews news, StatusStore statuses, Surroundings surroundings) {
        this.members = members;
        this.reconciler = reconciler;
        this.news = news;
        this.statuses = statuses;
        this.tidings = new Tidings(news, statuses);
        this.clock = surroundings.clock();
        this.random = surroundings.random();
        this.resync = surroundings.resync();
        this.queue = new KeyQueue(this::turn, surroundings.executor(), surroundings.timer());
    }

    /** The picture is complete: every pod gets its turn, and from now on every change does. */
    public void start() {
        Set<String> all;
        synchronized (members) {
            started = true;
            all = members.uids();
        }
        all.forEach(queue::add);
    }

    /** A labelled pod came or changed. */
    public void put(PodSnapshot pod) {
        Set<String> affected;
        synchronized (members) {
            affected = members.put(pod);
        }
        leaving.remove(pod.ref().uid());
        statuses.seen(pod);
        enqueue(pod.ref().uid(), affected);
    }

    /**
     * A pod is gone or lost its label.
     *
     * @param pod as last seen
     * @param alive whether it still runs, so that what is ours must be taken out of it
     */
    public void remove(PodSnapshot pod, boolean alive) {
        String uid = pod.ref().uid();
        Set<String> affected;
        synchronized (members) {
            affected = members.remove(uid);
        }
        if (alive && pod.reachable()) {
            leaving.put(uid, pod);
        }
        enqueue(uid, affected);
        queueIfStarted(uid);
    }

    /** The ConfigMap changed. */
    public void define(Definitions definitions) {
        Set<String> affected;
        synchronized (members) {
            affected = members.define(definitions);
        }
        affected.forEach(this::queueIfStarted);
    }

    /** A namespace's annotations changed. */
    public void annotate(String namespace, Map<String, String> annotations) {
        Set<String> affected;
        synchronized (members) {
            affected = members.annotate(namespace, annotations);
        }
        affected.forEach(this::queueIfStarted);
    }

    /** Gives a turn to every pod whose time for a full comparison has come; to be called now and then. */
    public void checkDue() {
        Instant now = clock.instant();
        nextCheck.forEach((uid, due) -> {
            if (!due.isAfter(now)) {
                queueIfStarted(uid);
            }
        });
    }

    private void enqueue(String self, Set<String> affected) {
        for (String uid : affected) {
            if (uid.equals(self)) {
                queueIfStarted(uid);
            } else if (started) {
                queue.add(uid, GATHER);
            }
        }
    }

    private void queueIfStarted(String uid) {
        if (started) {
            queue.add(uid);
        }
    }

    private void turn(String uid) {
        try {
            Optional<Target> target = target(uid);
            if (target.isPresent()) {
                work(uid, target.get());
            } else {
                drop(uid);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("pod {}: unexpected failure, to be tried again", uid, e);
            again(uid);
        }
    }

    private Optional<Target> target(String uid) {
        PodSnapshot gone = leaving.get(uid);
        if (gone != null) {
            return Optional.of(new Target(gone, DesiredPod.none(gone.vtep())));
        }
        synchronized (members) {
            return members.target(uid);
        }
    }

    private void work(String uid, Target target) throws InterruptedException {
        Instant due = nextCheck.get(uid);
        boolean check = due != null && !due.isAfter(clock.instant());
        switch (reconciler.reconcile(target, check)) {
            case Outcome.Idle() -> {}
            case Outcome.Settled settled -> settled(uid, target, settled, check || due == null);
            case Outcome.Failed(String reason) -> failed(uid, target, reason);
        }
    }

    private void settled(String uid, Target target, Outcome.Settled settled, boolean checked) {
        failures.remove(uid);
        if (leaving.remove(uid) != null) {
            drop(uid);
            tidings.left(target.pod());
            return;
        }
        if (checked) {
            long half = resync.toMillis() / 2;
            nextCheck.put(uid, clock.instant().plusMillis(half + random.nextLong(half + 1)));
        }
        tidings.settled(target, settled);
    }

    private void failed(String uid, Target target, String reason) {
        int count = again(uid);
        LOG.warn(
                "pod {}: {} (failure {} in a row), to be tried again",
                target.pod().ref(),
                reason,
                count);
        if (!leaving.containsKey(uid)) {
            tidings.failed(target, count, reason);
        } else if (count == MOST_TRIES_TO_CLEAN) {
            leaving.remove(uid);
        }
    }

    private int again(String uid) {
        int count = failures.merge(uid, 1, Integer::sum);
        queue.add(uid, BACKOFF.after(count, random));
        return count;
    }

    private void drop(String uid) {
        reconciler.forget(uid);
        statuses.forget(uid);
        failures.remove(uid);
        nextCheck.remove(uid);
        Optional<PodSnapshot> pod;
        synchronized (members) {
            pod = members.pod(uid).filter(_ -> members.declaresNetworks(uid));
        }
        pod.filter(labelled -> !labelled.finished()).ifPresent(labelled -> {
            if (labelled.hostNetwork()) {
                news.hostNetwork(labelled.ref());
            } else if (labelled.agent() == AgentState.NONE) {
                news.noAgent(labelled.ref());
            }
        });
    }
}
