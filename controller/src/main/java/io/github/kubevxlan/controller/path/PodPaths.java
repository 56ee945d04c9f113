package io.github.kubevxlan.controller.path;

import io.github.kubevxlan.controller.agent.PathReport.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one member knows of its paths. Pure.
 *
 * @param counts of its rounds
 * @param judged networks that the last round was about, without those that could not be judged
 * @param answered peers that answered at full size since the member is known, by network; {@link #ENOUGH} of them at most
 * @param broken paths that do not carry the full size, and what they carry
 */
record PodPaths(Counts counts, Set<String> judged, Map<String, Set<String>> answered, SortedMap<Path, Size> broken) {
    /** After so many rounds in a row a network is judged by what is known of it. */
    static final int TRIES = 5;

    /** So many peers that answered at full size prove that a member is reached. */
    static final int ENOUGH = 2;

    static final PodPaths UNKNOWN = new PodPaths(new Counts(0, 0, 0), Set.of(), Map.of(), new TreeMap<>());

    PodPaths {
        judged = Set.copyOf(judged);
        answered = Map.copyOf(answered);
        broken = new TreeMap<>(broken);
    }

    /**
     * Of rounds.
     *
     * @param all how often it measured
     * @param failures in how many rounds in a row a path was broken
     * @param postponed in how many rounds in a row a path could not be measured, 0 to one less than {@link #TRIES}
     */
    record Counts(long all, int failures, int postponed) {}

    /**
     * One round of measuring.
     *
     * @param networks that it was about, also where nobody could be asked
     * @param measured what was found of each path: the best of the peers at its other end
     * @param answered UIDs of peers that answered at full size, by network
     * @param gone nodes without a member that could be asked, by network
     * @param postponed networks of which a path could not be measured now
     */
    record Round(
            Set<String> networks,
            Map<Path, Size> measured,
            Map<String, Set<String>> answered,
            Set<Path> gone,
            Set<String> postponed) {
        Round {
            networks = Set.copyOf(networks);
            measured = Map.copyOf(measured);
            answered = Map.copyOf(answered);
            gone = Set.copyOf(gone);
            postponed = Set.copyOf(postponed);
        }
    }

    /** What is known after a round: a path that nobody measured stays as it was, unless nobody is there any more. */
    PodPaths after(Round round) {
        SortedMap<Path, Size> now = new TreeMap<>(broken);
        now.keySet().removeIf(path -> !round.networks().contains(path.network()));
        now.keySet().removeAll(round.gone());
        round.measured().forEach((path, size) -> {
            if (size.isFull()) {
                now.remove(path);
            } else {
                now.put(path, size);
            }
        });
        boolean isLastTry = counts.postponed() + 1 == TRIES;
        Set<String> judgedNow = round.networks().stream()
                .filter(network -> isLastTry
                        || judged.contains(network)
                        || !round.postponed().contains(network))
                .collect(Collectors.toSet());
        return new PodPaths(
                new Counts(
                        counts.all() + 1,
                        now.isEmpty() ? 0 : counts.failures() + 1,
                        isLastTry || round.postponed().isEmpty() ? 0 : counts.postponed() + 1),
                judgedNow,
                answeredAfter(round),
                now);
    }

    private Map<String, Set<String>> answeredAfter(Round round) {
        Map<String, Set<String>> now = new HashMap<>();
        round.networks()
                .forEach(network -> now.put(
                        network,
                        Stream.of(answered, round.answered())
                                .flatMap(known -> known.getOrDefault(network, Set.of()).stream())
                                .distinct()
                                .limit(ENOUGH)
                                .collect(Collectors.toUnmodifiableSet())));
        return now;
    }

    /**
     * Whether a member is reached in a network as far as is known: no sampled path is broken, or enough peers answered. So
     * no peer that drops probes can keep a member waiting where others answer.
     */
    boolean isProven(String network) {
        return answered.getOrDefault(network, Set.of()).size() >= ENOUGH
                || (judged.contains(network) && brokenTo(network).isEmpty());
    }

    /** Paths that were broken and that a round found right. */
    List<Path> mendedBy(Round round) {
        return round.measured().entrySet().stream()
                .filter(one -> one.getValue().isFull() && broken.containsKey(one.getKey()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** The same without networks that are measured no more. */
    PodPaths only(Set<String> networks) {
        SortedMap<Path, Size> rest = new TreeMap<>(broken);
        rest.keySet().removeIf(path -> !networks.contains(path.network()));
        Counts now = new Counts(counts.all(), rest.isEmpty() ? 0 : counts.failures(), counts.postponed());
        return new PodPaths(now, judged, answered, rest);
    }

    /** Nodes to which a network's path is broken. */
    Set<String> brokenTo(String network) {
        return broken.keySet().stream()
                .filter(path -> path.network().equals(network))
                .map(Path::to)
                .collect(Collectors.toSet());
    }

    /** What is wrong, a sentence for each path. */
    List<String> sentences() {
        return broken.entrySet().stream()
                .map(one -> PathText.broken(one.getKey(), one.getValue()))
                .toList();
    }

    /** What is wrong in a network, in one text; empty if nothing is. */
    String sentences(String network) {
        return broken.entrySet().stream()
                .filter(one -> one.getKey().network().equals(network))
                .map(one -> PathText.broken(one.getKey(), one.getValue()))
                .collect(Collectors.joining("; "));
    }
}
