package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells whether a pod's node requirements allow Linux nodes. */
public final class NodeOs {
    /** The label of nodes that names their operating system. */
    public static final String LABEL = "kubernetes.io/os";

    /** The one that has VXLAN interfaces. */
    public static final String LINUX = "linux";

    private NodeOs() {}

    /**
     * One requirement of a node selector term (core/v1 NodeSelectorRequirement).
     *
     * @param operator {@code In}, {@code NotIn}, {@code Exists}, {@code DoesNotExist}, {@code Gt}, {@code Lt}
     */
    public record Requirement(String key, String operator, Set<String> values) {
        public Requirement {
            values = Set.copyOf(values);
        }

        private boolean excludesLinux() {
            return key.equals(LABEL)
                    && switch (operator) {
                        case "In" -> !values.contains(LINUX);
                        case "NotIn" -> values.contains(LINUX);
                        case "DoesNotExist" -> true;
                        default -> false;
                    };
        }

        @Override
        public String toString() {
            return InvalidValueException.shown(
                    operator + " " + values.stream().sorted().toList());
        }
    }

    /**
     * What keeps a pod from every Linux node, as {@code In [windows]}; empty if nothing does. A node has to meet all
     * requirements of one of the terms; a term without requirements is met by none.
     */
    public static Optional<String> excluding(List<List<Requirement>> terms) {
        List<List<Requirement>> real =
                terms.stream().filter(term -> !term.isEmpty()).toList();
        boolean isExcluded =
                !real.isEmpty() && real.stream().allMatch(term -> term.stream().anyMatch(Requirement::excludesLinux));
        return isExcluded
                ? real.getFirst().stream()
                        .filter(Requirement::excludesLinux)
                        .findFirst()
                        .map(Requirement::toString)
                : Optional.empty();
    }
}
