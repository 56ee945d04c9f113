package io.github.kubevxlan.controller.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.path.PeerSample.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerSampleTest {
    private static final int NODES = 5;
    private static final int PER_NODE = 3;

    @Test
    void eachOtherNodeHasItsTurnBeforeOneHasASecond() {
        for (int count : List.of(1, 2, 3, 4)) {
            PeerSample sample = new PeerSample("0-0", "node0", count);
            List<String> nodes = new ArrayList<>();
            for (int round = 0; nodes.size() < NODES - 1; round++) {
                nodes.addAll(sample.of(all(), Set.of(), round).stream()
                        .map(Candidate::node)
                        .toList());
            }
            assertEquals(
                    NODES - 1, new HashSet<>(nodes.subList(0, NODES - 1)).size(), () -> "of " + count + ": " + nodes);
        }
    }

    @Test
    void eachMemberOfANodeHasItsTurn() {
        Set<Candidate> seen = new HashSet<>();
        for (int round = 0; round < NODES * PER_NODE; round++) {
            seen.addAll(new PeerSample("0-0", "node0", 1).of(all(), Set.of(), round));
        }
        assertEquals((NODES - 1) * PER_NODE, seen.size(), seen::toString);
    }

    @Test
    void peersOnTheOwnNodeComeWhereThereAreTooFewOthers() {
        List<Candidate> few =
                List.of(new Candidate("a", "node0"), new Candidate("b", "node0"), new Candidate("c", "node1"));

        assertEquals(Set.of("node1"), nodes(new PeerSample("a", "node0", 1).of(few, Set.of(), 7)));
        assertEquals(
                Set.of("b", "c"),
                new HashSet<>(new PeerSample("a", "node0", 3)
                        .of(few, Set.of(), 7).stream().map(Candidate::uid).toList()));
    }

    @Test
    void aMemberIsNoPeerOfItsOwn() {
        assertEquals(List.of(), new PeerSample("a", "node0", 8).of(List.of(new Candidate("a", "node0")), Set.of(), 0));
    }

    @Test
    void aBrokenPathHasATurnEachRoundAndOthersHaveTheirs() {
        PeerSample sample = new PeerSample("0-0", "node0", 2);
        Set<String> others = new HashSet<>();
        for (int round = 0; round < NODES; round++) {
            List<Candidate> chosen = sample.of(all(), Set.of("node3"), round);
            assertTrue(nodes(chosen).contains("node3"), chosen::toString);
            assertTrue(chosen.size() <= 4, chosen::toString);
            others.addAll(nodes(chosen));
        }
        assertEquals(Set.of("node1", "node2", "node3", "node4"), others);
    }

    @Test
    void theOrderInWhichTheyComeIsOfNoMatter() {
        List<Candidate> shuffled = new ArrayList<>(all());
        Collections.shuffle(shuffled, new Random(1));

        for (int round = 0; round < NODES; round++) {
            PeerSample sample = new PeerSample("2-1", "node2", 2);
            assertEquals(sample.of(all(), Set.of(), round), sample.of(shuffled, Set.of(), round));
        }
    }

    /** Those that join together do not all ask the same peer. */
    @Test
    void membersBeginWithDifferentPeers() {
        Set<Candidate> first = new HashSet<>();
        IntStream.range(0, 50)
                .forEach(i -> first.addAll(new PeerSample("new-" + i, "node0", 1).of(all(), Set.of(), 0)));
        assertTrue(first.size() > NODES - 2, first::toString);
    }

    private static Set<String> nodes(List<Candidate> sample) {
        return new HashSet<>(sample.stream().map(Candidate::node).toList());
    }

    private static List<Candidate> all() {
        return IntStream.range(0, NODES * PER_NODE)
                .mapToObj(i -> new Candidate(i / PER_NODE + "-" + i % PER_NODE, "node" + i / PER_NODE))
                .toList();
    }
}
