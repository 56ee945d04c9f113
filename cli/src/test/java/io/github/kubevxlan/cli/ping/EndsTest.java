package io.github.kubevxlan.cli.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.cli.state.Difference;
import io.github.kubevxlan.cli.view.LinkView;
import io.github.kubevxlan.cli.view.PodInspection;
import io.github.kubevxlan.cli.view.PodView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndsTest {
    private static final Passage LOST = Passage.none(3);

    @Test
    void theNetworkIsTheFirstThatBothAreIn() {
        PodInspection near = pod("one", link("only", 0, "10.1.0.1/24"), link("both", 0, "10.2.0.1/24"));
        PodInspection far = pod("two", link("both", 0, "10.2.0.2/24"));

        assertEquals("both", Ends.of(near, far, "").orElseThrow().from().network());
        assertEquals(Optional.empty(), Ends.of(near, far, "only"));
    }

    @Test
    void addressesAreOfOneFamilyAndOfTheNetwork() {
        assertEquals(
                Optional.of(new Ends.Addresses("fd00::1", "fd00::2")),
                ends("fe80::1/64 fd00::1/64 10.1.0.1/24", "fe80::2/64 fd00::2/64")
                        .addresses());
        assertEquals(
                Optional.of(new Ends.Addresses("10.1.0.1", "10.1.0.2")),
                ends("fd00::1/64 10.1.0.1/24", "fd00::2/64 10.1.0.2/24").addresses());
        assertEquals(
                Optional.empty(), ends("10.1.0.1/24", "fd00::2/64 fe80::2/64").addresses());
    }

    @Test
    void onlyStrangersThatCameMeanwhileCount() {
        PodInspection near = pod("one", link("both", 5, "10.2.0.1/24"));
        PodInspection far = pod("two", link("both", 7, "10.2.0.2/24"));

        Evidence evidence = Ends.of(near, far, "")
                .orElseThrow()
                .evidence(LOST, Optional.empty(), near, pod("two", link("both", 10, "10.2.0.2/24")));

        assertEquals(0, evidence.near().dropped().strangers());
        assertEquals(3, evidence.far().dropped().strangers());
    }

    @Test
    void onlyDifferencesThatStopPacketsBetweenTheTwoAreCauses() {
        PodInspection near = pod("one", link("both", 0, "10.2.0.1/24"));
        PodInspection far = pod("two", link("both", 0, "10.2.0.2/24"));
        Difference cause = missing("both", "10.2.0.2");
        Difference other = missing("both", "10.2.0.3");
        Difference elsewhere = missing("only", "*");
        PodInspection now = inspection(near.pod(), near.links(), List.of(other, cause, elsewhere));

        Evidence evidence = Ends.of(near, far, "").orElseThrow().evidence(LOST, Optional.empty(), now, far);

        assertEquals(List.of(cause), evidence.near().causes());
        assertEquals(List.of(other), evidence.near().others());
    }

    @Test
    void anAddressThatBothShouldHaveIsACauseWhereTheyHaveNone() {
        PodInspection near = pod("one", link("both", 0, ""));
        PodInspection far = pod("two", link("both", 0, "10.2.0.2/24"));
        PodInspection now = inspection(near.pod(), near.links(), List.of(missing("both", "10.2.0.2")));

        Evidence evidence = Ends.of(near, far, "").orElseThrow().evidence(LOST, Optional.empty(), now, far);

        assertEquals(1, evidence.near().causes().size());
    }

    @Test
    void whatPortSecurityRefusedMeanwhileIsToldByReasonUnlessItTookIt() {
        assertEquals(List.of(new LinkView.Refused("mac", 4)), refusedMeanwhile("on"));
        assertEquals(List.of(), refusedMeanwhile("log"));
    }

    private static List<LinkView.Refused> refusedMeanwhile(String security) {
        PodInspection near = pod("one", link("both", 0, "10.2.0.1/24"));

        return Ends.of(near, refusing(security, 5), "")
                .orElseThrow()
                .evidence(LOST, Optional.empty(), near, refusing(security, 9))
                .far()
                .dropped()
                .refused();
    }

    private static PodInspection refusing(String security, long macs) {
        List<LinkView.Refused> refused = List.of(new LinkView.Refused("mac", macs), new LinkView.Refused("arp", 2));
        return pod("two", link("both", security, new LinkView.Stopped(0, refused), "10.2.0.2/24"));
    }

    private static Difference missing(String link, String stops) {
        return new Difference(Difference.Kind.MISSING, link, "an entry", List.of(stops));
    }

    private static Ends ends(String near, String far) {
        return Ends.of(pod("one", link("both", 0, near)), pod("two", link("both", 0, far)), "")
                .orElseThrow();
    }

    private static PodInspection pod(String name, LinkView... links) {
        PodView view = new PodView(
                new PodView.Identity("lab", name, "node", List.of()),
                new PodView.Sidecar("Running", ""),
                new PodView.Standing("Ready", ""),
                List.of());
        return inspection(view, List.of(links), List.of());
    }

    private static PodInspection inspection(PodView pod, List<LinkView> links, List<Difference> differences) {
        return new PodInspection(
                pod,
                new PodInspection.Response(true, ""),
                List.of(),
                new PodInspection.Comparison(links, differences, List.of()),
                List.of());
    }

    private static LinkView link(String network, long strangers, String addresses) {
        return link(network, "off", new LinkView.Stopped(strangers, List.of()), addresses);
    }

    private static LinkView link(String network, String security, LinkView.Stopped stopped, String addresses) {
        List<String> all = addresses.isEmpty() ? List.of() : List.of(addresses.split(" "));
        LinkView.Side side = new LinkView.Side(
                new LinkView.Device(true, "02:00:00:00:00:01", 1450),
                all,
                List.of(),
                new LinkView.Peers(0, true, security));
        return new LinkView(
                new LinkView.Endpoint(network, network, 101, 14789, "10.0.0.1"),
                side,
                side,
                new LinkView.Packets(0, 0, 0, 0, stopped));
    }
}
