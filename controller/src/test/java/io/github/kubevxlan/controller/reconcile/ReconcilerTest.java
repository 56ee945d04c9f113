package io.github.kubevxlan.controller.reconcile;

import static io.github.kubevxlan.controller.overlay.Nets.MAC;
import static io.github.kubevxlan.controller.overlay.Nets.link;
import static io.github.kubevxlan.controller.overlay.Nets.net;
import static io.github.kubevxlan.controller.overlay.Nets.peers;
import static io.github.kubevxlan.controller.overlay.Nets.staticLink;
import static io.github.kubevxlan.controller.overlay.Nets.want;
import static io.github.kubevxlan.controller.overlay.Nets.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Forwarding;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.diff.FilterSupport;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.diff.SimulatedKernel;
import io.github.kubevxlan.controller.overlay.Claims;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.RetainedLinks;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcilerTest {
    private final SimulatedKernel kernel = new SimulatedKernel();
    private final SimulatedAgent agent = SimulatedAgent.of(kernel);

    @Test
    void releasesThePodOnlyWhenEverythingIsThere() {
        DesiredLink link = link(net("vx0", 100), peers("10.244.2.1"));
        NetworkProblem undefined = new NetworkProblem("vx1", "network vx1 is not defined");
        DesiredPod waiting = new DesiredPod(List.of(link), RetainedLinks.NOTHING, List.of(undefined));

        Outcome.Settled held = assertInstanceOf(Outcome.Settled.class, agent.settle(waiting));
        assertEquals(Outcome.Containers.HELD, held.containers());
        assertEquals(List.of(undefined), held.problems());
        assertFalse(kernel.isMarked());

        Outcome.Settled let =
                assertInstanceOf(Outcome.Settled.class, agent.settle(want(link, link(net("vx1", 101), peers()))));
        assertEquals(Outcome.Containers.RELEASED, let.containers());
        assertEquals(List.of(), let.problems());
        assertTrue(kernel.isMarked());
    }

    @Test
    void doesNotReleaseThePodWhenAForeignDeviceIsInTheWay() {
        kernel.foreign("vx0");

        agent.settle(want(link(net("vx0", 100), peers())));

        assertFalse(kernel.isMarked());
    }

    @Test
    void putsNothingIntoAForeignDeviceWhenAPeerJoins() {
        kernel.foreign("vx0");
        agent.attempt(want(link(net("vx0", 100), peers("10.244.2.1"))), false);
        agent.scripts.clear();

        agent.attempt(want(link(net("vx0", 100), peers("10.244.2.1", "10.244.2.2"))), false);

        assertFalse(agent.scripts.isEmpty());
        agent.scripts.forEach(script -> assertEquals(List.of(), script.ops()));
    }

    @Test
    void sendsAJoiningPeerInOneRoundTripWhoseSizeIsThatOfTheChange() {
        agent.attempt(want(link(net("vx0", 100), peers("10.244.2.1", "10.244.2.2"))), false);
        agent.scripts.clear();

        agent.attempt(want(link(net("vx0", 100), peers("10.244.2.1", "10.244.2.2", "10.244.2.3"))), false);

        assertEquals(1, agent.scripts.size());
        Script script = agent.scripts.getFirst();
        assertEquals(
                List.of(new NetOp.PutEntry(net("vx0", 100).ifName(), new Entry.Flood(IpAddr.parse("10.244.2.3")))),
                script.ops());
        assertFalse(script.reportRequest().devices());
        assertEquals(List.of(), script.reportRequest().lists());
    }

    @Test
    void asksNothingOfAPodThatIsEndingUnlessASessionIsOpen() throws Exception {
        Target ending = new Target(
                SimulatedAgent.ending(SimulatedAgent.POD),
                want(link(net("vx0", 100), peers("10.244.2.1"))),
                Claims.NONE);
        agent.session = false;

        assertEquals(new Outcome.Idle(), agent.reconciler.reconcile(ending, true));
        assertEquals(List.of(), agent.scripts);

        agent.session = true;
        assertInstanceOf(Outcome.Settled.class, agent.reconciler.reconcile(ending, false));
        assertFalse(agent.scripts.isEmpty());
    }

    @Test
    void asksNothingWhenNothingChanged() {
        DesiredPod want = want(link(net("vx0", 100), peers("10.244.2.1")));
        agent.attempt(want, false);
        agent.scripts.clear();

        assertEquals(new Outcome.Idle(), agent.attempt(want, false));
        assertEquals(List.of(), agent.scripts);
    }

    @Test
    void repairsWhatWasDoneByHandWhenAPeerJoins() {
        agent.attempt(want(link(net("vx0", 100), peers("10.244.2.1", "10.244.2.2"))), false);
        kernel.entries("vx0").remove(new Entry.Flood(IpAddr.parse("10.244.2.1")));

        agent.attempt(want(link(net("vx0", 100), peers("10.244.2.1", "10.244.2.2", "10.244.2.3"))), false);

        assertEquals(
                Set.of(IpAddr.parse("10.244.2.1"), IpAddr.parse("10.244.2.2"), IpAddr.parse("10.244.2.3")),
                new TreeSet<>(kernel.floods("vx0")));
    }

    @Test
    void findsALinkThatWasRemovedByHandWhenItChecks() {
        DesiredPod want = want(link(net("vx0", 100), peers("10.244.2.1")));
        agent.attempt(want, false);
        kernel.delete("vx0");

        agent.attempt(want, true);

        assertEquals(Set.of(IpAddr.parse("10.244.2.1")), kernel.floods("vx0"));
    }

    @Test
    void comparesInFullWhenTheAgentIsAnotherAsInANewSandboxWithTheOldAddress() throws InterruptedException {
        DesiredPod want = want(link(net("vx0", 100), peers("10.244.2.1")));
        agent.attempt(want, false);
        kernel.delete("vx0");

        agent.reconciler.reconcile(new Target(SimulatedAgent.restarted(), want, Claims.NONE), false);

        assertEquals(Set.of(IpAddr.parse("10.244.2.1")), kernel.floods("vx0"));
    }

    @Test
    void comparesInFullAfterAFailure() {
        agent.attempt(want(link(net("vx0", 100), peers("10.244.2.1"))), false);
        agent.failures = 1;
        DesiredPod next = want(link(net("vx0", 100), peers("10.244.2.2")));

        assertEquals(new Outcome.Failed("no answer within 10 s", Outcome.Cause.UNANSWERED), agent.attempt(next, false));
        agent.attempt(next, false);

        assertEquals(Set.of(IpAddr.parse("10.244.2.2")), kernel.floods("vx0"));
    }

    @Test
    void anAttemptWhoseCallsTakeLongEndsAndLeavesTheRestToTheNext() {
        agent.undoing = Optional.of(() -> kernel.delete("vx0"));
        agent.callTakes = Duration.ofSeconds(6);

        Outcome outcome = agent.settle(want(link(net("vx0", 100), peers())));

        assertEquals(2, agent.scripts.size());
        assertEquals(
                new Outcome.Failed(
                        "the pod's network does not become what it should be in time",
                        Outcome.Cause.LOST,
                        outcome.changes()),
                outcome);
    }

    @Test
    void anAgentThatAnswersEachCallJustInTimeSettles() {
        agent.callTakes = Duration.ofSeconds(9);

        assertInstanceOf(Outcome.Settled.class, agent.settle(want(link(net("vx0", 100), peers("10.244.2.1")))));
    }

    @Test
    void undoesAHalfDoneChangeThatIsNoLongerWanted() {
        DesiredPod before = want(link(net("vx0", 100), peers("10.244.2.1")));
        agent.attempt(before, false);
        agent.losesAnswers = true;
        agent.failures = 1;
        agent.attempt(want(link(net("vx0", 100), peers("10.244.2.2"))), false);

        agent.attempt(before, false);

        assertEquals(Set.of(IpAddr.parse("10.244.2.1")), kernel.floods("vx0"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void endsInTheWantedStateFromAnyHistory(long seed) {
        Random random = new Random(seed);
        SimulatedKernel reference;
        DesiredPod want = want();
        for (int step = 0; step < 200; step++) {
            want = randomWant(random);
            damage(random);
            agent.failures = random.nextInt(5) == 0 ? 1 : 0;
            agent.losesAnswers = random.nextBoolean();
            while (agent.attempt(want, random.nextBoolean()) instanceof Outcome.Failed) {}
        }
        agent.settle(want);
        reference = new SimulatedKernel();
        SimulatedAgent.of(reference).settle(want);

        assertEquals(reference.names(), kernel.names());
        for (DesiredLink link : want.links()) {
            assertEquals(
                    reference.entries(link.name().value()),
                    kernel.entries(link.name().value()));
            if (link.network().forwarding() == Forwarding.STATIC) {
                assertEquals(MAC, kernel.mac(link.name().value()));
            }
            assertEquals(
                    reference.addresses(link.name().value()),
                    kernel.addresses(link.name().value()));
            assertEquals(
                    reference.routes(link.name().value()),
                    kernel.routes(link.name().value()));
        }
    }

    private DesiredPod randomWant(Random random) {
        List<DesiredLink> links = new ArrayList<>();
        List<Integer> vnis = new ArrayList<>(List.of(100, 101, 102));
        if (random.nextInt(4) == 0) {
            Collections.shuffle(vnis, random);
        }
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String name = "vx" + i;
            String subnet = "192.168." + (10 * i + random.nextInt(2));
            List<String> addresses = new ArrayList<>();
            for (int host = 2; host < 5; host++) {
                if (random.nextBoolean()) {
                    addresses.add(subnet + "." + host + "/24");
                }
            }
            List<String> routes = !addresses.isEmpty() && random.nextBoolean()
                    ? List.of("172.16." + i + ".0/24:" + subnet + ".1")
                    : List.of();
            String[] others = random.ints(0, 20)
                    .limit(random.nextInt(10))
                    .mapToObj(n -> "10.244.2." + (n + 1))
                    .toArray(String[]::new);
            Network network = with(net(name, vnis.get(i)), addresses, routes);
            links.add(random.nextBoolean() ? link(network, peers(others)) : staticLink(network, others));
        }
        return want(links.toArray(DesiredLink[]::new));
    }

    private void damage(Random random) {
        for (String name : List.copyOf(kernel.names())) {
            if (name.startsWith("vx")) {
                IfName link = new IfName(name);
                IpAddr vtep = IpAddr.parse("10.244.77.77");
                Mac mac = new Mac("72:78:00:00:77:77");
                switch (random.nextInt(16)) {
                    case 0 -> kernel.delete(name);
                    case 1 -> kernel.entries(name).clear();
                    case 2 -> kernel.hand(new NetOp.PutEntry(link, new Entry.Flood(vtep)));
                    case 3 -> kernel.hand(new NetOp.PutEntry(link, new Entry.Unicast(mac, vtep)));
                    case 4 -> kernel.hand(new NetOp.PutEntry(link, new Entry.Neighbour(IpAddr.parse("10.9.0.1"), mac)));
                    case 5 -> kernel.hand(new NetOp.SetMac(link, mac));
                    case 6 -> kernel.hand(new NetOp.SetUp(link, false));
                    default -> {}
                }
            }
        }
    }

    @Test
    void anAgentThatIsAloneIsToldToEndOnceAndAgainAtTheNextCheck() throws InterruptedException {
        Target alone = new Target(SimulatedAgent.alone(), want(), Claims.NONE);

        agent.failures = 1;
        assertEquals(
                new Outcome.Failed("no answer within 10 s", Outcome.Cause.UNANSWERED),
                agent.reconciler.reconcile(alone, false));
        assertEquals(
                new Outcome.Settled(Outcome.Containers.HELD, List.of(), Optional.empty(), FilterSupport.ALL, List.of()),
                agent.reconciler.reconcile(alone, false));
        assertEquals(new Outcome.Idle(), agent.reconciler.reconcile(alone, false));
        assertEquals(
                new Outcome.Settled(Outcome.Containers.HELD, List.of(), Optional.empty(), FilterSupport.ALL, List.of()),
                agent.reconciler.reconcile(alone, true));

        assertEquals(List.of(Script.END, Script.END), agent.scripts);
    }
}
