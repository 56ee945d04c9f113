package io.github.kubevxlan.cli.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.ping.Evidence.Dropped;
import io.github.kubevxlan.cli.ping.Evidence.Side;
import io.github.kubevxlan.cli.ping.Passage.Largest;
import io.github.kubevxlan.cli.ping.Passage.Packets;
import io.github.kubevxlan.cli.ping.Verdict.Place;
import io.github.kubevxlan.cli.state.Difference;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.view.Ink;
import io.github.kubevxlan.cli.view.LinkView.Refused;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvidenceTest {
    private static final Release RELEASE = new Release("kube-system", "kube-vxlan-controller");
    private static final Evidence.Tunnel TUNNEL = new Evidence.Tunnel(1450, 14789);
    private static final Passage WHOLE =
            new Passage(new Packets(2, 2, 2), List.of(300L, 500L), new Largest(1450, 1450));
    private static final Passage LOST = new Passage(new Packets(2, 0, 0), List.of(), new Largest(0, 0));
    private static final Difference MISSING = new Difference(Difference.Kind.MISSING, "vxeth1", "an entry", List.of());
    private static final Side RIGHT = new Side("lab", "one", List.of(), List.of(), Dropped.NONE);

    @Test
    void whatIsAnsweredInFullSizeEndsNowhere() {
        assertEquals(
                Place.NOWHERE, verdict(WHOLE, Optional.empty(), RIGHT, RIGHT).endsAt());
    }

    @Test
    void aPathThatIsTooNarrowInOneDirectionIsNamedWithWhatItCarries() {
        Passage narrow = new Passage(new Packets(2, 2, 2), List.of(300L, 500L), new Largest(1450, 1350));

        Verdict verdict = verdict(narrow, Optional.empty(), RIGHT, RIGHT);

        assertEquals(Place.MTU, verdict.endsAt());
        assertTrue(verdict.reason().contains("set mtu=1350"), verdict.reason());
        assertEquals("kubectl --namespace kube-system edit configmap networks", verdict.remedy());
    }

    @Test
    void aDifferenceAtEitherEndIsTheTables() {
        Side lacking = new Side("lab", "two", List.of(MISSING), List.of(), new Dropped(9, List.of()));

        for (Verdict verdict : List.of(
                verdict(LOST, Optional.of(LOST), lacking, RIGHT), verdict(LOST, Optional.of(WHOLE), RIGHT, lacking))) {
            assertEquals(Place.TABLE, verdict.endsAt());
            assertEquals("vxlan inspect pod --namespace lab two", verdict.remedy());
        }
    }

    @Test
    void aDifferenceThatStopsNoneOfTheirPacketsIsToldApart() {
        Side differing = new Side("lab", "two", List.of(), List.of(MISSING), new Dropped(0, List.of()));
        Evidence evidence = new Evidence(LOST, Optional.of(LOST), TUNNEL, RIGHT, differing);

        assertEquals(Place.UNDERLAY, evidence.verdict(RELEASE, "networks").endsAt());
        assertEquals(List.of("lab/two: missing on vxeth1: an entry"), evidence.others());
    }

    @Test
    void whatTheFilterCountsMeanwhileIsTheFilters() {
        Side dropping = new Side("lab", "two", List.of(), List.of(), new Dropped(2, List.of()));

        assertEquals(
                Place.FILTER, verdict(LOST, Optional.of(WHOLE), RIGHT, dropping).endsAt());
        assertEquals(
                Place.FILTER, verdict(LOST, Optional.of(WHOLE), dropping, RIGHT).endsAt());
    }

    @Test
    void whatPortSecurityRefusesMeanwhileIsItsOwn() {
        Side refusing = new Side(
                "lab",
                "two",
                List.of(),
                List.of(),
                new Dropped(0, List.of(new Refused("mac", 2), new Refused("nd", 1))));

        Verdict verdict = verdict(LOST, Optional.of(WHOLE), RIGHT, refusing);

        assertEquals(Place.SECURITY, verdict.endsAt());
        assertTrue(
                verdict.reason().contains("port security of lab/two")
                        && verdict.reason().contains(": mac 2, nd 1."),
                verdict.reason());
        assertTrue(
                verdict.reason().contains("If lab/one has to send them, except it with security-exempt"),
                verdict.reason());
        assertEquals("kubectl --namespace kube-system edit configmap networks", verdict.remedy());
        assertEquals(
                Place.SECURITY,
                verdict(LOST, Optional.of(WHOLE), refusing, RIGHT).endsAt());
    }

    @Test
    void whatIsLostBesideTheOverlayTooIsTheUnderlays() {
        Verdict verdict = verdict(LOST, Optional.of(LOST), RIGHT, RIGHT);

        assertEquals(Place.UNDERLAY, verdict.endsAt());
        assertTrue(verdict.reason().contains("outside the overlay too"), verdict.reason());
    }

    @Test
    void whatIsLostInTheOverlayAloneIsLostAtItsPort() {
        Verdict verdict = verdict(LOST, Optional.of(WHOLE), RIGHT, RIGHT);

        assertEquals(Place.UNDERLAY, verdict.endsAt());
        assertTrue(verdict.reason().contains("not to port 14789"), verdict.reason());
    }

    @Test
    void whatIsLostInPartIsNotSaidToBeClosed() {
        Passage partial = new Passage(new Packets(10, 9, 9), List.of(300L), new Largest(1450, 1450));

        Verdict verdict = verdict(partial, Optional.of(WHOLE), RIGHT, RIGHT);

        assertEquals(Place.UNDERLAY, verdict.endsAt());
        assertTrue(verdict.reason().contains("9 of 10 answered over the overlay, 2 of 2 outside it"), verdict.reason());
    }

    @Test
    void aFilterThatWasMadeAnewDroppedNothing() {
        Side anew = new Side("lab", "two", List.of(), List.of(), new Dropped(-5, List.of()));

        assertEquals(
                Place.UNDERLAY, verdict(LOST, Optional.of(LOST), RIGHT, anew).endsAt());
    }

    @Test
    void theTextSaysWhatArrivedInEachDirection() {
        PingView ping = new PingView(
                new PingView.Way("lab/one", "lab/two", "vxeth1", "10.11.0.1", "10.11.0.2"),
                new Passage(new Packets(3, 2, 1), List.of(300L, 500L), new Largest(1450, 1350)),
                1450,
                new Verdict(Place.MTU, "narrow", "mend it"),
                List.of("lab/two: missing on vxeth1: an entry"));

        assertEquals("""
            lab/one -> lab/two over network vxeth1: 10.11.0.1 -> 10.11.0.2
              there       2 of 3 arrived, packets of up to 1450 bytes
              back        1 of 2 arrived, packets of up to 1350 bytes
              round trip  0.30 / 0.40 / 0.50 ms (least, mean, most)
            mtu: narrow
              $ mend it
              apart from that: lab/two: missing on vxeth1: an entry
            """, PingText.of(ping, new Ink(false)));
    }

    private static Verdict verdict(Passage overlay, Optional<Passage> underlay, Side near, Side far) {
        return new Evidence(overlay, underlay, TUNNEL, near, far).verdict(RELEASE, "networks");
    }
}
