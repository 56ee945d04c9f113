package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.common.spec.Parsed;
import io.github.kubevxlan.common.spec.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A label selector as kubectl takes it: {@code app=router, tier in (a, b), !canary}.
 *
 * @param requirements all of them must hold; none selects everything
 */
record Selector(List<Requirement> requirements) {
    static final Selector ALL = new Selector(List.of());

    private static final int MOST_CHARACTERS = 1_000;
    private static final String ALLOWED =
            "a label selector, such as: app=router, app!=router, tier in (a, b), tier notin (a, b), app, !app";
    private static final String TOO_LONG = "a label selector of at most " + MOST_CHARACTERS + " characters";
    private static final String KEY =
            "((?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?" + "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)";
    private static final String VALUE = "(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?";
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);
    private static final Pattern EQUALS = Pattern.compile(KEY + "\\s*(!=|==?)\\s*(" + VALUE + ")");
    private static final Pattern IN = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern ONE_VALUE = Pattern.compile(VALUE);

    Selector {
        requirements = List.copyOf(requirements);
    }

    /**
     * What must hold of one label.
     *
     * @param values those that it may have; empty for any
     * @param holds whether it must be so, or must not
     */
    record Requirement(String key, Optional<Set<String>> values, boolean holds) {
        boolean matches(Map<String, String> labels) {
            boolean is = labels.containsKey(key)
                    && values.map(all -> all.contains(labels.get(key))).orElse(true);
            return is == holds;
        }
    }

    boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.matches(labels));
    }

    /** Reads one; takes any text. */
    static Parsed<Selector> parse(String where, String text) {
        if (text.length() > MOST_CHARACTERS) {
            return new Parsed<>(ALL, List.of(new Problem(where, 1, 1, text, TOO_LONG)));
        }
        if (text.isBlank()) {
            return new Parsed<>(ALL, List.of());
        }
        List<Requirement> requirements = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int start = 0;
        for (int end : ends(text)) {
            String part = text.substring(start, end);
            Optional<Requirement> requirement = requirement(part.strip());
            if (requirement.isPresent()) {
                requirements.add(requirement.get());
            } else {
                problems.add(problem(where, text, start, part));
            }
            start = end + 1;
        }
        return new Parsed<>(new Selector(requirements), problems);
    }

    private static Problem problem(String where, String text, int start, String part) {
        int at = start + part.length() - part.stripLeading().length();
        String before = text.substring(0, at);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new Problem(where, line, at - before.lastIndexOf('\n'), part.strip(), ALLOWED);
    }

    /** Where the requirements end: at each comma outside of parentheses, and at the end. */
    private static List<Integer> ends(String text) {
        List<Integer> ends = new ArrayList<>();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && depth <= 0) {
                ends.add(i);
            }
        }
        ends.add(text.length());
        return ends;
    }

    private static Optional<Requirement> requirement(String text) {
        Matcher exists = EXISTS.matcher(text);
        if (exists.matches()) {
            return Optional.of(new Requirement(
                    exists.group(2), Optional.empty(), exists.group(1).isEmpty()));
        }
        Matcher equals = EQUALS.matcher(text);
        if (equals.matches()) {
            return Optional.of(new Requirement(
                    equals.group(1),
                    Optional.of(Set.of(equals.group(3))),
                    !equals.group(2).equals("!=")));
        }
        Matcher in = IN.matcher(text);
        return in.matches() ? in(in.group(1), in.group(2).equals("in"), in.group(3)) : Optional.empty();
    }

    private static Optional<Requirement> in(String key, boolean holds, String list) {
        Set<String> values =
                Arrays.stream(list.split(",", -1)).map(String::strip).collect(Collectors.toSet());
        return values.stream().allMatch(value -> ONE_VALUE.matcher(value).matches())
                ? Optional.of(new Requirement(key, Optional.of(values), holds))
                : Optional.empty();
    }
}
