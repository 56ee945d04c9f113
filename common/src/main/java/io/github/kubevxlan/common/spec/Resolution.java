package io.github.kubevxlan.common.spec;

import java.util.List;
import java.util.stream.Stream;

/**
 * The networks of one pod. While {@code problems} or {@code definitionProblems} with reasons are there, what the pod
 * already has of a network not in {@code networks} should be left as it is: the text that would tell is not readable.
 *
 * @param networks those that the pod can have now, in the order named; interface names are unique among them
 * @param definitionProblems those that it names and can't have now, in the order named
 * @param problems mistakes in what the pod's annotations or its namespace's say
 * @param tenancyProblems those that it names and may not join; or may join, in {@code networks}, and not as it says
 * @param source where the names come from
 */
public record Resolution(
        List<Network> networks,
        List<DefinitionProblem> definitionProblems,
        List<Problem> problems,
        List<TenancyProblem> tenancyProblems,
        Source source) {
    public Resolution {
        networks = List.copyOf(networks);
        definitionProblems = List.copyOf(definitionProblems);
        problems = List.copyOf(problems);
        tenancyProblems = List.copyOf(tenancyProblems);
    }

    /** The same for a pod, given as {@code NAMESPACE/NAME}: without what is for others by name. */
    public Resolution of(String pod) {
        return networks.stream().allMatch(network -> network.macs().isEmpty())
                ? this
                : new Resolution(
                        networks.stream().map(network -> network.of(pod)).toList(),
                        definitionProblems,
                        problems,
                        tenancyProblems,
                        source);
    }

    /** Everything that a new pod is refused for. */
    public List<Problem> refusals() {
        return Stream.concat(problems.stream(), tenancyProblems.stream().map(TenancyProblem::problem))
                .toList();
    }

    /** Tells whether {@code networks} is everything that the pod declares. */
    public boolean isComplete() {
        return definitionProblems.isEmpty() && problems.isEmpty() && tenancyProblems.isEmpty();
    }
}
