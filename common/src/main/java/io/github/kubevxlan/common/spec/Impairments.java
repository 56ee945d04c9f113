package io.github.kubevxlan.common.spec;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a lab does to the packets that an interface sends. Prints as options say it, {@code delay=20ms loss=0.5%}.
 *
 * @param values what is done; an impairment of 0 is none
 */
public record Impairments(Map<Impairment, Integer> values) {
    /** Packets leave as they are. */
    public static final Impairments NONE = new Impairments(Map.of());

    public Impairments {
        Map<Impairment, Integer> some = new EnumMap<>(Impairment.class);
        values.forEach((impairment, value) -> {
            if (value != 0) {
                some.put(impairment, value);
            }
        });
        values = Map.copyOf(some);
    }

    /** Whether nothing is done. */
    public boolean areNone() {
        return values.isEmpty();
    }

    /** How much of one; 0 for none. */
    public int value(Impairment impairment) {
        return values.getOrDefault(impairment, 0);
    }

    /** The rate without the others, nothing where there is none. */
    public Impairments rateAlone() {
        return new Impairments(Map.of(Impairment.RATE, value(Impairment.RATE)));
    }

    /** Those that another does not do. */
    public Impairments without(Impairments other) {
        Map<Impairment, Integer> rest = new EnumMap<>(Impairment.class);
        rest.putAll(values);
        rest.keySet().removeAll(other.values.keySet());
        return new Impairments(rest);
    }

    /** What the kernel can't do, or does otherwise than users expect. */
    Optional<ProblemText> problem() {
        int delay = value(Impairment.DELAY);
        int jitter = value(Impairment.JITTER);
        if (jitter > delay) {
            return Optional.of(new ProblemText(
                    Impairment.JITTER.text(jitter),
                    delay == 0
                            ? "jitter together with delay=TIME, which it varies"
                            : "a jitter up to the delay, " + Impairment.DELAY.text(delay)));
        }
        int reorder = value(Impairment.REORDER);
        return reorder > 0 && delay == 0
                ? Optional.of(new ProblemText(
                        Impairment.REORDER.text(reorder), "reorder together with delay=TIME, which these packets skip"))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey().text(entry.getValue()))
                .collect(Collectors.joining(" "));
    }
}
