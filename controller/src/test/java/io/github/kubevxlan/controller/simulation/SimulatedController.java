package io.github.kubevxlan.controller.simulation;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.plan.Members;
import io.github.kubevxlan.controller.plan.Nets;
import io.github.kubevxlan.controller.reconcile.CatchUp;
import io.github.kubevxlan.controller.reconcile.Loop;
import io.github.kubevxlan.controller.reconcile.PodNews;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.Surroundings;
import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** One controller: the real loop with a clock, a watch and agents that are simulated. */
final class SimulatedController {
    static final Duration RESYNC = Duration.ofHours(1);

    static final int NEIGHBOURS = 100;
    private static final PodNews NOBODY_LISTENS =
            mock(PodNews.class, withSettings().stubOnly());

    final SimulatedTime time;
    final SimulatedWatch watch;
    final Members members;
    final SimulatedStatuses statuses;
    private final Loop loop;
    private final CatchUp catchUp;
    private long term;

    /** Takes how its agents are made. */
    SimulatedController(SimulatedCluster cluster, RandomGenerator random, Function<SimulatedController, Agent> agents) {
        time = new SimulatedTime(random);
        members = new Members(
                SimulatedCluster.KEYS,
                Definitions.parse(java.util.Map.of(), SimulatedCluster.DEFAULTS),
                NEIGHBOURS,
                true);
        statuses = new SimulatedStatuses(cluster, time, random);
        Surroundings surroundings = new Surroundings(time, time.timer, time, random, RESYNC, Duration.ofSeconds(10));
        loop = new Loop(
                members,
                new Reconciler(Nets.PREFIX, agents.apply(this)),
                cluster.unlabelled(),
                NOBODY_LISTENS,
                statuses,
                surroundings);
        catchUp = new CatchUp(cluster.labelled(), loop, surroundings);
        watch = new SimulatedWatch(cluster, loop);
        cluster.add(watch);
        watch.list();
    }

    /** It holds the Lease. */
    void lead(long newTerm) {
        term = newTerm;
        catchUp.begin();
    }

    long term() {
        return term;
    }

    /** Time passes, with the looks that are taken once in a while. */
    void pass(Duration duration) {
        time.pass(duration);
        loop.checkDue();
        time.runAll();
    }
}
