package io.github.kubevxlan.controller.page;

import java.util.List;
import java.util.SequencedMap;

/**
 * What is new of a model since another.
 *
 * @param networks those that came or changed
 * @param goneNetworks the names of those that went
 * @param members those that came or changed
 * @param goneMembers the ids of those that went
 */
record PageDelta(
        List<PageNetwork> networks, List<String> goneNetworks, List<PageMember> members, List<String> goneMembers) {
    static PageDelta between(PageModel before, PageModel after) {
        return new PageDelta(
                changed(before.networks(), after.networks()),
                gone(before.networks(), after.networks()),
                changed(before.members(), after.members()),
                gone(before.members(), after.members()));
    }

    boolean isEmpty() {
        return networks.isEmpty() && goneNetworks.isEmpty() && members.isEmpty() && goneMembers.isEmpty();
    }

    private static <T> List<T> changed(SequencedMap<String, T> before, SequencedMap<String, T> after) {
        return after.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(entry -> entry.getValue())
                .toList();
    }

    private static List<String> gone(SequencedMap<String, ?> before, SequencedMap<String, ?> after) {
        return before.keySet().stream().filter(key -> !after.containsKey(key)).toList();
    }
}
