package io.github.kubevxlan.controller.simulation;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.reconcile.AttemptDeadline;
import io.github.kubevxlan.controller.reconcile.CacheSyncBarrier;
import io.github.kubevxlan.controller.reconcile.Controller;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.EventRecorder;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.Recorders;
import io.github.kubevxlan.controller.reconcile.Timing;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** One controller: the real one with a clock, a watch and agents that are simulated. */
final class SimulatedController {
    static final Duration RESYNC = Duration.ofHours(1);

    /** So few that pods wait for each other. */
    private static final Limits LIMITS = new Limits(4, 3, 8, Duration.ofSeconds(30), Duration.ofSeconds(10));

    static final int NEIGHBOURS = 100;
    private static final EventRecorder NOBODY_LISTENS =
            mock(EventRecorder.class, withSettings().stubOnly());

    final SimulatedTime time;
    final SimulatedWatch watch;
    final Members members;
    final SimulatedStatuses statuses;
    final Controller real;
    final SimulatedNames.Publisher names;
    private final CacheSyncBarrier barrier;
    private long epoch;

    /** Takes how its agents are made. */
    SimulatedController(SimulatedCluster cluster, RandomGenerator random, Function<SimulatedController, Agent> agents) {
        time = new SimulatedTime(random);
        members = new Members(
                SimulatedCluster.KEYS,
                Definitions.parse(java.util.Map.of(), SimulatedCluster.DEFAULTS),
                NEIGHBOURS,
                true);
        statuses = new SimulatedStatuses(cluster, time, random);
        Dependencies dependencies = new Dependencies(
                time, new Timing(time.timer, time), random, new WorkSettings(LIMITS, RESYNC), Meter.NONE);
        real = new Controller(
                members,
                new Reconciler(Nets.PREFIX, agents.apply(this), new AttemptDeadline(time, LIMITS.deadline())),
                cluster.unlabelled(),
                new Recorders(NOBODY_LISTENS, statuses),
                dependencies);
        barrier = new CacheSyncBarrier(cluster.labelled(), real, dependencies);
        watch = new SimulatedWatch(cluster, real);
        names = cluster.names.publisher(watch, dependencies);
        watch.listen(names::scan);
        cluster.add(watch);
        watch.list();
    }

    /** It holds the Lease. */
    void lead(long newEpoch) {
        epoch = newEpoch;
        barrier.begin();
        names.start();
    }

    long epoch() {
        return epoch;
    }

    /** Time passes, with the looks that are taken once in a while. */
    void pass(Duration duration) {
        time.pass(duration);
        real.checkDue();
        time.runAll();
    }
}
