package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IfName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ConfigMap's entries: those that define a network, and those that don't with the reasons. Of two names for one
 * segment the first in name order has it and the other is broken, so that any order of edits gives the same; an entry
 * that is broken otherwise keeps its segment, for its pods are left in it. Overlapping subnets likewise.
 *
 * @param isPresent whether there is a ConfigMap at all: without one nobody knows which networks there are
 * @param defaults for what the definitions leave open
 * @param usable definitions by network name, in order; no two share a segment
 * @param broken the other entries by network name, in order
 */
public record Definitions(
        boolean isPresent, Defaults defaults, SortedMap<String, Definition> usable, SortedMap<String, Broken> broken) {
    /** In a full ConfigMap, 1 MiB, that leaves 32 bytes to a network: no real one comes near. */
    public static final int MOST_NETWORKS = 32_768;

    /** As long as the values of a ConfigMap may be, in bytes; in UTF-16 characters they are fewer. */
    private static final int MOST_CHARACTERS = 1_048_576;

    /** Beyond so many mistakes in all, only the first mistake of an entry is kept. */
    private static final int MOST_PROBLEMS = 1_000;

    private static final int MOST_EXAMPLES = 5;

    private static final List<Problem> TOO_MUCH = List.of(new Problem(
            "ConfigMap",
            1,
            1,
            "more networks",
            "at most " + MOST_NETWORKS + " networks and " + MOST_CHARACTERS + " characters in all"));

    public Definitions {
        usable = Collections.unmodifiableSortedMap(new TreeMap<>(usable));
        broken = Collections.unmodifiableSortedMap(new TreeMap<>(broken));
    }

    /**
     * Reads the {@code data} of the ConfigMap; takes any text. Of what is too much for any ConfigMap, the entries beyond
     * are broken unread, with one problem between them.
     */
    public static Definitions parse(Map<String, String> data, Defaults defaults) {
        SortedMap<String, Definition> usable = new TreeMap<>();
        SortedMap<String, Broken> broken = new TreeMap<>();
        SegmentOwners segments = new SegmentOwners();
        SubnetOwners subnets = new SubnetOwners();
        int characters = 0;
        int left = MOST_PROBLEMS;
        for (Map.Entry<String, String> entry : new TreeMap<>(data).entrySet()) {
            String name = entry.getKey();
            String text = entry.getValue();
            characters += text.length();
            if (usable.size() + broken.size() >= MOST_NETWORKS || characters > MOST_CHARACTERS) {
                broken.put(name, new Broken(name, TOO_MUCH, Options.NONE));
                continue;
            }
            Problems problems = new Problems(where(name), left);
            Options options = OverlayParser.definition(text, problems);
            Optional<Segment> segment = segment(options, defaults);
            checkSegment(name, text, segment, options.family(), segments, problems);
            checkInterface(name, options, defaults, problems);
            Stream.of(
                            AddressRules.check(options, defaults.reserved()),
                            NameRules.check(options, defaults.anyMac()),
                            subnets.claim(name, options).stream(),
                            options.impairments().problem().stream())
                    .flatMap(found -> found)
                    .forEach(problem -> problems.add(1, 1, problem.found(), problem.allowed()));
            if (problems.areNone()) {
                usable.put(name, new Definition(name, segment.orElseThrow(), options));
            } else {
                broken.put(name, new Broken(name, problems.all(), options));
                left -= problems.all().size();
            }
        }
        return new Definitions(true, defaults, usable, broken);
    }

    /** Those of no ConfigMap. */
    public static Definitions absent(Defaults defaults) {
        return new Definitions(false, defaults, new TreeMap<>(), new TreeMap<>());
    }

    /** The default networks that pods of a namespace may join, broken ones too, in name order. */
    List<String> defaultsFor(String namespace) {
        return all().entrySet().stream()
                .filter(entry -> entry.getValue().isDefault().orElse(false)
                        && entry.getValue().admits(namespace))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The networks, broken ones too, that pods of a namespace may not join. */
    public Set<String> closedTo(String namespace) {
        return all().entrySet().stream()
                .filter(entry -> !entry.getValue().admits(namespace))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The network that has a segment, usable or broken. */
    Optional<String> owner(Segment segment, Optional<Family> family) {
        SegmentOwners owners = new SegmentOwners();
        all().forEach((name, options) ->
                segment(options, defaults).ifPresent(its -> owners.claim(name, its, options.family())));
        return owners.owner(segment, family);
    }

    /** Says why a network is not among the usable ones. */
    DefinitionProblem problem(String network) {
        return new DefinitionProblem(
                network,
                Optional.ofNullable(broken.get(network)).map(Broken::problems).orElse(List.of()),
                Optional.empty());
    }

    /**
     * Why an object of a namespace may not use a network; empty if it may, also where the definition is broken: the members
     * stay as they are then.
     *
     * @param where names the text with the network's name
     */
    public Optional<Problem> refusal(String where, String network, String namespace) {
        Optional<Options> options = Optional.ofNullable(usable.get(network))
                .map(Definition::options)
                .or(() -> Optional.ofNullable(broken.get(network)).map(Broken::options));
        if (options.isEmpty()) {
            return Optional.of(new Problem(where, 1, 1, network, defined(namespace)));
        }
        return EntryRules.tenancy(network, options.get(), namespace)
                .map(problem -> new Problem(where, 1, 1, problem.found(), problem.allowed()));
    }

    /** Says what may stand where a network has to: one that is defined, with some that pods of a namespace may join. */
    String defined(String namespace) {
        String some = usable.values().stream()
                .filter(definition -> definition.options().admits(namespace))
                .limit(MOST_EXAMPLES)
                .map(Definition::name)
                .collect(Collectors.joining(", "));
        return "a network that is defined, " + (some.isEmpty() ? "and none is" : "such as " + some);
    }

    /** What is wrong with definitions and was not before, so that no edit of another repeats it in a log. */
    public List<Problem> problemsNewSince(Definitions before) {
        Set<Problem> known = before.problems().collect(Collectors.toSet());
        return problems().filter(problem -> !known.contains(problem)).toList();
    }

    /** What is wrong with them, each mistake once. */
    public Stream<Problem> problems() {
        return broken.values().stream()
                .map(Broken::problems)
                .flatMap(List::stream)
                .distinct();
    }

    /** Names an entry in problems. */
    static String where(String network) {
        return "ConfigMap entry " + network;
    }

    private SortedMap<String, Options> all() {
        SortedMap<String, Options> all = new TreeMap<>();
        usable.forEach((name, definition) -> all.put(name, definition.options()));
        broken.forEach((name, entry) -> all.put(name, entry.options()));
        return all;
    }

    private static Optional<Segment> segment(Options options, Defaults defaults) {
        return options.id().map(vni -> new Segment(vni, options.dstport().orElse(defaults.port())));
    }

    private static void checkSegment(
            String name,
            String text,
            Optional<Segment> segment,
            Optional<Family> family,
            SegmentOwners owners,
            Problems problems) {
        if (segment.isPresent()) {
            String owner = owners.claim(name, segment.get(), family);
            if (!owner.equals(name)) {
                problems.add(
                        1,
                        1,
                        "id=" + segment.get().vni(),
                        "an id that no other network has on UDP port "
                                + segment.get().port()
                                + family.map(of -> " over " + of.word()).orElse("") + "; " + owner + " has it");
            }
        } else if (problems.areNone()) {
            problems.add(1, 1, text, "a VNI, or options with id=VNI among them");
        }
    }

    /** A pod can name the interface itself, but no pod has an option for a default network. */
    private static void checkInterface(String name, Options options, Defaults defaults, Problems problems) {
        options.name()
                .filter(options.dev().orElse(defaults.dev())::equals)
                .ifPresent(ifName -> problems.add(1, 1, "name=" + ifName, InterfaceRules.NOT_UNDERLAY));
        if (options.isDefault().orElse(false)
                && EntryRules.interfaceName(name, options).isEmpty()) {
            problems.add(
                    1,
                    1,
                    name,
                    "an option name=INTERFACE for a default network whose own name is not " + IfName.ALLOWED);
        }
    }
}
