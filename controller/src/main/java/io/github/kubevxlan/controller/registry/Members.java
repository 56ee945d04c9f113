package io.github.kubevxlan.controller.registry;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import io.github.kubevxlan.common.spec.Source;
import io.github.kubevxlan.controller.address.AddressBook;
import io.github.kubevxlan.controller.address.Allocation;
import io.github.kubevxlan.controller.address.PoolUse;
import io.github.kubevxlan.controller.overlay.Claims;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.RetainedLinks;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All labelled pods, who is in which segment, and from that the overlay each should have. Every change tells which pods
 * it concerns. For use by any number of threads: it locks itself, and what it gives does not change any more.
 */
public final class Members {
    private static final Resolution UNDECIDED = new Resolution(List.of(), List.of(), List.of(), List.of(), Source.NONE);

    private final Keys keys;
    private final int neighbours;
    private final boolean filtered;
    private final Map<String, Map<String, String>> annotationsByNamespace = new HashMap<>();
    private final Map<String, Member> members = new HashMap<>();
    private final Map<SegmentKey, SegmentMembers> segments = new HashMap<>();
    private final AddressBook addresses = new AddressBook();
    private final LastReadable readable = new LastReadable();
    private Resolver resolver;

    /**
     * Takes the annotations' keys, the definitions to start from, of how many members of a segment at most the others get
     * neighbour entries, and whether members are to drop packets of others than peers.
     */
    public Members(Keys keys, Definitions definitions, int neighbours, boolean filtered) {
        this.keys = keys;
        this.neighbours = neighbours;
        this.filtered = filtered;
        this.resolver = new Resolver(keys, definitions);
        addresses.define(readable.next(definitions));
    }

    /** All pods are known: from now on addresses are given. To be called by the leader alone. */
    public synchronized void giveAddresses() {
        join(addresses.open(), new Affected());
    }

    /** Takes a pod as it is now; gives the UIDs of the pods whose overlay may have to change. */
    public synchronized Set<String> put(PodSnapshot pod) {
        Affected affected = new Affected();
        take(pod, affected);
        return affected.uids();
    }

    /** Takes a pod as {@link #put} does, before anybody has to be told: many take time by the pod, not by their pairs. */
    public synchronized void learn(PodSnapshot pod) {
        take(pod, new Affected());
    }

    /** A pod is gone or no longer labelled; gives the UIDs of the pods whose overlay may have to change. */
    public synchronized Set<String> remove(String uid) {
        Affected affected = new Affected();
        Member before = members.remove(uid);
        if (before != null) {
            leave(uid, before.in(), affected);
            join(addresses.remove(uid), affected);
        }
        return affected.uids();
    }

    /** The definitions changed; gives all UIDs. */
    public synchronized Set<String> define(Definitions definitions) {
        resolver = new Resolver(keys, definitions);
        segments.clear();
        addresses.define(readable.next(definitions));
        Affected affected = new Affected();
        List.copyOf(members.values()).forEach(member -> place(member.pod(), member, affected));
        join(addresses.settle(), affected);
        return affected.uids();
    }

    /**
     * A namespace's annotations changed; gives the UIDs of the pods whose overlay may have to change.
     *
     * @param annotations empty if the namespace is gone
     */
    public synchronized Set<String> annotate(String namespace, Optional<Map<String, String>> annotations) {
        Optional<Map<String, String>> before = Optional.ofNullable(annotationsByNamespace.get(namespace));
        annotations.ifPresentOrElse(
                now -> annotationsByNamespace.put(namespace, now), () -> annotationsByNamespace.remove(namespace));
        if (annotations.equals(before)) {
            return Set.of();
        }
        Affected affected = new Affected();
        members.values().stream()
                .filter(member -> member.pod().ref().namespace().equals(namespace))
                .toList()
                .forEach(member -> place(member.pod(), member, affected));
        return affected.uids();
    }

    /** The overlay that a pod should have; empty if the pod is not known or can't be programmed. */
    public synchronized Optional<Target> target(String uid) {
        Member member = members.get(uid);
        if (member == null || !member.pod().reachable()) {
            return Optional.empty();
        }
        List<DesiredLink> links = member.resolution().networks().stream()
                .flatMap(network ->
                        segment(network, member.pod())
                                .map(segment -> segment.link(uid, addresses.addressed(uid, network)))
                                .stream())
                .toList();
        RetainedLinks retained = member.retained(resolver);
        List<NetworkProblem> missing = new ArrayList<>(member.missing(addresses));
        Claims claims = member.claims(addresses, retained);
        for (Network network : member.resolution().networks()) {
            Map<IpAddr, String> taken = taken(member.pod(), network);
            taken.forEach((ip, holder) -> missing.add(new NetworkProblem(
                    network.name(),
                    "network " + network.name() + ": ip=" + ip + " is an address of pod " + name(holder))));
            claims = claims.without(network.name(), taken.keySet());
            refusedMac(member.pod(), network).ifPresent(missing::add);
        }
        return Optional.of(new Target(member.pod(), new DesiredPod(links, retained, missing), claims));
    }

