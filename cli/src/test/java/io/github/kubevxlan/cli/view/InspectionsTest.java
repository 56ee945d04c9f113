package io.github.kubevxlan.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.state.AgentReport;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.Counters;
import io.github.kubevxlan.cli.state.Difference;
import io.github.kubevxlan.cli.state.Overlay;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.Inspections.Asked;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedFilters.Guard;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedSecurity;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InspectionsTest {
    private static final PodFacts ONE = Clusters.member("one", "10.0.0.1", "vxeth1\nvxeth2", "");
    private static final ClusterState CLUSTER = Clusters.of(
            Map.of("vxeth1", "id=101 security=on", "vxeth2", "id=102 security=on"),
            ONE,
            Clusters.member("two", "10.0.0.2", "vxeth1\nvxeth2", ""));
    private static final Overlay OVERLAY = Overlay.of(CLUSTER);
    private static final DesiredPod WANT =
            OVERLAY.target("one").map(Target::desired).orElseThrow();
    private static final Filter FIRST = WANT.links().getFirst().filter().orElseThrow();
    private static final Filter SECOND = WANT.links().getLast().filter().orElseThrow();
    private static final Filter OTHER = Filter.parse("vni909-port14789-ipv4").orElseThrow();

    private static Stream<Arguments> withoutALink() {
        return Stream.of(
                Arguments.of(NetOp.PutFilter.class, WANT, filters(Set.of(), Set.of()), "peer filter vni101"),
                Arguments.of(
                        NetOp.DelFilter.class,
                        WANT,
                        filters(Set.of(FIRST, SECOND, OTHER), Set.of()),
                        "peer filter vni909"),
                Arguments.of(NetOp.PutSecurity.class, WANT, filters(Set.of(FIRST, SECOND), Set.of()), "(on) of vni101"),
                Arguments.of(
                        NetOp.DelSecurity.class,
                        WANT,
                        filters(Set.of(FIRST, SECOND), Set.of(FIRST, SECOND, OTHER)),
                        "port security of vni909"),
                Arguments.of(
                        NetOp.SetGuard.class,
                        WANT,
                        filters(Set.of(FIRST, SECOND), Set.of(FIRST, SECOND)),
                        "the links that drop router advertisements"));
    }

    /** But the end of the whole table, which a pod of networks without any filter alone has. */
    @Test
    void everyKindOfDifferenceThatHasNoLinkIsTried() {
        assertEquals(
                Stream.of(NetOp.class.getPermittedSubclasses())
                        .filter(op -> op.isRecord() && !NetOp.OnLink.class.isAssignableFrom(op))
                        .filter(op -> !op.equals(NetOp.DelFilters.class))
                        .collect(Collectors.toSet()),
                withoutALink().map(arguments -> arguments.get()[0]).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("withoutALink")
    void aNetworkShowsADifferenceThatHasNoLink(Class<?> op, DesiredPod want, ObservedFilters seen, String words) {
        for (DesiredLink link : want.links().subList(0, words.contains("vni101") ? 1 : 2)) {
            List<Difference> differences = unlinked(want, link, seen);

            assertTrue(
                    differences.stream().anyMatch(each -> each.what().contains(words)),
                    () -> op + " " + link.name() + " " + differences);
        }
    }

    @Test
    void aNetworkDoesNotShowWhatIsAboutTheFilterOfAnother() {
        ObservedFilters seen = filters(Set.of(FIRST), Set.of(FIRST));

        List<Difference> differences = unlinked(WANT, WANT.links().getFirst(), seen);

        assertTrue(differences.stream().noneMatch(each -> each.what().contains(SECOND.name())), differences::toString);
    }

    @Test
    void packetsThatPortSecurityRefusedAreToldByReason() {
        Counters counters = new Counters(
                Map.of(), Map.of(FIRST.name(), 3L, FIRST + "-mac", 2L, FIRST + "-arp", 0L, SECOND + "-nd", 7L));

        List<LinkView.Stopped> stopped = inspections()
                .pod(ONE, WANT, Asked.answered(new AgentReport(seen(filters(Set.of(), Set.of())), counters)), List.of())
                .links()
                .stream()
                .flatMap(link -> Stream.ofNullable(link.counters()))
                .map(LinkView.Packets::stopped)
                .toList();

        assertEquals(
                List.of(
                        new LinkView.Stopped(3, List.of(new LinkView.Refused("mac", 2))),
                        new LinkView.Stopped(0, List.of(new LinkView.Refused("nd", 7)))),
                stopped);
    }

    private static Inspections inspections() {
        return new Inspections(CLUSTER, OVERLAY);
    }

    private static List<Difference> unlinked(DesiredPod want, DesiredLink link, ObservedFilters filters) {
        Asked asked = Asked.answered(new AgentReport(seen(filters), new Counters(Map.of(), Map.of())));
        return inspections().member(ONE, want, link, asked).differences().stream()
                .filter(difference -> difference.link().isEmpty())
                .toList();
    }

    private static ObservedPod seen(ObservedFilters filters) {
        ObservedLink underlay = new ObservedLink(
                new ObservedLink.Identity("eth0", 1, ""),
                new ObservedLink.Attributes(Optional.of(new Mac("02:00:00:00:00:aa")), true, 1500),
                Optional.empty(),
                List.of());
        return new ObservedPod(
                new ObservedPod.Devices(List.of(underlay), Set.of()),
                new ObservedPod.Routing(List.of(), List.of()),
                Optional.of(filters),
                Map.of(),
                new ObservedPod.Diagnostics(List.of(), Optional.empty()));
    }

    /**
     * Filters of which the kernel has {@code whole}, with port security for {@code secured}. The guard drops router
     * advertisements and redirects on a stranger's link only.
     */
    private static ObservedFilters filters(Set<Filter> whole, Set<Filter> secured) {
        return new ObservedFilters(
                true,
                whole.stream().collect(Collectors.toMap(filter -> filter, _ -> true)),
                new Guard(List.of("other"), true),
                Map.of(),
                new ObservedSecurity(
                        true,
                        secured.stream().collect(Collectors.toMap(filter -> filter, _ -> Security.ON)),
                        Map.of(),
                        List.of()));
    }
}
