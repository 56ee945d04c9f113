package io.github.kubevxlan.controller.status;

import static io.github.kubevxlan.controller.overlay.Nets.link;
import static io.github.kubevxlan.controller.overlay.Nets.net;
import static io.github.kubevxlan.controller.overlay.Nets.peers;
import static io.github.kubevxlan.controller.overlay.Nets.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.Claims;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.RetainedLinks;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusPlanTest {
    private static final Mac MAC = new Mac("0a:00:00:00:00:01");
    private static final DesiredLink LINK =
            link(with(net("vx0", 100), List.of("10.1.0.1/24", "fd01::1/64"), List.of()), peers());
    private static final NetworkStatus READY = new NetworkStatus(
            "vx0",
            State.READY,
            Optional.of(new Vni(100)),
            new NetworkStatus.Link(
                    Optional.of(new IfName("vx0")),
                    List.of(IpAddr.parse("10.1.0.1"), IpAddr.parse("fd01::1")),
                    Optional.of(MAC),
                    OptionalInt.of(1450),
                    Optional.of("1.0.0")),
            "");

    @Test
    void tellsWhatTheAgentReportedInTheOrderDeclared() {
        assertEquals(
                List.of(READY),
                StatusPlan.settled(
                        want(), want(), Claims.NONE, seen("fd01::1/64", "fe80::1/64", "10.1.0.1/24"), List.of()));
    }

    @Test
    void keepsWhatIsWrittenOfNetworksThatStayAsTheyAre() {
        RetainedLinks all = new RetainedLinks(true, Set.of(), Set.of());

        assertEquals(List.of(READY), StatusPlan.withRetained(List.of(), all, List.of(READY)));
        assertEquals(List.of(READY), StatusPlan.withRetained(List.of(READY), all, List.of(READY.lost())));
        assertEquals(List.of(), StatusPlan.withRetained(List.of(), RetainedLinks.NOTHING, List.of(READY)));
    }

    @Test
    void tellsOfNoAddressThatIsNotThere() {
        assertEquals(
                List.of(IpAddr.parse("10.1.0.1")),
                StatusPlan.settled(want(), want(), Claims.NONE, seen("10.1.0.1/24"), List.of())
                        .getFirst()
                        .ips());
    }

    @Test
    void saysWhyANetworkCantBeHadInTheProblemsWords() {
        NetworkProblem foreign =
                new NetworkProblem("vx0", "network vx0: a device vx0 already exists and is not the controller's");
        NetworkProblem undefined = new NetworkProblem("later", "network later is not defined");

        assertEquals(
                List.of(
                        NetworkStatus.without(
                                "vx0", State.UNAVAILABLE, Optional.of(new Vni(100)), List.of(), foreign.sentence()),
                        NetworkStatus.without(
                                "later", State.UNAVAILABLE, Optional.empty(), List.of(), undefined.sentence())),
                StatusPlan.settled(want(), want(), Claims.NONE, seen(), List.of(undefined, foreign)));
    }

    @Test
    void saysAtEveryNetworkWhatIsWrongWithTheDeclaration() {
        NetworkProblem unreadable = new NetworkProblem("", "annotation x: found y, allowed: z");

        assertEquals(
                List.of(READY.saying(unreadable.sentence())),
                StatusPlan.settled(
                        want(), want(), Claims.NONE, seen("10.1.0.1/24", "fd01::1/64"), List.of(unreadable)));
    }

    @Test
    void takesWhatWasReadyForReadyWhileTheAgentFails() {
        assertEquals(List.of(READY), StatusPlan.failing(want(), Claims.NONE, List.of(READY), "no answer"));
    }

    @Test
    void keepsAClaimWhileTheAgentFails() {
        NetworkStatus claim = NetworkStatus.claim("vx0", new Vni(100), List.of(IpAddr.parse("10.1.0.1")));

        NetworkStatus told = StatusPlan.failing(want(), Claims.NONE, List.of(claim), "no answer")
                .getFirst();

        assertEquals(State.PENDING, told.state());
        assertEquals(claim.ips(), told.ips());
        assertEquals("no answer", told.message());
    }

    private static DesiredPod want() {
        return Nets.want(LINK);
    }

    private static ObservedPod seen(String... addresses) {
        List<ObservedAddress> all = List.of(addresses).stream()
                .map(text -> new ObservedAddress(InterfaceAddress.parse(text), true))
                .toList();
        ObservedLink link = new ObservedLink(
                new ObservedLink.Identity("vx0", 4, ""),
                new ObservedLink.Attributes(Optional.of(MAC), true, 1450),
                Optional.empty(),
                all);
        return new ObservedPod(
                new ObservedPod.Devices(List.of(link), Set.of()),
                new ObservedPod.Routing(List.of(), List.of()),
                Optional.empty(),
                Map.of(),
                new ObservedPod.Diagnostics(List.of(), Optional.of("1.0.0")));
    }
}
