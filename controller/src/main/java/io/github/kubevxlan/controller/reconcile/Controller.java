package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What happens when something changed: the pods that it concerns are reconciled, each as often as it takes.
 *
 * <p>Nothing is done before {@link #start}: an incomplete picture of the cluster would take entries away. A pod's own
 * change is worked on at once; its peers wait a moment, so that pods that come together cost them one reconcile.
 */
public final class Controller {
    private static final Duration GATHER = Duration.ofMillis(100);

    private final Members members;
    /** What comes at once is taken one after another, each in a whole. */
    private final Object changes = new Object();

    private final StatusStore statuses;
    private final OrphanCollector orphans;
    private final CleanupQueue cleanup;
    private final OutcomeReporter reporter;
    private final Setups setups;
    private final ReconcileWorker worker;
    private final Ticker ticker;
    private volatile boolean started;

    /** Takes the members, what reconciles a pod, what finds pods without the label, and what records the outcome. */
    public Controller(
            Members members,
            Reconciler reconciler,
            UnlabelledPodLister unlabelled,
            Recorders recorders,
            Dependencies dependencies) {
        this.members = members;
        this.ticker = dependencies.ticker();
        this.cleanup = new CleanupQueue(unlabelled, reconciler);
        this.statuses = recorders.statuses();
        this.setups = reconciler.setups();
        this.reporter = new OutcomeReporter(members, setups, recorders, dependencies);
        this.worker = new ReconcileWorker(members, reconciler, cleanup, reporter, dependencies);
        this.orphans = new OrphanCollector(unlabelled, this::clean, dependencies);
    }

    /** The picture is complete: every pod is reconciled, and from now on every change is. */
    public void start() {
        Set<String> all;
        synchronized (changes) {
            started = true;
            members.giveAddresses();
            all = members.uids();
        }
        all.forEach(worker::check);
        orphans.begin();
    }

    /**
     * An event told that a pod came, changed or left the watch. It only says that something happened: what holds is what
     * is known of that name now, so an event that comes late or twice does no harm.
     *
     * @param seen the pod of the event, as last seen
     * @param deleted whether it is on its way to deletion; one that is not, and left, lost its label
     * @param current gives the labelled pod of that name, if there is one: of two events at once, the one that is taken
     *     last looks last
     */
    public void changed(PodSnapshot seen, boolean deleted, Supplier<Optional<PodSnapshot>> current) {
        synchronized (changes) {
            Optional<PodSnapshot> now = current.get();
            if (now.filter(pod -> pod.ref().equals(seen.ref())).isEmpty()) {
                remove(seen, now.isEmpty() && !deleted);
            }
            now.ifPresent(this::put);
        }
    }

    /** A pod without the label waits to start; its app may wait for an agent that nobody serves. */
    public void unlabelled(PodSnapshot pod) {
        if (started && pod.reachable() && !pod.ending() && pod.agent() == AgentState.RUNNING) {
            clean(pod);
        }
    }

    /** Takes what is written on a pod, of which the watch may tell later; tells whether the watch told of the pod at all. */
    boolean observe(PodSnapshot pod) {
        synchronized (changes) {
            Optional<PodSnapshot> known = members.pod(pod.ref().uid());
            known.filter(older -> older.observedStatus().version()
                            < pod.observedStatus().version())
                    .ifPresent(_ -> members.put(pod));
            return known.isPresent();
        }
    }

    private void clean(PodSnapshot pod) {
        synchronized (changes) {
            if (members.pod(pod.ref().uid()).isPresent()) {
                return;
            }
            cleanup.add(pod);
        }
        queueIfStarted(pod.ref().uid());
    }

    private void put(PodSnapshot pod) {
        Set<String> affected = Set.of();
        Optional<PodSnapshot> before = members.pod(pod.ref().uid());
        boolean events = before.filter(pod::differsInStatusOnly).isEmpty();
        if (started) {
            affected = members.put(pod);
            if (before.isEmpty() && pod.ips().isEmpty()) {
                setups.expect(pod.ref().uid());
            }
        } else {
            members.learn(pod);
        }
        cleanup.remove(pod.ref().uid());
        if (pod.agent() == AgentState.RUNNING) {
            begin(pod);
        }
        if (events) {
            statuses.expect(pod.ref().uid());
        }
        statuses.seen(pod);
        enqueue(pod.ref().uid(), affected, events);
    }

    private void begin(PodSnapshot pod) {
        reporter.agentRuns(pod.ref().uid(), started && !pod.observedStatus().isReady());
    }

    /** A pod that is still alive must be rid of what is ours. */
    private void remove(PodSnapshot pod, boolean alive) {
        String uid = pod.ref().uid();
        Set<String> affected = members.remove(uid);
        setups.forget(uid);
        reporter.gone(uid);
        if (alive && pod.reachable() && started) {
            cleanup.add(pod);
        }
        enqueue(uid, affected, true);
        queueIfStarted(uid);
    }

    /** The ConfigMap changed. */
    public void define(Definitions definitions) {
        Set<String> affected;
        synchronized (changes) {
            affected = members.define(definitions);
        }
        edited(affected);
    }

    /** A namespace's annotations changed; takes what gives them as they are, empty if the namespace is gone. */
    public void annotate(String namespace, Supplier<Optional<Map<String, String>>> annotations) {
        Set<String> affected;
        synchronized (changes) {
            affected = members.annotate(namespace, annotations.get());
        }
        edited(affected);
    }

    private void edited(Set<String> affected) {
        affected.forEach(statuses::expect);
        if (started) {
            affected.forEach(worker::edited);
        }
    }

    /** Which pods are to be reconciled now. */
    public WorkQueue.Load load() {
        return worker.load();
    }

    /**
     * Gives back addresses that were kept long enough, and reconciles every pod whose time for a full comparison has come;
     * to be called now and then.
     */
    public void checkDue() {
        reporter.scanSoon();
        Set<String> affected;
        synchronized (changes) {
            affected = members.expire(ticker.elapsed());
        }
        if (started) {
            affected.forEach(uid -> worker.peerChanged(uid, GATHER));
            worker.due().forEach(worker::check);
        }
    }

    /** What we wrote on a pod ourselves is no news of it, and does not hasten a try that is to come later. */
    private void enqueue(String self, Set<String> affected, boolean events) {
        for (String uid : affected) {
            if (uid.equals(self)) {
                if (events) {
                    queueIfStarted(uid);
                } else if (started) {
                    worker.written(uid);
                }
            } else if (started) {
                worker.peerChanged(uid, GATHER);
            }
        }
    }

    private void queueIfStarted(String uid) {
        if (started) {
            worker.add(uid);
        }
    }
}
