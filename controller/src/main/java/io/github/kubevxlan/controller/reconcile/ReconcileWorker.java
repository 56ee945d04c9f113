package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.overlay.Claims;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reconciles pods from the work queue, and decides when a failed one is tried again. */
final class ReconcileWorker {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileWorker.class);
    private static final int MOST_SOON_TRIES_TO_CLEAN = 10;
    private static final Duration CLAIM_WAIT = Duration.ofSeconds(5);

    private final Members members;
    private final Reconciler reconciler;
    private final CleanupQueue cleanup;
    private final OutcomeReporter reporter;
    private final Ticker ticker;
    private final Duration resync;
    private final DriftChecks checks;
    private final Bulkhead bulkhead;
    private final WorkQueue queue;
    private final Retries retries;
    private final Map<String, Claims> unwritten = new ConcurrentHashMap<>();

    ReconcileWorker(
            Members members,
            Reconciler reconciler,
            CleanupQueue cleanup,
            OutcomeReporter reporter,
            Dependencies dependencies) {
        this.members = members;
        this.reconciler = reconciler;
        this.cleanup = cleanup;
        this.reporter = reporter;
        this.retries = new Retries(dependencies.random());
        this.ticker = dependencies.ticker();
        this.resync = dependencies.work().resync();
        this.checks = new DriftChecks(dependencies.ticker(), dependencies.random(), resync);
        this.bulkhead = new Bulkhead(dependencies.limits());
        this.queue = new WorkQueue(
                this::reconcile,
                uid -> bulkhead.partition(node(uid), uid),
                dependencies.executor(),
                dependencies.timer(),
                dependencies.ticker());
    }

    /** What is to be done now. */
    WorkQueue.Load load() {
        return queue.load();
    }

    /** Reconciles a pod as soon as can be, since something of its own changed. */
    void add(String uid) {
        queue.add(uid, own(uid));
    }

    /** Reconciles a pod of which nothing is known to have changed; one that waits for its networks is new all the same. */
    void check(String uid) {
        queue.add(uid, isNew(uid) ? Priority.NEW_POD : Priority.CHECK);
    }

    /** One that failed is new no longer: its tries must not take the places that are kept for new pods. */
    private Priority own(String uid) {
        return retries.isFailing(uid) ? Priority.OWN_CHANGE : untried(uid);
    }

    private Priority untried(String uid) {
        return isNew(uid) ? Priority.NEW_POD : Priority.OWN_CHANGE;
    }

    /** Whether a pod's agent runs and nobody has found the pod ready. */
    private boolean isNew(String uid) {
        return pod(uid).filter(pod -> pod.agent() == AgentState.RUNNING
                        && !pod.observedStatus().isReady())
                .isPresent();
    }

    private Optional<PodSnapshot> pod(String uid) {
        return members.pod(uid);
    }

    /** Where a pod runs; empty for one that is gone, or that is nowhere yet. */
    private String node(String uid) {
        return cleanup.get(uid)
                .map(CleanupQueue.Leaving::node)
                .or(() -> pod(uid).map(PodSnapshot::node))
                .orElse("");
    }

    /**
     * Reconciles a pod that an edit of definitions or of its namespace may concern. One that failed is tried at once
     * only if it declares something else now: nobody hastens the next try by edits of other networks.
     */
    void edited(String uid) {
        if (!retries.failedWith(uid, declared(uid))) {
            add(uid);
        }
    }

    /** Reconciles a pod whose peers changed after a while; one that failed has its next try set already. */
    void peerChanged(String uid, Duration delay) {
        if (!retries.isFailing(uid)) {
            queue.addAfter(uid, delay, Priority.PEER_CHANGE);
        }
    }

    /**
     * Reconciles a pod that was written on: at once if it awaits that, and otherwise as soon as can be unless it
     * failed.
     */
    void written(String uid) {
        if (unwritten.containsKey(uid) && target(uid).filter(Target::isClaimed).isPresent()) {
            add(uid);
        } else if (!retries.isFailing(uid)) {
            queue.addAfter(uid, Duration.ZERO, own(uid));
        }
    }

    /** Those whose time for a full comparison has come, but for those that failed. */
    List<String> due() {
        return checks.due().stream().filter(uid -> !retries.isFailing(uid)).toList();
    }

    private void reconcile(String uid) {
        try (var _ = LogContext.pod(named(uid), retries.attempt(uid))) {
            Optional<CleanupQueue.Leaving> leaving = cleanup.get(uid);
            if (leaving.isPresent()) {
                clean(leaving.get());
                return;
            }
            reconciler.setups().begin(uid);
            Optional<Target> target = target(uid);
            if (target.isPresent()) {
                work(uid, target.get());
            } else {
                drop(uid);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("pod {}: unexpected failure, to be tried again", named(uid), e);
            again(uid);
        } finally {
            reconciler.setups().end(uid);
        }
    }

    private String named(String uid) {
        return cleanup.get(uid)
                .map(CleanupQueue.Leaving::pod)
                .or(() -> pod(uid).map(PodSnapshot::ref))
                .map(PodRef::toString)
                .orElse(uid);
    }

    private Optional<Target> target(String uid) {
        return members.target(uid);
    }

    private Optional<Resolution> declared(String uid) {
        return members.resolution(uid);
    }

    private void clean(CleanupQueue.Leaving leaving) throws InterruptedException {
        PodRef pod = leaving.pod();
        CleanupQueue.Attempt attempt = cleanup.clean(pod);
        reporter.changed(pod, attempt.outcome().changes());
        judge(leaving.node(), pod.uid(), attempt.outcome());
        if (attempt.outcome() instanceof Outcome.Failed failed) {
            int count = retries.failed(pod.uid(), declared(pod.uid()));
            Duration pause = cleanPause(pod.uid());
            LOG.warn(
                    "what is left of the pod's networks stays (failure {} in a row), to be tried again in {} s: {}",
                    count,
                    pause.toSeconds(),
                    failed.reason());
            queue.addAfter(pod.uid(), pause, own(pod.uid()));
            reporter.retry();
            return;
        }
        if (cleanup.remove(pod.uid())) {
            drop(pod.uid());
            attempt.pod().ifPresent(reporter::left);
        }
    }

    /** A pod whose agent never does what it is asked costs little, and is rid of its interfaces once it does. */
    private Duration cleanPause(String uid) {
        boolean isRare = cleanup.get(uid)
                .filter(leaving -> leaving.failures() >= MOST_SOON_TRIES_TO_CLEAN)
                .isPresent();
        return isRare ? resync : retries.pause(uid);
    }

    private void work(String uid, Target target) throws InterruptedException {
        if (!target.isClaimed()) {
            claim(uid, target);
            return;
        }
        unwritten.remove(uid);
        boolean check = checks.isDue(uid);
        switch (reconcile(target, check)) {
            case Outcome.Idle() -> idle(uid);
            case Outcome.Settled settled -> settled(uid, target, settled, check || !checks.isKnown(uid));
            case Outcome.Failed failed -> failed(uid, target, failed);
        }
    }

    /** Where nobody can be asked, it is enough to look again after a period. */
    private void idle(String uid) {
        retries.forget(uid);
        if (checks.isOver(uid)) {
            checks.postpone(uid);
        }
    }

    private Outcome reconcile(Target target, boolean check) throws InterruptedException {
        Duration begun = ticker.elapsed();
        Outcome outcome = reconciler.reconcile(target, check);
        reporter.reconciled(target.pod().ref(), outcome, ticker.elapsed().minus(begun));
        judge(target.pod().node(), target.pod().ref().uid(), outcome);
        return outcome;
    }

    /** What an attempt says of the pod's node; pods that failed for the node's sake are tried at once when it answers. */
    private void judge(String node, String uid, Outcome outcome) {
        switch (outcome) {
            case Outcome.Idle() -> {}
            case Outcome.Settled _ -> tryAtOnce(bulkhead.answered(node, uid));
            case Outcome.Failed failed -> {
                switch (failed.cause()) {
                    case CUT_OFF -> bulkhead.cutOff(uid);
                    case UNANSWERED -> bulkhead.unanswered(node, uid);
                    case UNUSABLE -> bulkhead.failed(node, uid);
                    case LOST, INCOMPLETE -> tryAtOnce(bulkhead.unsettled(node, uid));
                }
            }
        }
    }

    private void tryAtOnce(Set<String> trusted) {
        trusted.stream().filter(retries::isFailing).forEach(uid -> queue.add(uid, untried(uid)));
    }

    /**
     * A claim is written in a moment, as a rule, and the pod is reconciled then. Where it still is not after
     * {@code CLAIM_WAIT}, the pod is served without it.
     */
    private void claim(String uid, Target target) throws InterruptedException {
        checks.markDue(uid);
        reporter.claim(target);
        if (!target.claims().equals(unwritten.put(uid, target.claims()))) {
            queue.addAfter(uid, retries.isFailing(uid) ? retries.pause(uid) : CLAIM_WAIT, own(uid));
            return;
        }
        boolean check = checks.isOver(uid);
        Outcome outcome = reconcile(target.meanwhile(reconciler.lastVerified(uid)), check);
        if (outcome instanceof Outcome.Failed failed) {
            failed(uid, target, failed);
            return;
        }
        boolean isSettled = outcome instanceof Outcome.Settled;
        if (check || (isSettled && !checks.isKnown(uid))) {
            checks.postpone(uid);
        }
        if (isSettled) {
            reporter.answered(target);
        }
        if (retries.forget(uid)) {
            queue.add(uid, Priority.PEER_CHANGE);
        }
    }

    /** A pod that settles after failures is reconciled again: its peers' changes did not reconcile it meanwhile. */
    private void settled(String uid, Target target, Outcome.Settled settled, boolean checked) {
        if (retries.forget(uid)) {
            queue.add(uid, Priority.PEER_CHANGE);
        }
        if (checked) {
            checks.done(uid);
        }
        reporter.settled(target, settled);
    }

    private void failed(String uid, Target target, Outcome.Failed failed) {
        int count = again(uid);
        LOG.warn("{} (failure {} in a row), to be tried again", failed.reason(), count);
        reporter.failed(target, count, failed);
    }

    private int again(String uid) {
        int count = retries.failed(uid, declared(uid));
        queue.addAfter(uid, retries.pause(uid), own(uid));
        reporter.retry();
        return count;
    }

    private void drop(String uid) {
        reconciler.forget(uid);
        reporter.forget(uid);
        bulkhead.forget(uid);
        retries.forget(uid);
        unwritten.remove(uid);
        checks.forget(uid);
        members.pod(uid)
                .filter(pod -> members.declaresNetworks(uid) && !pod.finished())
                .ifPresent(reporter::notServed);
    }
}
