package io.github.kubevxlan.controller.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.agent.PathReport.Size;
import io.github.kubevxlan.controller.path.PodPaths.Round;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodPathsTest {
    private static final Path TO_2 = new Path("lab", "node1", "node2");
    private static final Path TO_3 = new Path("lab", "node1", "node3");
    private static final Path OWN = new Path("lab", "node1", "node1");
    private static final Size FULL = new Size(1450, 1450);
    private static final Size SMALL = new Size(1450, 1380);
    private static final Size NOTHING = new Size(1450, 0);

    @Test
    void aPathIsBrokenUntilItCarriesTheFullSize() {
        PodPaths broken = PodPaths.UNKNOWN.after(round(Map.of(TO_2, SMALL)));
        PodPaths still = broken.after(round(Map.of(TO_3, FULL)));
        Round right = round(Map.of(TO_2, FULL));

        assertEquals(
                List.of("network lab: path MTU to node2 is 1380, interface has 1450:"
                        + " set mtu=1380 or mend the underlay"),
                broken.sentences());
        assertEquals(broken.sentences(), still.sentences());
        assertEquals(
                List.of(1, 2, 0),
                List.of(
                        broken.counts().failures(),
                        still.counts().failures(),
                        still.after(right).counts().failures()));
        assertEquals(List.of(TO_2), still.mendedBy(right));
        assertEquals(List.of(), still.after(right).sentences());
        assertEquals(List.of(), still.after(right).mendedBy(right));
    }

    @Test
    void aPathThatCarriesNothingIsToldInOtherWords() {
        PodPaths paths = PodPaths.UNKNOWN.after(round(Map.of(TO_2, NOTHING, OWN, SMALL)));

        assertEquals(
                "network lab: path MTU to its own node node1 is 1380, interface has 1450: set mtu=1380 or mend the"
                    + " underlay; network lab: no packet passes to node2 and back: look for what drops the network's"
                    + " UDP port between the nodes",
                paths.sentences("lab"));
        assertEquals("", paths.sentences("other"));
        assertEquals(Set.of("node1", "node2"), paths.brokenTo("lab"));
    }

    @Test
    void aPathToANodeWithoutMembersIsForgotten() {
        PodPaths paths = PodPaths.UNKNOWN.after(round(Map.of(TO_2, NOTHING)));
        Round gone = new Round(Set.of("lab"), Map.of(), Map.of(), Set.of(TO_2), Set.of());

        assertEquals(List.of(), paths.after(gone).sentences());
        assertEquals(List.of(), paths.mendedBy(gone), "nobody saw it work");
    }

    @Test
    void aNetworkThatIsMeasuredNoMoreHasNoBrokenPath() {
        PodPaths paths = PodPaths.UNKNOWN.after(round(Map.of(TO_2, NOTHING)));

        assertEquals(List.of(), paths.only(Set.of("other")).sentences());
        assertEquals(paths.sentences(), paths.only(Set.of("lab")).sentences());
        assertEquals(
                List.of(),
                paths.after(new Round(Set.of("other"), Map.of(), Map.of(), Set.of(), Set.of()))
                        .sentences());
    }

    @Test
    void aRoundJudgesANetworkAlsoWhereNobodyCanBeAsked() {
        assertEquals(Set.of("lab"), PodPaths.UNKNOWN.after(round(Map.of())).judged());
        assertEquals(1, PodPaths.UNKNOWN.after(round(Map.of())).counts().all());
    }

    @Test
    void aNetworkOfWhichAPathCouldNotBeMeasuredIsJudgedAtTheLastTry() {
        Round postponed = new Round(Set.of("lab", "other"), Map.of(), Map.of(), Set.of(), Set.of("lab"));
        PodPaths paths = PodPaths.UNKNOWN;
        for (int tries = 1; tries < PodPaths.TRIES; tries++) {
            paths = paths.after(postponed);
            assertEquals(Set.of("other"), paths.judged());
            assertEquals(tries, paths.counts().postponed());
        }
        PodPaths last = paths.after(postponed);

        assertEquals(Set.of("lab", "other"), last.judged());
        assertEquals(0, last.counts().postponed());
        assertEquals(Set.of("lab", "other"), last.after(postponed).judged(), "it stays judged");
        assertEquals(1, last.after(postponed).counts().postponed(), "and is measured again");
        assertEquals(0, paths.after(round(Map.of(TO_2, FULL))).counts().postponed());
    }

    @Test
    void enoughPeersThatAnsweredProveThatAMemberIsReachedWhateverAnotherDoes() {
        PodPaths first = PodPaths.UNKNOWN.after(answered(Map.of(TO_2, FULL, TO_3, NOTHING), "b"));
        PodPaths same = first.after(answered(Map.of(TO_2, FULL, TO_3, NOTHING), "b"));
        PodPaths second = first.after(answered(Map.of(TO_2, FULL, TO_3, NOTHING), "c"));

        assertEquals(
                List.of(false, false, true),
                List.of(first.isProven("lab"), same.isProven("lab"), second.isProven("lab")));
        assertEquals(first.sentences(), second.sentences(), "the Event and the status name it all the same");
        assertTrue(PodPaths.UNKNOWN.after(round(Map.of(TO_2, FULL))).isProven("lab"), "the only peer there is");
        assertFalse(PodPaths.UNKNOWN.isProven("lab"));
    }

    private static Round answered(Map<Path, Size> measured, String peer) {
        return new Round(Set.of("lab"), measured, Map.of("lab", Set.of(peer)), Set.of(), Set.of());
    }

    private static Round round(Map<Path, Size> measured) {
        return new Round(Set.of("lab"), measured, Map.of(), Set.of(), Set.of());
    }
}
