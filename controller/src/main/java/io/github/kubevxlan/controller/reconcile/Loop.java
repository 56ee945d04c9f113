package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.plan.Members;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final int MOST_TRIES_TO_CLEAN = 10;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    private final Members members;
    private final Reconciler reconciler;
    private final Readiness readiness;
    private final StatusStore statuses;
    private final Tidings tidings;
    private final RandomGenerator random;
    private final DriftChecks checks;
    private final KeyQueue queue;
    private final Sweep sweep;
    private final Leavers leavers;
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private volatile boolean started;

    /** Takes whom it serves, who does the work, and who is told. */
    public Loop(
            Members members,
            Reconciler reconciler,
            Unlabelled unlabelled,
            PodNews news,
            StatusStore statuses,
            Surroundings surroundings) {
        this.members = members;
        this.reconciler = reconciler;
        this.leavers = new Leavers(unlabelled, reconciler);
        this.statuses = statuses;
        this.readiness = new Readiness(members, reconciler::confirmed, statuses, surroundings);
        this.tidings = new Tidings(news, statuses, readiness);
        this.random = surroundings.random();
        this.checks = new DriftChecks(surroundings.clock(), random, surroundings.resync());
        this.queue = new KeyQueue(this::turn, surroundings.executor(), surroundings.timer());
        this.sweep = new Sweep(unlabelled, this::clean, surroundings);
    }

    /** The picture is complete: every pod gets its turn, and from now on every change does. */
    public void start() {
        Set<String> all;
        synchronized (members) {
            started = true;
            all = members.uids();
        }
        all.forEach(queue::add);
        sweep.request();
    }

    /** The labelled pods were listed anew: what happened since the watch broke is known of those alone. */
    public void listed() {
        if (started) {
            sweep.request();
        }
    }

    /**
     * An event told that a pod came, changed or left the watch. It only says that something happened: what holds is what
     * is known of that name now, so an event that comes late or twice does no harm.
     *
     * @param seen the pod of the event, as last seen
     * @param deleted whether it is on its way to deletion; one that is not, and left, lost its label
     * @param now the labelled pod of that name, if there is one
     */
    public void changed(PodSnapshot seen, boolean deleted, Optional<PodSnapshot> now) {
        now.ifPresent(this::put);
        if (now.filter(pod -> pod.ref().equals(seen.ref())).isEmpty()) {
            remove(seen, now.isEmpty() && !deleted);
        }
    }

    private void clean(PodSnapshot pod) {
        synchronized (members) {
            if (members.pod(pod.ref().uid()).isPresent()) {
                return;
            }
            leavers.add(pod.ref());
        }
        queueIfStarted(pod.ref().uid());
    }

    private void put(PodSnapshot pod) {
        Set<String> affected = Set.of();
        synchronized (members) {
            if (started) {
                affected = members.put(pod);
            } else {
                members.learn(pod);
            }
        }
        leavers.remove(pod.ref().uid());
        statuses.seen(pod);
        enqueue(pod.ref().uid(), affected);
    }

    /** A pod that is still alive must be rid of what is ours. */
    private void remove(PodSnapshot pod, boolean alive) {
        String uid = pod.ref().uid();
        Set<String> affected;
        synchronized (members) {
            affected = members.remove(uid);
        }
        if (alive && pod.reachable()) {
            leavers.add(pod.ref());
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
        readiness.lookSoon();
        checks.due().stream().filter(uid -> !failures.containsKey(uid)).forEach(this::queueIfStarted);
    }

    /** A pod that failed has its next try set already, and is up to date then; who settles after failures looks again. */
    private void enqueue(String self, Set<String> affected) {
        for (String uid : affected) {
            if (uid.equals(self)) {
                queueIfStarted(uid);
            } else if (started && !failures.containsKey(uid)) {
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
            Optional<PodRef> leaver = leavers.get(uid);
            if (leaver.isPresent()) {
                clean(leaver.get());
                return;
            }
            Optional<Target> target;
            synchronized (members) {
                target = members.target(uid);
            }
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

    private void clean(PodRef pod) throws InterruptedException {
        Leavers.Attempt attempt = leavers.clean(pod);
        if (attempt.outcome() instanceof Outcome.Failed failed) {
            int count = again(pod.uid());
            LOG.warn("pod {}: what is left of its networks stays (try {}): {}", pod, count, failed.reason());
            if (count < MOST_TRIES_TO_CLEAN) {
                return;
            }
        }
        if (leavers.remove(pod.uid())) {
            drop(pod.uid());
            attempt.pod().ifPresent(tidings::left);
        }
    }

    private void work(String uid, Target target) throws InterruptedException {
        boolean check = checks.isDue(uid);
        switch (reconciler.reconcile(target, check)) {
            case Outcome.Idle() -> {}
            case Outcome.Settled settled -> settled(uid, target, settled, check || !checks.isKnown(uid));
            case Outcome.Failed failed -> failed(uid, target, failed);
        }
    }

    private void settled(String uid, Target target, Outcome.Settled settled, boolean checked) {
        if (failures.remove(uid) != null) {
            queue.add(uid);
        }
        if (checked) {
            checks.done(uid);
        }
        tidings.settled(target, settled);
    }

    private void failed(String uid, Target target, Outcome.Failed failed) {
        int count = again(uid);
        LOG.warn(
                "pod {}: {} (failure {} in a row), to be tried again",
                target.pod().ref(),
                failed.reason(),
                count);
        tidings.failed(target, count, failed);
    }

    private int again(String uid) {
        int count = failures.merge(uid, 1, Integer::sum);
        queue.add(uid, BACKOFF.after(count, random));
        return count;
    }

    private void drop(String uid) {
        reconciler.forget(uid);
        tidings.forget(uid);
        failures.remove(uid);
        checks.forget(uid);
        Optional<PodSnapshot> pod;
        synchronized (members) {
            pod = members.pod(uid).filter(_ -> members.declaresNetworks(uid));
        }
        pod.filter(labelled -> !labelled.finished()).ifPresent(tidings::notServed);
    }
}
