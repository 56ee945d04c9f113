package io.github.kubevxlan.common.spec;

import java.util.List;
import java.util.stream.Stream;

/**
 * The networks of one pod. While {@code problems} or {@code unavailable} with reasons are there, what the pod already
 * has of a network not in {@code networks} should be left as it is: the text that would tell is not readable.
 *
 * @param networks those that the pod can have now, in the order named; interface names are unique among them
 * @param unavailable those that it names and can't have now, in the order named
 * @param problems mistakes in what the pod's annotations or its namespace's say
 * @param denied those that it names and may not join
 * @param source where the names come from
 */
public record Resolution(
        List<Network> networks,
        List<Unavailable> unavailable,
        List<Problem> problems,
        List<Denied> denied,
        Source source) {
    public Resolution {
        networks = List.copyOf(networks);
        unavailable = List.copyOf(unavailable);
        problems = List.copyOf(problems);
        denied = List.copyOf(denied);
    }

    /** Everything that a new pod is refused for. */
    public List<Problem> refusals() {
        return Stream.concat(problems.stream(), denied.stream().map(Denied::problem))
                .toList();
    }

    /** Tells whether {@code networks} is everything that the pod declares. */
    public boolean isComplete() {
        return unavailable.isEmpty() && problems.isEmpty() && denied.isEmpty();
    }
}
