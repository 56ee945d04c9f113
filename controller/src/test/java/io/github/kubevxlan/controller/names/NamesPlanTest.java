package io.github.kubevxlan.controller.names;

import static io.github.kubevxlan.controller.names.Samples.DEFINITIONS;
import static io.github.kubevxlan.controller.names.Samples.KEYS;
import static io.github.kubevxlan.controller.names.Samples.pod;
import static io.github.kubevxlan.controller.names.Samples.podIn;
import static io.github.kubevxlan.controller.names.Samples.service;
import static io.github.kubevxlan.controller.names.Samples.status;
import static io.github.kubevxlan.controller.names.Samples.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesPlanTest {
    private final Board board = new Board();

    @Test
    void aServiceGetsASliceOfEachFamilyOfItsMembers() {
        board.apply(view(List.of(service("web")), pod("web-0", "10.1.0.1", "fd00::1"), pod("web-1", "10.1.0.2")));

        assertEquals(Map.of("web-0", "10.1.0.1", "web-1", "10.1.0.2"), board.hosts(Family.IPV4));
        assertEquals(Map.of("web-0", "fd00::1"), board.hosts(Family.IPV6));
        Slice slice = board.slices(Family.IPV4).getFirst();
        assertEquals(List.of(new SlicePort("web", "TCP", Optional.empty(), 8080)), slice.ports());
        assertEquals(service("web").ref(), slice.service());
        Endpoint endpoint = slice.endpoints().getFirst();
        assertEquals("node", endpoint.node());
        assertEquals("shop-web-0", endpoint.pod().uid());
        assertTrue(endpoint.serving());
    }

    @Test
    void whatIsAsWantedIsNotWritten() {
        NamesView view = view(List.of(service("web")), pod("web-0", "10.1.0.1"));
        board.apply(view);
        assertEquals(List.of(), board.apply(view));
    }

    @Test
    void aJoinOrALeaveAmongAThousandMembersChangesOneSliceOfEachFamily() {
        List<PodNames> pods = IntStream.range(0, 1000)
                .mapToObj(i -> pod("web-" + i, "10.1.%d.%d".formatted(i / 256, i % 256), "fd00::" + (i + 1)))
                .toList();
        board.apply(view(List.of(service("web")), pods.subList(0, 999).toArray(PodNames[]::new)));
        assertEquals(
                20, board.slices(Family.IPV4).size() + board.slices(Family.IPV6).size());
        assertEquals(
                2,
                board.apply(view(List.of(service("web")), pods.toArray(PodNames[]::new)))
                        .size());
        assertEquals(
                2,
                board.apply(view(List.of(service("web")), pods.subList(1, 1000).toArray(PodNames[]::new)))
                        .size());
    }

    @Test
    void withoutAServiceThatAsksNothingIsWritten() {
        assertEquals(List.of(), board.apply(view(List.of(), pod("web-0", "10.1.0.1"))));
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"CLAIMED", "PENDING", "UNAVAILABLE"})
    void aMemberWithoutItsInterfaceHasNoName(State state) {
        board.apply(view(List.of(service("web")), podIn("shop", "web-0", status("blue", state, "10.1.0.1"))));
        assertEquals(Map.of(), board.hosts(Family.IPV4));
    }

    @Test
    void aMemberWhoseInterfaceFollowsItsPeersHasAName() {
        board.apply(view(List.of(service("web")), podIn("shop", "web-0", status("blue", State.DEGRADED, "10.1.0.1"))));
        assertEquals(Map.of("web-0", "10.1.0.1"), board.hosts(Family.IPV4));
    }

    @Test
    void onlyMembersOfThatNetworkAndNamespaceHaveNames() {
        board.apply(view(
                List.of(service("web")),
                podIn("shop", "red", status("red", State.READY, "10.1.0.1")),
                podIn("other", "blue", status("blue", State.READY, "10.1.0.2")),
                podIn(
                        "shop",
                        "both",
                        status("red", State.READY, "10.2.0.3"),
                        status("blue", State.READY, "10.1.0.3"))));
        assertEquals(Map.of("both", "10.1.0.3"), board.hosts(Family.IPV4));
    }

    @Test
    void aSelectorChoosesAmongTheMembers() {
        board.apply(view(
                List.of(service("shop", "web", "blue", Optional.of("app in (web)"))),
                pod("web-0", "10.1.0.1"),
                pod("db-0", "10.1.0.2")));
        assertEquals(Map.of("web-0", "10.1.0.1"), board.hosts(Family.IPV4));
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, true", "false, true"})
    void aPodThatIsNotReadyOrEndsHasNoNameUnlessTheServiceWantsIt(boolean ready, boolean ends) {
        PodNames pod = with(pod("web-0", "10.1.0.1"), "", ready, ends);
        board.apply(view(List.of(service("web")), pod));
        assertEquals(Map.of(), board.hosts(Family.IPV4));

        board.apply(view(List.of(publishingNotReady(service("web"))), pod));
        assertEquals(Map.of("web-0", "10.1.0.1"), board.hosts(Family.IPV4));
        Endpoint endpoint = board.slices(Family.IPV4).getFirst().endpoints().getFirst();
        assertEquals(ready, endpoint.serving());
        assertEquals(ends, endpoint.ends());
    }

    @Test
    void theHostnameOfThePodsSpecComesBeforeItsName() {
        board.apply(view(
                List.of(service("web")),
                with(pod("a", "10.1.0.1"), "first", true, false),
                pod("has.dots", "10.1.0.2")));
        assertEquals(Map.of("first", "10.1.0.1", "", "10.1.0.2"), board.hosts(Family.IPV4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fe80::1", "::1", "ff02::1", "::", "::ffff:10.1.0.1"})
    void anAddressThatNoSliceTakesIsPassedOver(String address) {
        board.apply(view(List.of(service("web")), pod("web-0", address, "fd00::1"), pod("web-1", address)));
        assertEquals(Map.of("web-0", "fd00::1"), board.hosts(Family.IPV6));
    }

    @Test
    void theFirstAddressOfAFamilyIsTheOne() {
        board.apply(view(List.of(service("web")), pod("web-0", "10.1.0.1", "10.1.0.2")));
        assertEquals(Map.of("web-0", "10.1.0.1"), board.hosts(Family.IPV4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "green  | annotation vxlan.travelping.com/network | a network that is defined, such as blue",
                "''     | annotation vxlan.travelping.com/network | a network that is defined, such as blue",
                "closed | annotation vxlan.travelping.com/network | a network that pods of namespace shop may join",
            })
    void aNetworkThatIsNotForTheServiceIsSaidAndPublishesNothing(String network, String where, String allowed) {
        board.apply(view(
                List.of(service("shop", "web", network, Optional.empty())),
                podIn("shop", "web-0", status(network, State.READY, "10.1.0.1"))));
        assertEquals(Map.of(), board.hosts(Family.IPV4));
        assertEquals(where, board.problem("web").where());
        assertEquals(network, board.problem("web").found());
        assertEquals(allowed, board.problem("web").allowed());
    }

    @Test
    void aNetworkThatClosesTakesItsNamesAway() {
        NamesView open = view(List.of(service("web")), pod("web-0", "10.1.0.1"));
        board.apply(open);
        board.apply(new NamesView(
                Definitions.parse(Map.of("blue", "id=100 namespaces=other"), Samples.DEFAULTS),
                open.services(),
                open.pods(),
                List.of()));
        assertEquals(Map.of(), board.hosts(Family.IPV4));
    }

    @Test
    void membersOfABrokenDefinitionKeepTheirNames() {
        board.apply(view(
                List.of(service("shop", "web", "broken", Optional.empty())),
                podIn("shop", "web-0", status("broken", State.READY, "10.1.0.1"))));
        assertEquals(Map.of("web-0", "10.1.0.1"), board.hosts(Family.IPV4));
    }

    @Test
    void withoutDefinitionsEverythingStays() {
        NamesView view = view(List.of(service("web")), pod("web-0", "10.1.0.1"));
        board.apply(view);
        List<SliceChange> changes =
                board.apply(new NamesView(Definitions.absent(Samples.DEFAULTS), List.of(), List.of(), List.of()));
        assertEquals(List.of(), changes);
        assertEquals(Map.of("web-0", "10.1.0.1"), board.hosts(Family.IPV4));
    }

    @Test
    void aServiceWithASelectorOrAnAddressPublishesNothing() {
        ServiceSnapshot headless = service("web");
        for (ServiceSnapshot wrong : List.of(
                changed(headless, "app=web", "None", headless.ports()),
                changed(headless, "", "10.96.0.1", headless.ports()),
                changed(headless, "", "", headless.ports()))) {
            board.apply(view(List.of(headless), pod("web-0", "10.1.0.1")));
            board.apply(view(List.of(wrong), pod("web-0", "10.1.0.1")));
            assertEquals(Map.of(), board.hosts(Family.IPV4));
            assertEquals(
                    wrong.selector().isEmpty() ? "spec.clusterIP" : "spec.selector",
                    board.problem("web").where());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "0", "08", "123456"})
    void aTargetPortThatIsNoNumberIsSaid(String target) {
        ServiceSnapshot service = service("web");
        board.apply(view(
                List.of(changed(service, "", "None", List.of(new ServicePort("a", "TCP", Optional.empty(), target)))),
                pod("web-0", "10.1.0.1")));
        assertEquals("spec.ports[0].targetPort", board.problem("web").where());
        assertEquals(target, board.problem("web").found());
    }

    @Test
    void aSelectorWithAMistakeIsSaid() {
        board.apply(view(List.of(service("shop", "web", "blue", Optional.of("app=(")))));
        assertEquals(
                "annotation vxlan.travelping.com/network-pods",
                board.problem("web").where());
    }

    @Test
    void ofTooManyServicesInANamespaceTheOldestHaveTheNames() {
        List<ServiceSnapshot> services = IntStream.range(0, ServiceCheck.MOST_SERVICES + 1)
                .mapToObj(i -> service("s%03d".formatted(i)))
                .toList();
        board.apply(view(services, pod("web-0", "10.1.0.1")));
        assertEquals(ServiceCheck.MOST_SERVICES, board.slices(Family.IPV4).size());
        assertTrue(board.problem("s100").allowed().startsWith("at most 100 Services"));
    }

    @Test
    void aServiceThatIsGoneOrCameAnewLosesTheOldSlices() {
        board.apply(view(List.of(service("web")), pod("web-0", "10.1.0.1")));
        ServiceSnapshot anew = changed(
                new ServiceSnapshot(
                        new ServiceRef("another", "shop", "web"),
                        "",
                        new ServiceSnapshot.Annotations("blue", Optional.empty()),
                        new ServiceSnapshot.Spec("", "None", false, List.of())),
                "",
                "None",
                List.of());
        board.apply(view(List.of(anew), pod("web-0", "10.1.0.1")));
        assertEquals(List.of("another"), board.owners());
        board.apply(view(List.of(), pod("web-0", "10.1.0.1")));
        assertEquals(List.of(), board.owners());
    }

    private static ServiceSnapshot publishingNotReady(ServiceSnapshot service) {
        return new ServiceSnapshot(
                service.ref(),
                service.created(),
                new ServiceSnapshot.Annotations(service.network(), service.pods()),
                new ServiceSnapshot.Spec("", "None", true, service.ports()));
    }

    private static ServiceSnapshot changed(
            ServiceSnapshot service, String selector, String clusterIp, List<ServicePort> ports) {
        return new ServiceSnapshot(
                service.ref(),
                service.created(),
                new ServiceSnapshot.Annotations(service.network(), service.pods()),
                new ServiceSnapshot.Spec(selector, clusterIp, false, ports));
    }

    private static NamesView view(List<ServiceSnapshot> services, PodNames... pods) {
        return new NamesView(DEFINITIONS, services, List.of(pods), List.of());
    }

    /** An API server's slices. */
    private static final class Board {
        private final Slices slices = new Slices();
        private NamesPlan plan = new NamesPlan(List.of(), Map.of());

        List<SliceChange> apply(NamesView view) {
            plan = NamesPlan.of(
                    KEYS, new NamesView(view.definitions(), view.services(), view.pods(), slices.observed()));
            plan.changes().forEach(slices::apply);
            return plan.changes();
        }

        List<Slice> slices(Family family) {
            return slices.observed().stream()
                    .map(ObservedSlice::slice)
                    .filter(slice -> slice.family() == family)
                    .toList();
        }

        Map<String, String> hosts(Family family) {
            return Slices.hosts(slices(family));
        }

        List<String> owners() {
            return slices.observed().stream()
                    .map(one -> one.slice().service().uid())
                    .distinct()
                    .toList();
        }

        io.github.kubevxlan.common.spec.Problem problem(String service) {
            return plan.problems().entrySet().stream()
                    .filter(entry -> entry.getKey().name().equals(service))
                    .findFirst()
                    .orElseThrow()
                    .getValue()
                    .getFirst();
        }
    }
}