    /**
     * So much time has passed on a clock that never goes back; gives the UIDs of the pods whose overlay may have to change,
     * since addresses are kept no longer.
     */
    public synchronized Set<String> expire(Duration now) {
        Affected affected = new Affected();
        join(addresses.expire(now), affected);
        return affected.uids();
    }

    /** What a pod declares, as it resolves now; empty if the pod is not known. */
    public synchronized Optional<Resolution> resolution(String uid) {
        return Optional.ofNullable(members.get(uid)).map(Member::resolution);
    }

    /** Whether a pod names a network anywhere, or its namespace does for it, or there are default ones. */
    public synchronized boolean declaresNetworks(String uid) {
        return Optional.ofNullable(members.get(uid))
                .filter(member -> member.isUndecided()
                        || !member.resolution().isComplete()
                        || !member.resolution().networks().isEmpty())
                .isPresent();
    }

    /** Whether a pod's containers wait for its networks. */
    public synchronized boolean holdsBack(PodSnapshot pod) {
        return !"false".equals(pod.annotations().get(keys.waits()));
    }

    /** Whether a pod is known to be on its way out by now, whatever that snapshot says. */
    public synchronized boolean isEnding(PodSnapshot pod) {
        Member now = members.get(pod.ref().uid());
        return now != null && now.pod().ending();
    }

    /** The UIDs of a segment's members whose agents run, but for those that are ending. */
    public synchronized List<String> running(SegmentKey key) {
        SegmentMembers segment = segments.get(key);
        return segment == null
                ? List.of()
                : segment.uids().stream()
                        .filter(uid -> Optional.ofNullable(members.get(uid))
                                .filter(member -> member.pod().agent() == PodSnapshot.AgentState.RUNNING
                                        && !member.pod().ending())
                                .isPresent())
                        .toList();
    }

    /** The member of a segment that has a VTEP and may not send what is another's; empty if there is none, or no one. */
    public synchronized Optional<PodRef> checkedSender(SegmentKey key, IpAddr vtep) {
        return Optional.ofNullable(segments.get(key))
                .flatMap(segment -> segment.checkedSender(vtep))
                .flatMap(this::pod)
                .map(PodSnapshot::ref);
    }

    /** A pod as last seen. */
    public synchronized Optional<PodSnapshot> pod(String uid) {
        return Optional.ofNullable(members.get(uid)).map(Member::pod);
    }

    /** How many pods others send to. */
    public synchronized long reachable() {
        return members.values().stream()
                .filter(member -> member.pod().reachable())
                .count();
    }

    /** How many pods there are in each network by the state that is written on them, network names in order. */
    public synchronized SortedMap<String, Map<NetworkStatus.State, Long>> states() {
        return members.values().stream()
                .flatMap(member -> member.pod().observedStatus().status().networks().stream())
                .collect(Collectors.groupingBy(
                        NetworkStatus::name,
                        TreeMap::new,
                        Collectors.groupingBy(NetworkStatus::state, Collectors.counting())));
    }

    /** The UIDs of the pods that will use each network and have another state of it written on them than ready. */
    public synchronized Map<String, Set<String>> notReady() {
        Map<String, Set<String>> notReady = new HashMap<>();
        members.forEach((uid, member) -> member.pod()
                .observedStatus()
                .status()
                .networks()
                .forEach(network -> {
                    Set<String> uids = notReady.computeIfAbsent(network.name(), _ -> new HashSet<>());
                    if (network.state() != NetworkStatus.State.READY && !member.isOver()) {
                        uids.add(uid);
                    }
                }));
        return notReady;
    }

