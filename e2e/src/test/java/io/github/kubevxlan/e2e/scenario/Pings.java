package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Ping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Members that ping each other around a ring; there are some rings, and each next member is of the next one. A ping goes
 * on until it is ended and counted.
 */
final class Pings {
    private final List<Pod> members;
    private final int rings;
    private final IntFunction<String> address;
    private final Map<Integer, Ping> running = new TreeMap<>();
    private final List<String> losses = new ArrayList<>();

    /**
     * None runs yet.
     *
     * @param address that of a member, by its number, in its ring's network
     */
    Pings(List<Pod> members, int rings, IntFunction<String> address) {
        this.members = members;
        this.rings = rings;
        this.address = address;
    }

    /** Begins those from such members that do not run; the others go on. */
    void begin(IntPredicate from) {
        numbers(from)
                .filter(member -> !running.containsKey(member))
                .forEach(member -> running.put(member, Ping.begin(members.get(member), target(member))));
    }

    /** Ends those from such members, and counts them. */
    void end(IntPredicate from) {
        numbers(from)
                .forEach(member -> Optional.ofNullable(running.remove(member)).ifPresent(ping -> count(member, ping)));
    }

    /** A line for each ping that was ended and has lost packets. */
    List<String> losses() {
        return List.copyOf(losses);
    }

    private void count(int member, Ping ping) {
        Ping.Count count = ping.end();
        if (count.lost() > 0) {
            losses.add(
                    "%s to %s: %s".formatted(members.get(member).getMetadata().getName(), target(member), count));
        }
    }

    private String target(int member) {
        return address.apply((member + rings) % members.size());
    }

    private IntStream numbers(IntPredicate from) {
        return IntStream.range(0, members.size()).filter(from);
    }
}
