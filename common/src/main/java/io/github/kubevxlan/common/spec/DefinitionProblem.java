package io.github.kubevxlan.common.spec;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A network that a pod names and that is not usable now. Its text is a sentence for the user.
 *
 * @param network its name
 * @param reasons what is wrong with its definition; empty if it has none
 * @param unknown where it is named, if it has none, and which networks there are
 */
public record DefinitionProblem(String network, List<Problem> reasons, Optional<Problem> unknown) {
    public DefinitionProblem {
        reasons = List.copyOf(reasons);
    }

    /** Tells whether no definition exists, as opposed to an unusable one. */
    public boolean isUnknown() {
        return reasons.isEmpty();
    }

    @Override
    public String toString() {
        return isUnknown()
                ? "network " + network + " is not defined"
                : reasons.stream()
                        .map(Problem::toString)
                        .collect(Collectors.joining("; ", "network " + network + " has no usable definition (", ")"));
    }
}
