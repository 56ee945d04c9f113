package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import io.github.kubevxlan.common.spec.Unavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All labelled pods, who is in which segment, and from that the overlay each should have. Every change tells which pods
 * it concerns. For use by one thread at a time.
 */
public final class Members {
    private final Keys keys;
    private final int neighbours;
    private final boolean filtered;
    private final Map<String, Map<String, String>> annotationsByNamespace = new HashMap<>();
    private final Map<String, Member> members = new HashMap<>();
    private final Map<SegmentKey, SegmentMembers> segments = new HashMap<>();
    private Resolver resolver;

    private record Member(PodSnapshot pod, Resolution resolution, Set<SegmentKey> in) {}

    /**
     * Takes the annotations' keys, the definitions to start from, of how many members of a segment at most the others get
     * neighbour entries, and whether members are to drop packets of others than peers.
     */
    public Members(Keys keys, Definitions definitions, int neighbours, boolean filtered) {
        this.keys = keys;
        this.neighbours = neighbours;
        this.filtered = filtered;
        this.resolver = new Resolver(keys, definitions);
    }

    /** Takes a pod as it is now; gives the UIDs of the pods whose overlay may have to change. */
    public Set<String> put(PodSnapshot pod) {
        Affected affected = new Affected();
        take(pod, affected);
        return affected.uids();
    }

    /** Takes a pod as {@link #put} does, before anybody has to be told: many take time by the pod, not by their pairs. */
    public void learn(PodSnapshot pod) {
        take(pod, new Affected());
    }

    /** A pod is gone or no longer labelled; gives the UIDs of the pods whose overlay may have to change. */
    public Set<String> remove(String uid) {
        Affected affected = new Affected();
        Member before = members.remove(uid);
        if (before != null) {
            leave(uid, before.in(), affected);
        }
        return affected.uids();
    }

    /** The definitions changed; gives all UIDs. */
    public Set<String> define(Definitions definitions) {
        resolver = new Resolver(keys, definitions);
        segments.clear();
        return placeAgain(List.copyOf(members.values()));
    }

    /** A namespace's annotations changed; gives the UIDs of the pods whose overlay may have to change. */
    public Set<String> annotate(String namespace, Map<String, String> annotations) {
        Map<String, String> before = annotationsByNamespace.put(namespace, annotations);
        if (annotations.equals(before)) {
            return Set.of();
        }
        return placeAgain(members.values().stream()
                .filter(member -> member.pod().ref().namespace().equals(namespace))
                .toList());
    }

    /** The overlay that a pod should have; empty if the pod is not known or can't be programmed. */
    public Optional<Target> target(String uid) {
        Member member = members.get(uid);
        if (member == null || !member.pod().reachable()) {
            return Optional.empty();
        }
        List<DesiredLink> links = member.resolution().networks().stream()
                .flatMap(network -> segment(network, member.pod()).map(segment -> segment.link(uid, network)).stream())
                .toList();
        return Optional.of(new Target(member.pod(), new DesiredPod(links, frozen(member), missing(member))));
    }

    /** Whether a pod names a network anywhere, or its namespace does for it, or there are default ones. */
    public boolean declaresNetworks(String uid) {
        return Optional.ofNullable(members.get(uid))
                .map(Member::resolution)
                .filter(resolution ->
                        !resolution.isComplete() || !resolution.networks().isEmpty())
                .isPresent();
    }

    /** Whether a pod's containers wait for its networks. */
    public boolean holdsBack(PodSnapshot pod) {
        return !"false".equals(pod.annotations().get(keys.waits()));
    }

    /** The UIDs of a segment's members whose agents run. */
    public List<String> running(SegmentKey key) {
        SegmentMembers segment = segments.get(key);
        return segment == null
                ? List.of()
                : segment.uids().stream()
                        .filter(uid -> Optional.ofNullable(members.get(uid))
                                .filter(member -> member.pod().agent() == PodSnapshot.AgentState.RUNNING)
                                .isPresent())
                        .toList();
    }

    /** A pod as last seen. */
    public Optional<PodSnapshot> pod(String uid) {
        return Optional.ofNullable(members.get(uid)).map(Member::pod);
    }

    /** How many pods others send to. */
    public long reachable() {
        return members.values().stream()
                .filter(member -> member.pod().reachable())
                .count();
    }

    /** The UIDs of all pods. */
    public Set<String> uids() {
        return Set.copyOf(members.keySet());
    }

