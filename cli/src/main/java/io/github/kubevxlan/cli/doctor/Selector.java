package io.github.kubevxlan.cli.doctor;

import io.github.kubevxlan.cli.state.ApiNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

        /** What {@code kubectl label} is to be given so that it holds; empty if no label helps. */
        private Optional<String> amendment() {
            return switch (operator) {
                case "In" -> values.stream().findFirst().map(value -> key + "=" + value);
                case "Exists" -> Optional.of(key + "=true");
                default -> key.startsWith("kubernetes.io/") ? Optional.empty() : Optional.of(key + "-");
            };
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

    /**
     * What {@code kubectl label} is to be given so that it takes an object.
     *
     * @param all the object's labels
     * @return empty if no label helps
     */
    public Optional<String> amendment(Map<String, String> all) {
        List<Optional<String>> amendments = Stream.concat(
                        labels.entrySet().stream()
                                .filter(label -> !label.getValue().equals(all.get(label.getKey())))
                                .map(label -> Optional.of(label.getKey() + "=" + label.getValue())),
                        terms.stream().filter(term -> !term.takes(all)).map(Term::amendment))
                .toList();
        return amendments.stream()
                        .allMatch(each -> each.filter(ApiNames::isLabel).isPresent())
                ? Optional.of(amendments.stream().map(Optional::orElseThrow).collect(Collectors.joining(" ")))
                : Optional.empty();
    }

    /** Whether it takes an object with those labels. */
    public boolean takes(Map<String, String> all) {
        return all.entrySet().containsAll(labels.entrySet()) && terms.stream().allMatch(term -> term.takes(all));
    }
}
