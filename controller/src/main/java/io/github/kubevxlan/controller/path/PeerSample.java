package io.github.kubevxlan.controller.path;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses the peers that a member measures its path to. Pure. Members on other nodes come first, a node after the other,
 * and go on where the round before ended: so each pair of nodes is measured in time. Where there are too few, members on the
 * member's own node follow.
 *
 * @param uid the member's
 * @param node where it runs
 * @param count how many it measures in a round
 */
record PeerSample(String uid, String node, int count) {
    /** A peer that may be asked. */
    record Candidate(String uid, String node) {}

    /**
     * The peers of a round.
     *
     * @param candidates in any order
     * @param again nodes to which the path was broken last: measured each round, besides the others
     * @param round 0, 1, and so on
     */
    List<Candidate> of(List<Candidate> candidates, Set<String> again, long round) {
        Map<String, List<Candidate>> byNode = new TreeMap<>();
        candidates.stream()
                .filter(one -> !one.uid().equals(uid))
                .sorted(Comparator.comparing(Candidate::uid))
                .forEach(one -> byNode.computeIfAbsent(one.node(), _ -> new ArrayList<>())
                        .add(one));
        Map<String, List<Candidate>> toUnhealthy = new LinkedHashMap<>(byNode);
        toUnhealthy.keySet().retainAll(again);
        List<Candidate> own = byNode.getOrDefault(node, List.of());
        byNode.remove(node);
        Set<Candidate> sample = new LinkedHashSet<>();
        take(toUnhealthy, count, round, sample);
        int most = sample.size() + count;
        take(byNode, most - sample.size(), round, sample);
        take(Map.of(node, own), most - sample.size(), round, sample);
        byNode.values().forEach(peers -> take(Map.of("", peers), most - sample.size(), round, sample));
        return List.copyOf(sample);
    }

    /** Takes a member of each node, up to a number of them, from where the round before ended. */
    private void take(Map<String, List<Candidate>> byNode, int most, long round, Set<Candidate> sample) {
        List<List<Candidate>> nodes =
                byNode.values().stream().filter(peers -> !peers.isEmpty()).toList();
        if (nodes.isEmpty() || most <= 0) {
            return;
        }
        boolean single = nodes.size() == 1;
        int places = single ? nodes.getFirst().size() : nodes.size();
        for (int i = 0; i < Math.min(most, places); i++) {
            long turn = Math.floorMod(uid.hashCode(), places) + round * count + i;
            List<Candidate> peers = single ? nodes.getFirst() : nodes.get((int) Math.floorMod(turn, (long) places));
            long member = single ? turn : turn / places;
            sample.add(peers.get((int) Math.floorMod(member, (long) peers.size())));
        }
    }
}