    /**
     * How many pods have interfaces by the version of the agent that set them up, as it is written on them, versions in
     * order; {@code none} where the agent tells none, as one with a shell.
     */
    public synchronized SortedMap<String, Long> agents() {
        return members.values().stream()
                .flatMap(member -> member.pod().observedStatus().status().networks().stream()
                        .filter(NetworkStatus::isThere)
                        .map(network -> network.link().agent().orElse("none"))
                        .limit(1))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    /** How many addresses of each network's pools are in use, by network name. */
    public synchronized List<PoolUse> addressUses() {
        return addresses.uses();
    }

    /** How many pods have an interface by what is written on them. */
    public synchronized long membersWritten() {
        return members.values().stream()
                .filter(member -> member.pod().observedStatus().status().networks().stream()
                        .anyMatch(NetworkStatus::isThere))
                .count();
    }

    /** How many pods are in a segment. */
    public synchronized long joined() {
        return members.values().stream()
                .filter(member -> !member.in().isEmpty())
                .count();
    }

    /** Everything that is known now; nothing but references is copied. */
    public synchronized Overview overview() {
        return new Overview(
                resolver.definitions(),
                members.values().stream()
                        .map(member -> new Overview.Declared(member.pod(), member.resolution()))
                        .toList());
    }

    /** The UIDs of all pods. */
    public synchronized Set<String> uids() {
        return Set.copyOf(members.keySet());
    }

    private void take(PodSnapshot pod, Affected affected) {
        Member before = members.get(pod.ref().uid());
        if (before != null && before.pod().saysTheSameAs(pod)) {
            members.put(pod.ref().uid(), before.as(pod));
        } else {
            place(pod, before, affected);
        }
    }

    /** Whether its networks are what its namespace says, and no watch has shown that yet. */
    private boolean isUndecided(PodSnapshot pod) {
        return !annotationsByNamespace.containsKey(pod.ref().namespace())
                && !resolver.resolve(pod.ref().namespace(), pod.annotations(), Map.of())
                        .source()
                        .isOfPod();
    }

    private void place(PodSnapshot pod, @Nullable Member before, Affected affected) {
        String uid = pod.ref().uid();
        boolean undecided = isUndecided(pod) && (before == null || before.isUndecided());
        Resolution declared = undecided ? UNDECIDED : resolve(pod, before);
        List<Network> unmet = UnmetFamily.unmet(declared, pod);
        Resolution resolution = before == null || unmet.isEmpty()
                ? declared
                : UnmetFamily.keep(declared, before.resolution(), pod, resolver);
        Member member = new Member(pod, resolution, undecided, unmet, before == null ? Set.of() : before.in());
        members.put(uid, member);
        Set<String> addressed = member.isOver() ? addresses.remove(uid) : addresses.put(pod.holder(), member.usable());
        join(uid, affected);
        join(addressed, affected);
    }

    /** Takes those whose addresses changed. */
    private void join(Set<String> uids, Affected affected) {
        uids.forEach(uid -> join(uid, affected));
    }

    /** Puts a pod into its segments as it is now, and takes it out of the others. */
    private void join(String uid, Affected affected) {
        affected.add(uid);
        Member member = Objects.requireNonNull(members.get(uid));
        Set<SegmentKey> in = new HashSet<>();
        if (member.pod().reachable()) {
            for (Network network : member.resolution().networks()) {
                member.pod().vtep(network.family()).ifPresent(vtep -> {
                    SegmentKey key = SegmentKey.of(network, vtep);
                    in.add(key);
                    SegmentMembers segment =
                            segments.computeIfAbsent(key, one -> new SegmentMembers(one, neighbours, filtered));
                    Network addressed = addresses.addressed(uid, network);
                    if (segment.put(member.pod(), vtep, addressed, senders(member.pod(), addressed))) {
                        affected.add(segment);
                    }
                });
            }
        }
        members.put(uid, member.in(in));
        Set<SegmentKey> left = new HashSet<>(member.in());
        left.removeAll(in);
        leave(uid, left, affected);
    }

    private Senders senders(PodSnapshot pod, Network addressed) {
        return Senders.of(
                addressed.security().isExempt(pod.ref().namespace(), pod.labels()),
                addressed,
                addresses
                        .allocation(pod.ref().uid(), addressed)
                        .map(Allocation::claims)
                        .orElse(List.of()));
    }

    /** An edit that can't be read leaves the pod where it was. */
    private Resolution resolve(PodSnapshot pod, @Nullable Member before) {
        Resolution now = resolver.resolve(
                        pod.ref().namespace(),
                        pod.annotations(),
                        annotationsByNamespace.getOrDefault(pod.ref().namespace(), Map.of()))
                .of(pod.ref().toString());
        if (before == null) {
            return now;
        }
        if (now.problems().isEmpty()) {
            return readable.keep(
                    now,
                    before.resolution(),
                    resolver.definitions().closedTo(pod.ref().namespace()));
        }
        Resolution kept = before.resolution();
        Set<String> closed = resolver.definitions().closedTo(pod.ref().namespace());
        List<Network> open = kept.networks().stream()
                .filter(network -> !closed.contains(network.name()))
                .map(resolver::current)
                .toList();
        return new Resolution(open, kept.definitionProblems(), now.problems(), now.tenancyProblems(), now.source());
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

    private Map<IpAddr, String> taken(PodSnapshot pod, Network network) {
        return segment(network, pod)
                .map(segment -> segment.taken(pod.ref().uid()))
                .orElse(Map.of());
    }

    private PodRef name(String uid) {
        return Objects.requireNonNull(members.get(uid)).pod().ref();
    }

    private Optional<NetworkProblem> refusedMac(PodSnapshot pod, Network network) {
        return segment(network, pod)
                .flatMap(segment -> segment.macHolder(pod.ref().uid()))
                .flatMap(this::pod)
                .map(holder -> new NetworkProblem(
                        network.name(),
                        "network " + network.name() + ": mac="
                                + network.mac().orElseThrow() + " is the MAC of pod "
                                + holder.ref(),
                        NetworkProblem.Effect.NOT_APPLIED));
    }

    private Optional<SegmentMembers> segment(Network network, PodSnapshot pod) {
        return pod.vtep(network.family())
                .map(vtep -> Objects.requireNonNull(segments.get(SegmentKey.of(network, vtep))));
    }
}