    private Set<String> placeAgain(List<Member> again) {
        Affected affected = new Affected();
        again.forEach(member -> place(member.pod(), member, affected));
        return affected.uids();
    }

    private void take(PodSnapshot pod, Affected affected) {
        Member before = members.get(pod.ref().uid());
        if (before != null && before.pod().saysTheSameAs(pod)) {
            members.put(pod.ref().uid(), new Member(pod, before.resolution(), before.in()));
        } else {
            place(pod, before, affected);
        }
    }

    private void place(PodSnapshot pod, @Nullable Member before, Affected affected) {
        String uid = pod.ref().uid();
        affected.add(uid);
        Resolution resolution = resolve(pod, before);
        Set<SegmentKey> in = new HashSet<>();
        if (pod.reachable()) {
            resolution
                    .networks()
                    .forEach(network -> pod.vtep(network.family()).ifPresent(vtep -> {
                        SegmentKey key = SegmentKey.of(network, vtep);
                        in.add(key);
                        SegmentMembers segment =
                                segments.computeIfAbsent(key, one -> new SegmentMembers(one, neighbours, filtered));
                        if (segment.put(uid, vtep, network)) {
                            affected.add(segment);
                        }
                    }));
        }
        members.put(uid, new Member(pod, resolution, in));
        if (before != null) {
            Set<SegmentKey> left = new HashSet<>(before.in());
            left.removeAll(in);
            leave(uid, left, affected);
        }
    }

    /** An edit that can't be read leaves the pod where it was. */
    private Resolution resolve(PodSnapshot pod, @Nullable Member before) {
        Resolution now = resolver.resolve(
                pod.ref().namespace(),
                pod.annotations(),
                annotationsByNamespace.getOrDefault(pod.ref().namespace(), Map.of()));
        if (now.problems().isEmpty() || before == null) {
            return now;
        }
        Resolution kept = before.resolution();
        Set<String> closed = resolver.definitions().closedTo(pod.ref().namespace());
        List<Network> open = kept.networks().stream()
                .filter(network -> !closed.contains(network.name()))
                .toList();
        return new Resolution(open, kept.unavailable(), now.problems(), now.denied(), now.source());
    }

    private void leave(String uid, Set<SegmentKey> left, Affected affected) {
        for (SegmentKey key : left) {
            SegmentMembers segment = segments.get(key);
            if (segment != null) {
                segment.remove(uid);
                affected.add(segment);
                if (segment.isEmpty()) {
                    segments.remove(key);
                }
            }
        }
    }

    private Optional<SegmentMembers> segment(Network network, PodSnapshot pod) {
        return pod.vtep(network.family())
                .map(vtep -> Objects.requireNonNull(segments.get(SegmentKey.of(network, vtep))));
    }

    private Frozen frozen(Member member) {
        if (member.resolution().isComplete()) {
            return Frozen.NOTHING;
        }
        Set<String> broken = member.resolution().unavailable().stream()
                .filter(unavailable -> !unavailable.isUnknown())
                .map(Unavailable::network)
                .collect(Collectors.toSet());
        return new Frozen(
                !member.resolution().problems().isEmpty(),
                broken,
                resolver.definitions().closedTo(member.pod().ref().namespace()));
    }

    private static List<Obstacle> missing(Member member) {
        List<Obstacle> missing = new ArrayList<>();
        member.resolution()
                .unavailable()
                .forEach(unavailable -> missing.add(new Obstacle(unavailable.network(), unavailable.toString())));
        member.resolution()
                .denied()
                .forEach(denied -> missing.add(
                        new Obstacle(denied.network(), denied.problem().toString())));
        member.resolution().networks().stream()
                .filter(network -> !network.pools().isEmpty())
                .forEach(network -> missing.add(new Obstacle(
                        network.name(),
                        "network " + network.name()
                                + ": no address of its subnet can be given yet; give the pod an ip= of" + " its own")));
        member.resolution()
                .networks()
                .forEach(network -> network.family()
                        .filter(family -> member.pod().vtep(network.family()).isEmpty())
                        .ifPresent(family -> missing.add(new Obstacle(
                                network.name(),
                                "network " + network.name() + ": it runs over " + family.word() + " (family=" + family
                                        + "), and the pod has no " + family.word() + " address"))));
        member.resolution().problems().forEach(problem -> missing.add(new Obstacle("", problem.toString())));
        return missing;
    }
}
