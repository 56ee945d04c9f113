package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.plan.Members;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What happens when something changed: the pods that it concerns get their turn, each as often as it takes.
 *
 * <p>Nothing is done before {@link #start}: an incomplete picture of the cluster would take entries away. A pod's own
 * change is worked on at once; its peers wait a moment, so that pods that come together cost them one turn.
 */
public final class Loop {
    private static final Duration GATHER = Duration.ofMillis(100);

    private final Members members;
    private final Readiness readiness;
    private final StatusStore statuses;
    private final Sweep sweep;
    private final Leavers leavers;
    private final Turns turns;
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
        this.leavers = new Leavers(unlabelled, reconciler);
        this.statuses = statuses;
        this.readiness = new Readiness(members, reconciler::confirmed, statuses, surroundings);
        this.turns = new Turns(members, reconciler, leavers, new Tidings(news, statuses, readiness), surroundings);
        this.sweep = new Sweep(unlabelled, this::clean, surroundings);
    }

    /** The picture is complete: every pod gets its turn, and from now on every change does. */
    public void start() {
        Set<String> all;
        synchronized (members) {
            started = true;
            members.giveAddresses();
            all = members.uids();
        }
        all.forEach(turns::add);
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
     * @param current gives the labelled pod of that name, if there is one: of two events at once, the one that is taken
     *     last looks last
     */
    public void changed(PodSnapshot seen, boolean deleted, Supplier<Optional<PodSnapshot>> current) {
        synchronized (members) {
            Optional<PodSnapshot> now = current.get();
            if (now.filter(pod -> pod.ref().equals(seen.ref())).isEmpty()) {
                remove(seen, now.isEmpty() && !deleted);
            }
            now.ifPresent(this::put);
        }
    }

    /** Takes what is written on a pod, of which the watch may tell later; tells whether the watch told of the pod at all. */
    boolean recorded(PodSnapshot pod) {
        synchronized (members) {
            Optional<PodSnapshot> known = members.pod(pod.ref().uid());
            known.filter(older -> older.recorded().version() < pod.recorded().version())
                    .ifPresent(_ -> members.put(pod));
            return known.isPresent();
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
        if (alive && pod.reachable() && started) {
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

    /** A namespace's annotations changed; takes what gives them as they are. */
    public void annotate(String namespace, Supplier<Map<String, String>> annotations) {
        Set<String> affected;
        synchronized (members) {
            affected = members.annotate(namespace, annotations.get());
        }
        affected.forEach(this::queueIfStarted);
    }

    /** Gives a turn to every pod whose time for a full comparison has come; to be called now and then. */
    public void checkDue() {
        readiness.lookSoon();
        turns.due().forEach(this::queueIfStarted);
    }

    private void enqueue(String self, Set<String> affected) {
        for (String uid : affected) {
            if (uid.equals(self)) {
                queueIfStarted(uid);
            } else if (started) {
                turns.add(uid, GATHER);
            }
        }
    }

    private void queueIfStarted(String uid) {
        if (started) {
            turns.add(uid);
        }
    }
}
