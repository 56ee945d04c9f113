package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.plan.Members;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done in a pod's turn, and when the next one is if this one failed. */
final class Turns {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
    private static final int MOST_TRIES_TO_CLEAN = 10;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    private final Members members;
    private final Reconciler reconciler;
    private final Leavers leavers;
    private final Tidings tidings;
    private final RandomGenerator random;
    private final DriftChecks checks;
    private final KeyQueue queue;
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    Turns(Members members, Reconciler reconciler, Leavers leavers, Tidings tidings, Surroundings surroundings) {
        this.members = members;
        this.reconciler = reconciler;
        this.leavers = leavers;
        this.tidings = tidings;
        this.random = surroundings.random();
        this.checks = new DriftChecks(surroundings.clock(), random, surroundings.resync());
        this.queue = new KeyQueue(this::turn, surroundings.executor(), surroundings.timer());
    }

    /** Gives a pod a turn as soon as can be. */
    void add(String uid) {
        queue.add(uid);
    }

    /** Gives a pod a turn after a while; one that failed has its next try set already, and is up to date then. */
    void add(String uid, Duration delay) {
        if (!failures.containsKey(uid)) {
            queue.add(uid, delay);
        }
    }

    /** Those whose time for a full comparison has come, but for those that failed. */
    List<String> due() {
        return checks.due().stream().filter(uid -> !failures.containsKey(uid)).toList();
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
        if (!target.isClaimed()) {
            checks.demand(uid);
            tidings.claim(target);
            return;
        }
        boolean check = checks.isDue(uid);
        switch (reconciler.reconcile(target, check)) {
            case Outcome.Idle() -> failures.remove(uid);
            case Outcome.Settled settled -> settled(uid, target, settled, check || !checks.isKnown(uid));
            case Outcome.Failed failed -> failed(uid, target, failed);
        }
    }

    /** Who settles after failures looks again: its peers' changes did not give it a turn meanwhile. */
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
