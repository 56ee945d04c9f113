package io.github.kubevxlan.cli.trial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod that was started on a node.
 *
 * @param name NAMESPACE/NAME
 * @param node its node
 */
public record TrialPod(String name, String node) {
    /** How long one may take to become ready. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Two pods that packets go between. */
    public record Pair(TrialPod from, TrialPod to) {}

    /** Each two of them, once. */
    public static List<Pair> pairs(List<TrialPod> pods) {
        List<Pair> pairs = new ArrayList<>();
        for (int from = 0; from < pods.size(); from++) {
            for (TrialPod to : pods.subList(from + 1, pods.size())) {
                pairs.add(new Pair(pods.get(from), to));
            }
        }
        return pairs;
    }
}
