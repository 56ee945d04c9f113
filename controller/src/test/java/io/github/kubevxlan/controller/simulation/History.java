package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.controller.simulation.Truth.Extent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * One random history of a cluster and its controllers, and what must hold of it: at rest every kernel is what the
 * cluster's state says, without a drift check where nobody laid hands on a kernel; two members that stay have each
 * other's entry all the time; what others made is untouched; nothing is done when nothing happens; what a former leader
 * still sends changes nothing.
 */
final class History {
    private static final int MOST_STEPS = 30;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
    private static final Duration KEPT_AT_MOST = Duration.ofMinutes(6);
    private static final int ROUNDS = 12;

    /** A watch of slices that shows nothing is not waited for longer. */
    private static final Duration NAMES_TAKE = Duration.ofSeconds(6);

    private final Random random;
    private final Consumer<String> trace;
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final People people;
    private final List<SimulatedAgents> agents = new ArrayList<>();
    private final List<SimulatedController> former = new ArrayList<>();
    private final int failing;
    private final Anchors anchors;
    private final Returns returns = new Returns(cluster);
    private SimulatedController leader;
    private SimulatedController standby;
    private long epoch = 1;
    private boolean hours;
    private int depth;

    History(long seed, Consumer<String> trace) {
        this.random = new Random(seed);
        this.trace = trace;
        failing = random.nextInt(3) * 15;
        people = new People(cluster, random, trace);
        anchors = new Anchors(cluster);
        leader = controller();
        standby = controller();
        leader.lead(epoch);
    }

    /** Lives through it and tells how many addresses were given; throws {@link AssertionError} if something does not hold. */
    int run() {
        fail(failing);
        int steps = random.nextInt(MOST_STEPS);
        for (int i = 0; i < steps; i++) {
            step();
        }
        heal();
        settle();
        if (random.nextInt(4) == 0) {
            trace.accept("nothing happens for a while");
            leader.pass(KEPT_AT_MOST);
            settle();
            cluster.subnets.comeLate();
        }
        if (random.nextBoolean()) {
            people.misfit();
            people.tuneAll();
            people.askForNames();
            settle();
        }
        if (random.nextInt(6) == 0) {
            leaveAndReturn();
        }
        if (people.laidHands()) {
            trace.accept("a peer joins");
            people.joinAll();
            settle();
            assertHolds(Extent.LINKS_AND_ENTRIES, epoch);
            leader.pass(SimulatedController.RESYNC);
            settle();
        }
        assertHolds(Extent.EVERYTHING, epoch);
        if (!hours && !people.laidHands()) {
            assertIdle();
        }
        former.forEach(late -> {
            late.watch.deliverAll();
            late.pass(LONGEST_PAUSE);
        });
        assertHolds(Extent.EVERYTHING, 0);
        return cluster.subnets.given();
    }

    private void leaveAndReturn() {
        trace.accept("all whose addresses are kept leave, and return");
        returns.join();
        people.routeSome();
        settle();
        returns.leave();
        passShortly();
        if (random.nextBoolean() && returns.edit()) {
            trace.accept("their network was edited");
        }
        returns.othersCome();
        passShortly();
        returns.comeBack();
        settle();
        returns.assertTheirOwn();
    }

    /** Less than addresses are kept. */
    private void passShortly() {
        leader.watch.deliverAll();
        leader.pass(Duration.ofSeconds(15));
    }

    /** How many pods left and returned to addresses that were kept for them. */
    int returned() {
        return returns.count();
    }

    /** How often EndpointSlices were written in it. */
    int slicesWritten() {
        return cluster.names.writes();
    }

    private SimulatedController controller() {
        return new SimulatedController(cluster, new Random(random.nextLong()), made -> {
            SimulatedAgents way = new SimulatedAgents(cluster, random, made::epoch, this::meanwhile);
            agents.add(way);
            return way;
        });
    }

    private void step() {
        if (people.isCrowded() && random.nextInt(8) == 0) {
            stir(leader);
            failOver();
        }
        switch (random.nextInt(16)) {
            case 0 -> leader.watch.lose(1 + random.nextInt(4));
            case 1 -> leader.watch.list();
            case 2 -> people.anyKey().ifPresent(leader.watch::repeat);
            case 3 -> failOver();
            case 4 -> stir(standby);
            case 5 -> former.forEach(this::stir);
            case 6 -> pass();
            case 7, 8, 9 -> stir(leader);
            default -> people.act();
        }
    }

    private void pass() {
        hours |= random.nextInt(20) == 0;
        leader.pass(hours ? SimulatedController.RESYNC : Duration.ofMillis(random.nextInt(20_000)));
    }

    /** Some events arrive, some work is done, in any order. */
    private void stir(SimulatedController controller) {
        for (int i = random.nextInt(8); i > 0; i--) {
            switch (random.nextInt(3)) {
                case 0 -> controller.time.runOne();
                case 1 -> controller.time.pass(Duration.ofMillis(random.nextInt(300)));
                default -> controller.watch.deliver();
            }
        }
    }

    /** What may happen while a script is under way: anything. */
    private void meanwhile() {
        if (depth > 2 || random.nextInt(6) > 0) {
            return;
        }
        depth++;
        switch (random.nextInt(4)) {
            case 0 -> leader.time.runOne();
            case 1 -> people.act();
            default -> leader.watch.deliver();
        }
        depth--;
    }

    private void failOver() {
        trace.accept("another leads");
        if (former.size() < 2 && random.nextBoolean()) {
            former.add(leader);
        } else {
            cluster.remove(leader.watch);
        }
        leader.statuses.end();
        leader.names.end();
        leader = standby;
        leader.lead(++epoch);
        standby = controller();
        fail(failing);
    }

    /** From now on no more faults; what happened while events were lost is listed. */
    private void heal() {
        trace.accept("all is well from now on");
        fail(0);
        people.heal();
        leader.watch.deliverAll();
        leader.watch.list();
        depth = Integer.MAX_VALUE;
    }

    private void fail(int percent) {
        agents.forEach(agent -> agent.failing = percent);
        leader.statuses.failing = percent;
        cluster.names.failing = percent;
    }

    /** What is written on pods comes back as events. */
    private void settle() {
        for (int i = 0; i < ROUNDS; i++) {
            leader.watch.deliverAll();
            leader.pass(LONGEST_PAUSE.dividedBy(ROUNDS));
        }
        leader.watch.deliverAll();
        leader.names.scan();
        leader.time.pass(NAMES_TAKE);
    }

    /**
     * Fails if something is not as it should be.
     *
     * @param since what an earlier leader than of that epoch left on a pod that has lost its label, it has to take away
     */
    private void assertHolds(Extent extent, long since) {
        assertEquals(List.of(), Truth.faults(cluster, extent, since));
        assertEquals(List.of(), cluster.names.faults());
        assertEquals(List.of(), cluster.subnets.clashes());
        assertEquals(
                List.of(),
                cluster.pods().stream().flatMap(pod -> pod.complaints.stream()).toList());
        anchors.assertUnbroken();
        long members = cluster.pods().stream().filter(SimulatedPod::isMember).count();
        assertEquals(members, leader.members.reachable(), "members");
    }

    private void assertIdle() {
        int before = agents.stream().mapToInt(agent -> agent.scripts).sum();
        int written = cluster.names.writes();
        leader.pass(LONGEST_PAUSE);
        assertEquals(written, cluster.names.writes(), "writes of slices when nothing happens");
        assertEquals(before, agents.stream().mapToInt(agent -> agent.scripts).sum(), "scripts when nothing happens");
    }
}
