package io.github.kubevxlan.cli.kube;

import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Asked;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Overlay;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.Inspections;
import io.github.kubevxlan.cli.view.LinkView;
import io.github.kubevxlan.cli.view.PodInspection;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Asks members what their kernels hold. If a filter has ever dropped packets of senders that are no peers, it asks once
 * more after a pause, to see whether such packets arrive now.
 */
final class AskedAgents {
    private final ClusterState state;
    private final Agents agents;
    private final Runnable pause;

    /** Takes the cluster, the way to its agents, and what lasts {@link Facts#STRANGERS_WITHIN}. */
    AskedAgents(ClusterState state, Agents agents, Runnable pause) {
        this.state = state;
        this.agents = agents;
        this.pause = pause;
    }

    /** Asks at most so many, in order of their names; notes how many it did not ask, or not compare. */
    List<Asked> ask(int most, List<String> notes) {
        Map<Boolean, List<PodFacts>> byKnown = state.served().stream()
                .filter(pod -> pod.snapshot().reachable() && pod.snapshot().agent() == AgentState.RUNNING)
                .collect(
                        Collectors.partitioningBy(pod -> state.incomparable(pod).isEmpty()));
        List<PodFacts> members = byKnown.getOrDefault(true, List.of());
        byKnown.getOrDefault(false, List.of()).stream()
                .flatMap(pod -> state.incomparable(pod).stream())
                .collect(Collectors.groupingBy(why -> why, TreeMap::new, Collectors.counting()))
                .forEach((why, pods) -> notes.add("members not compared: " + pods + ", because " + why));
        if (members.size() > most) {
            notes.add("asked the agents of " + most + " of " + members.size() + " members: --deep asks all");
        }
        List<Asked> first = each(members.stream().limit(most).toList());
        Map<String, Long> before = first.stream()
                .filter(asked -> asked.strangers() > 0)
                .collect(Collectors.toMap(Asked::pod, Asked::strangers));
        if (before.isEmpty()) {
            return first;
        }
        pause.run();
        Map<String, Long> after = each(members.stream()
                        .filter(pod -> before.containsKey(pod.name()))
                        .toList())
                .stream()
                .collect(Collectors.toMap(Asked::pod, Asked::strangers));
        return first.stream()
                .map(asked -> asked.with(
                        Math.max(0, after.getOrDefault(asked.pod(), 0L) - before.getOrDefault(asked.pod(), 0L))))
                .toList();
    }

    private List<Asked> each(List<PodFacts> pods) {
        Overlay overlay = Overlay.of(state);
        Inspections inspections = new Inspections(state, overlay);
        return Parallel.each(pods, pod -> ask(pod, overlay, inspections)).stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<Asked> ask(PodFacts pod, Overlay overlay, Inspections inspections) {
        return overlay.target(pod.snapshot().ref().uid()).map(Target::desired).stream()
                .map(want -> inspections.pod(pod, want, agents.ask(pod.snapshot(), want), List.of()))
                .map(inspection -> asked(pod, inspection))
                .toList();
    }

    /** With the packets of strangers since the filters were made. */
    private static Asked asked(PodFacts pod, PodInspection inspection) {
        long strangers = inspection.links().stream()
                .map(LinkView::counters)
                .mapToLong(packets -> packets == null ? 0 : packets.stopped().strangers())
                .sum();
        return new Asked(pod.name(), inspection.unasked(), inspection.differences(), inspection.problems(), strangers);
    }
}
