package io.github.kubevxlan.controller.reconcile;

import static io.github.kubevxlan.controller.overlay.Nets.link;
import static io.github.kubevxlan.controller.overlay.Nets.net;
import static io.github.kubevxlan.controller.overlay.Nets.peers;
import static io.github.kubevxlan.controller.overlay.Nets.want;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.SimulatedKernel;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImpairmentsTest {
    private static final Impairments DELAY = new Impairments(Map.of(Impairment.DELAY, 20_000));
    private static final Impairments RATE = new Impairments(Map.of(Impairment.RATE, 10_000));
    private static final Impairments BOTH =
            new Impairments(Map.of(Impairment.DELAY, 20_000, Impairment.LOSS, 500, Impairment.RATE, 10_000));

    private final SimulatedKernel kernel = new SimulatedKernel();
    private final SimulatedAgent agent = SimulatedAgent.of(kernel);

    @Test
    void anEditIsAppliedInPlaceAndTakenAwayWithoutTrace() {
        settle(Impairments.NONE);
        int index = kernel.ifindex("vx0");
        List<?> before = kernel.observed();

        assertEquals(List.of("vx0: impairments none, wanted delay=20ms"), words(settle(DELAY)));
        assertEquals(ours(DELAY, 1000), kernel.qdisc("vx0"));
        assertEquals(List.of("vx0: impairments delay=20ms, wanted rate=10mbit"), words(settle(RATE)));
        assertEquals(ours(RATE, 0), kernel.qdisc("vx0"));
        assertEquals(List.of("vx0: impairments rate=10mbit, wanted none"), words(settle(Impairments.NONE)));

        assertEquals(before, kernel.observed());
        assertEquals(index, kernel.ifindex("vx0"));
    }

    @Test
    void aNewInterfaceHasThemAtOnce() {
        Outcome.Settled settled = settle(BOTH);

        assertEquals(ours(BOTH, 1000), kernel.qdisc("vx0"));
        assertEquals(List.of("created vx0"), words(settled));
        assertEquals(Outcome.Containers.RELEASED, settled.containers());
    }

    @Test
    void whatIsChangedByHandIsRepaired() {
        settle(DELAY);
        for (ObservedQdisc damage :
                List.of(new ObservedQdisc.None(), ours(RATE, 0), new ObservedQdisc.Ours(Optional.empty()))) {
            kernel.qdisc("vx0", damage);

            Change change = settle(DELAY).changes().getFirst();

            assertTrue(change.isRepair());
            assertEquals(ours(DELAY, 1000), kernel.qdisc("vx0"));
        }
    }

    @Test
    void oneOfOursThatDoesSomethingElseIsMadeAnew() {
        settle(DELAY);
        kernel.qdisc("vx0", new ObservedQdisc.Ours(Optional.empty()));
        agent.scripts.clear();

        settle(DELAY);

        List<NetOp> ops = agent.scripts.get(1).ops();
        assertInstanceOf(NetOp.DelQdisc.class, ops.get(0));
        assertInstanceOf(NetOp.PutQdisc.class, ops.get(1));
    }

    @Test
    void somebodyElsesIsLeftAloneAndToldWhereItIsInTheWay() {
        settle(Impairments.NONE);
        kernel.qdisc("vx0", new ObservedQdisc.Foreign("htb"));

        assertEquals(List.of(), settle(Impairments.NONE).problems());
        assertEquals(
                List.of("network vx0: its interface has a qdisc htb that is not the controller's, so it is without"
                        + " rate=10mbit delay=20ms loss=0.5%"),
                sentences(settle(BOTH)));
        assertEquals(new ObservedQdisc.Foreign("htb"), kernel.qdisc("vx0"));
    }

    @Test
    void whatTheKernelLacksIsToldAndAllElseIsApplied() {
        kernel.lacks(Qdisc.Kind.NETEM);

        Outcome.Settled settled = settle(DELAY);

        assertEquals(List.of("network vx0: the kernel has no sch_netem, so without delay=20ms"), sentences(settled));
        assertEquals(
                NetworkProblem.Effect.LEFT_OUT, settled.problems().getFirst().effect());
        assertEquals(List.of("created vx0"), words(settled));
        assertEquals(Outcome.Containers.RELEASED, settled.containers());
        assertTrue(kernel.isMarked());
        assertEquals(new ObservedQdisc.None(), kernel.qdisc("vx0"));
    }

    @Test
    void theRateIsLeftToTbfWhereTheKernelLacksNetem() {
        kernel.lacks(Qdisc.Kind.NETEM);

        for (int i = 0; i < 2; i++) {
            assertEquals(
                    List.of("network vx0: the kernel has no sch_netem, so without delay=20ms, loss=0.5%"),
                    sentences(settle(BOTH)));
            assertEquals(ours(RATE, 0), kernel.qdisc("vx0"));
        }
    }

    @Test
    void aKernelWithNeitherHasNone() {
        kernel.lacks(Qdisc.Kind.NETEM);
        kernel.lacks(Qdisc.Kind.TBF);

        assertEquals(
                List.of(
                        "network vx0: the kernel has no sch_netem, so without delay=20ms, loss=0.5%",
                        "network vx0: the kernel has no sch_tbf, so without rate=10mbit"),
                sentences(settle(BOTH)));
        assertTrue(kernel.isMarked());
    }

    @Test
    void anOlderAgentIsAskedForNoneAndThatIsTold() {
        kernel.knowsQdiscs(false);

        for (int i = 0; i < 2; i++) {
            Outcome.Settled settled = settle(BOTH);

            assertEquals(
                    List.of("network vx0: its agent is of an older version, so without rate=10mbit, delay=20ms,"
                            + " loss=0.5%"),
                    sentences(settled));
            assertEquals(
                    NetworkProblem.Effect.LEFT_OUT,
                    settled.problems().getFirst().effect());
            assertEquals(i == 0 ? List.of("created vx0") : List.of(), words(settled));
        }
        assertTrue(kernel.isMarked());
        assertEquals(List.of(), settle(Impairments.NONE).problems());
        assertEquals(List.of(), qdiscOps());
    }

    @Test
    void onceTheAgentIsANewerOneTheyArePut() {
        kernel.knowsQdiscs(false);
        settle(DELAY);
        kernel.knowsQdiscs(true);

        assertEquals(List.of(), settle(DELAY).problems());
        assertEquals(ours(DELAY, 1000), kernel.qdisc("vx0"));
    }

    @Test
    void aRefusalIsNoChangeAndCausesNoneAtTheNextCheck() {
        kernel.lacks(Qdisc.Kind.NETEM);
        settle(DELAY);

        assertEquals(List.of(), settle(DELAY).changes());
    }

    @Test
    void withoutImpairmentsNothingIsAskedOrSentOfQdiscs() {
        settle(Impairments.NONE);

        agent.scripts.forEach(script -> assertEquals(false, script.needsTc()));
    }

    @Test
    void aShellIsAskedAboutOneThatMayBeOurs() {
        settle(DELAY);
        kernel.tellsQdiscs(false);
        agent.scripts.clear();

        settle(Impairments.NONE);

        assertEquals(
                List.of(false, true, false),
                agent.scripts.stream()
                        .map(script -> script.reportRequest().qdiscs())
                        .toList());
        assertEquals(new ObservedQdisc.None(), kernel.qdisc("vx0"));
    }

    private Outcome.Settled settle(Impairments impairments) {
        DesiredPod want = want(link(net("vx0", 100).impaired(impairments), peers("10.244.2.1")));
        return assertInstanceOf(Outcome.Settled.class, agent.attempt(want, true));
    }

    private List<NetOp> qdiscOps() {
        return agent.scripts.stream()
                .flatMap(script -> script.ops().stream())
                .filter(op -> op instanceof NetOp.PutQdisc || op instanceof NetOp.DelQdisc)
                .toList();
    }

    private static ObservedQdisc ours(Impairments impairments, int limit) {
        return new ObservedQdisc.Ours(Optional.of(new Qdisc(impairments, limit)));
    }

    private static List<String> words(Outcome.Settled settled) {
        return settled.changes().stream().map(Change::sentence).toList();
    }

    private static List<String> sentences(Outcome.Settled settled) {
        return settled.problems().stream().map(NetworkProblem::sentence).toList();
    }
}
