package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.controller.registry.Overview;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the page shows at one moment.
 *
 * @param leader who works
 * @param networks by name, in order
 * @param members by {@link PageMember#id()}, in order of network, namespace and pod
 */
public record PageModel(
        PageLeader leader, SequencedMap<String, PageNetwork> networks, SequencedMap<String, PageMember> members) {
    public PageModel {
        networks = copy(networks);
        members = copy(members);
    }

    /** Of these, in their order; of two with one name or id the first. */
    public static PageModel of(PageLeader leader, Collection<PageNetwork> networks, Collection<PageMember> members) {
        return new PageModel(leader, by(PageNetwork::name, networks), by(PageMember::id, members));
    }

    /** What a controller that leads shows. */
    public static PageModel of(PageLeader leader, Overview overview) {
        return PageModels.of(leader, overview);
    }

    /** What a controller that waits shows. */
    public static PageModel waiting(PageLeader leader) {
        return of(leader, List.of(), List.of());
    }

    private static <T> SequencedMap<String, T> by(Function<T, String> key, Collection<T> all) {
        return all.stream().collect(Collectors.toMap(key, one -> one, (first, _) -> first, LinkedHashMap::new));
    }

    private static <T> SequencedMap<String, T> copy(Map<String, T> map) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }
}
