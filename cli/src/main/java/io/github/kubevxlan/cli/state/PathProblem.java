package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What members' probes found, as the controller writes it into their statuses. */
public final class PathProblem {
    private static final Pattern WORDS = Pattern.compile(": (path MTU|no packet passes) to ");

    private PathProblem() {}

    /** Whether a status' message tells of a path. */
    public static boolean isIn(String message) {
        return WORDS.matcher(message).find();
    }

    /** What a pod's status tells of its paths in a network; it may be any text. */
    public static Stream<String> of(PodSnapshot pod, String network) {
        return pod.observedStatus().status().networks().stream()
                .filter(status -> status.name().equals(network))
                .map(NetworkStatus::message)
                .filter(PathProblem::isIn);
    }
}
