package io.github.kubevxlan.cli.doctor;

import java.util.List;
import java.util.Map;

/**
 * A label selector as in the Kubernetes API; an empty one takes everything.
 *
 * @param labels which an object must have
 * @param terms all of which must hold
 */
public record Selector(Map<String, String> labels, List<Term> terms) {
    /** Takes everything. */
    public static final Selector ALL = new Selector(Map.of(), List.of());

    public Selector {
        labels = Map.copyOf(labels);
        terms = List.copyOf(terms);
    }

    /**
     * One of the {@code matchExpressions}.
     *
     * @param key of a label
     * @param operator {@code In}, {@code NotIn}, {@code Exists} or {@code DoesNotExist}
     * @param values for the first two
     */
    public record Term(String key, String operator, List<String> values) {
        public Term {
            values = List.copyOf(values);
        }

        private boolean takes(Map<String, String> labels) {
            return switch (operator) {
                case "In" -> labels.containsKey(key) && values.contains(labels.get(key));
                case "NotIn" -> !labels.containsKey(key) || !values.contains(labels.get(key));
                case "Exists" -> labels.containsKey(key);
                case "DoesNotExist" -> !labels.containsKey(key);
                default -> false;
            };
        }
    }

    /** Whether it takes an object with those labels. */
    public boolean takes(Map<String, String> all) {
        return all.entrySet().containsAll(labels.entrySet()) && terms.stream().allMatch(term -> term.takes(all));
    }
}
