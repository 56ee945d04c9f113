package io.github.kubevxlan.controller.registry;

import io.github.kubevxlan.common.spec.Definition;
import io.github.kubevxlan.common.spec.DefinitionProblem;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Resolution;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was last read of each network. A definition that can't be read now is no reason for its members to lose step with
 * each other: they stay members by the one before. Nobody joins by it. For use by one thread at a time.
 */
final class LastReadable {
    private Map<String, Definition> definitions = Map.of();

    /** Takes the definitions there are now; gives the usable ones, and the last of those that can't be read. */
    Collection<Definition> next(Definitions now) {
        Map<String, Definition> next = new TreeMap<>(now.usable());
        definitions.values().stream()
                .filter(last -> now.broken().containsKey(last.name())
                        && now.usable().values().stream().noneMatch(last::mayShareSegmentWith))
                .forEach(last -> next.put(last.name(), last));
        definitions = next;
        return next.values();
    }

    /**
     * What a pod declares, with the networks that it was in and whose definition can't be read now.
     *
     * @param now as it resolves now; the text of the pod itself can be read
     * @param before as it resolved before
     * @param closed the networks that the pod may not join
     */
    Resolution keep(Resolution now, Resolution before, Set<String> closed) {
        Set<String> broken = now.definitionProblems().stream()
                .filter(problem -> !problem.isUnknown())
                .map(DefinitionProblem::network)
                .filter(name -> definitions.containsKey(name) && !closed.contains(name))
                .collect(Collectors.toSet());
        List<Network> networks = new ArrayList<>(now.networks());
        before.networks().stream()
                .filter(network -> broken.contains(network.name())
                        && networks.stream().noneMatch(other -> UnmetFamily.isInTheWay(other, network)))
                .forEach(networks::add);
        return networks.size() == now.networks().size()
                ? now
                : new Resolution(
                        networks, now.definitionProblems(), now.problems(), now.tenancyProblems(), now.source());
    }
}
