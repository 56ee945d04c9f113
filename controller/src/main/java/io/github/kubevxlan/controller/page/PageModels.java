package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.common.spec.Broken;
import io.github.kubevxlan.common.spec.Definition;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.controller.registry.Overview;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes what the page shows of what the controller knows. Pure. */
final class PageModels {
    private static final Comparator<PageMember> ORDER = Comparator.comparing(PageMember::network)
            .thenComparing(member -> member.identity().namespace())
            .thenComparing(member -> member.identity().pod())
            .thenComparing(member -> member.identity().uid());

    private PageModels() {}

    /** What a controller that leads shows. */
    static PageModel of(PageLeader leader, Overview overview) {
        List<PageMember> members =
                overview.pods().stream().flatMap(PageMembers::of).sorted(ORDER).toList();
        return PageModel.of(leader, networks(overview.definitions(), members), members);
    }

    private static Collection<PageNetwork> networks(Definitions definitions, Collection<PageMember> members) {
        Map<String, Counts> counts = new HashMap<>();
        members.forEach(member ->
                counts.computeIfAbsent(member.network(), _ -> new Counts()).add(member));
        TreeMap<String, PageNetwork> networks = new TreeMap<>();
        definitions.usable().values().forEach(one -> networks.put(one.name(), usable(one, count(counts, one.name()))));
        definitions.broken().values().forEach(one -> networks.put(one.name(), broken(one, count(counts, one.name()))));
        counts.forEach((name, count) -> {
            if (!name.isEmpty()) {
                networks.computeIfAbsent(name, _ -> undefined(name, count));
            }
        });
        return networks.values();
    }

    private static Counts count(Map<String, Counts> counts, String network) {
        return counts.getOrDefault(network, new Counts());
    }

    private static PageNetwork usable(Definition definition, Counts count) {
        return new PageNetwork(
                definition.name(),
                new PageNetwork.Segment(
                        definition.segment().vni().value(),
                        definition.segment().port().value(),
                        definition.options().family().map(Object::toString).orElse("")),
                count.pods(),
                "");
    }

    private static PageNetwork broken(Broken broken, Counts count) {
        List<Problem> problems = broken.problems();
        return new PageNetwork(
                broken.name(),
                PageNetwork.Segment.UNKNOWN,
                count.pods(),
                problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }

    private static PageNetwork undefined(String name, Counts count) {
        return new PageNetwork(name, PageNetwork.Segment.UNKNOWN, count.pods(), "network " + name + " is not defined");
    }

    private static final class Counts {
        private int members;
        private int ready;

        private PageNetwork.Pods pods() {
            return new PageNetwork.Pods(members, ready);
        }

        private void add(PageMember member) {
            members++;
            if (member.state().equals(PageState.READY.word())) {
                ready++;
            }
        }
    }
}
