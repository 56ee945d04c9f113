package io.github.kubevxlan.controller.simulation;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.plan.Members;
import io.github.kubevxlan.controller.plan.Nets;
import io.github.kubevxlan.controller.reconcile.Loop;
import io.github.kubevxlan.controller.reconcile.PodNews;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.StatusStore;
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

    private static final StatusStore NOBODY_KEEPS =
            mock(StatusStore.class, withSettings().stubOnly());

    final SimulatedTime time;
    final SimulatedWatch watch;
    final Members members;
    private final Loop loop;
    private long term;

    /** Takes how its agents are made. */
    SimulatedController(SimulatedCluster cluster, RandomGenerator random, Function<SimulatedController, Agent> agents) {
        time = new SimulatedTime(random);
        members = new Members(
                SimulatedCluster.KEYS,
                Definitions.parse(java.util.Map.of(), SimulatedCluster.DEFAULTS),
                NEIGHBOURS,
                true);
        loop = new Loop(
                members,
                new Reconciler(Nets.PREFIX, agents.apply(this)),
                cluster,
                NOBODY_LISTENS,
                NOBODY_KEEPS,
                new Surroundings(time, time.timer, time, random, RESYNC, Duration.ofSeconds(10)));
        watch = new SimulatedWatch(cluster, loop);
        cluster.add(watch);
        watch.list();
    }

    /** It holds the Lease. */
    void lead(long newTerm) {
        term = newTerm;
        loop.start();
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
