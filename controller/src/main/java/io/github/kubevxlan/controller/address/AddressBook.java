package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Definition;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Segment;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The address plans of all networks that have a subnet or port security. For use by one thread at a time. */
public final class AddressBook {
    private final Map<String, AddressPlan> plans = new HashMap<>();
    private final Map<Underlay, String> owners = new HashMap<>();
    private final Map<String, Set<String>> plansByUid = new HashMap<>();
    private boolean open;

    /** What tells networks apart. */
    private record Underlay(Segment segment, Optional<Family> family) {}

    /**
     * A pod as all its networks have it in common.
     *
     * @param pod the pod
     * @param labels its labels
     * @param written the addresses that are written on it, by network name
     */
    public record Holder(Claimant pod, Map<String, String> labels, Map<String, List<IpAddr>> written) {
        public Holder {
            labels = Map.copyOf(labels);
            written = Map.copyOf(written);
        }

        private boolean isExempt(Network network) {
            return network.security().isExempt(pod.namespace(), labels);
        }

        private String uid() {
            return pod.uid();
        }
    }

    /** Takes the definitions, after which every pod is to be put again, and then {@link #settle} to be called. */
    public void define(Collection<Definition> definitions) {
        Map<String, AddressPlan> before = Map.copyOf(plans);
        plans.clear();
        owners.clear();
        plansByUid.clear();
        for (Definition definition : definitions) {
            AddressPolicy policy = AddressPolicy.of(definition.options());
            if (!definition.pools().isEmpty() || policy.common().isPresent()) {
                AddressPlan known = before.get(definition.name());
                plans.put(
                        definition.name(),
                        known == null
                                ? new AddressPlan(definition.pools(), policy)
                                : known.offering(definition.pools(), policy));
                owners.put(
                        new Underlay(definition.segment(), definition.options().family()), definition.name());
            }
        }
    }

    /** All pods and what they have are known: addresses may be given from now on. Tells the UIDs of who got one. */
    public Set<String> open() {
        open = true;
        return settle();
    }

    /** All pods were put again; tells the UIDs of those whose addresses changed by that. */
    public Set<String> settle() {
        return open ? union(plans.values().stream().map(AddressPlan::open).toList()) : Set.of();
    }

    /** Takes a pod and its networks as they are now; tells the UIDs whose addresses changed. */
    public Set<String> put(Holder holder, List<Network> networks) {
        Map<String, Network> wanted = new HashMap<>();
        networks.forEach(network -> plan(network).ifPresent(plan -> wanted.put(plan, network)));
        Set<String> now = holder.written().keySet().stream()
                .filter(plans::containsKey)
                .collect(Collectors.toCollection(HashSet::new));
        now.addAll(wanted.keySet());
        Set<String> changed = new HashSet<>();
        Set<String> before = now.isEmpty() ? plansByUid.remove(holder.uid()) : plansByUid.put(holder.uid(), now);
        if (before != null) {
            before.stream()
                    .filter(plan -> !now.contains(plan))
                    .forEach(plan -> changed.addAll(plan(plan).leave(holder.uid())));
        }
        now.forEach(plan ->
                changed.addAll(plan(plan).put(request(holder, plan, Optional.ofNullable(wanted.get(plan))))));
        return changed;
    }

    /** A pod has no address any more; tells the UIDs of others whose addresses changed. */
    public Set<String> remove(String uid) {
        Set<String> before = plansByUid.remove(uid);
        return before == null
                ? Set.of()
                : union(before.stream().map(plan -> plan(plan).remove(uid)).toList());
    }

    /** So much time has passed on a clock that never goes back; tells the UIDs whose addresses changed by that. */
    public Set<String> expire(Duration now) {
        return union(plans.values().stream().map(plan -> plan.expire(now)).toList());
    }

    /** How many addresses of each network's pools are in use, by network name. */
    public List<PoolUse> uses() {
        return plans.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(plan -> plan.getValue().uses(plan.getKey()).stream())
                .toList();
    }

    /** What a pod may have of a network's addresses; empty if nobody has a say in them. */
    public Optional<Allocation> allocation(String uid, Network network) {
        return plan(network).map(plan -> plan(plan).allocation(uid));
    }

    /** A network with the addresses that a pod may have. */
    public Network addressed(String uid, Network network) {
        return allocation(uid, network)
                .map(allocation -> network.addressed(allocation.addresses()))
                .orElse(network);
    }

    /** That of its segment; of a member that could not follow an edit to another segment, that of its network. */
    private Optional<String> plan(Network network) {
        return Optional.ofNullable(owners.get(new Underlay(network.segment(), network.family())))
                .or(() -> Optional.of(network.name()).filter(plans::containsKey));
    }

    private AddressPlan plan(String name) {
        return Optional.ofNullable(plans.get(name)).orElseThrow();
    }

    private static AddressRequest request(Holder holder, String plan, Optional<Network> network) {
        List<IpAddr> written =
                holder.written().getOrDefault(network.map(Network::name).orElse(plan), List.of());
        return new AddressRequest(
                holder.pod(),
                network.map(one -> new AddressRequest.ByHand(one.addresses(), holder.isExempt(one)))
                        .orElse(AddressRequest.ByHand.NOTHING),
                network.map(Network::pools).orElse(List.of()),
                network.map(AddressBook::gateways).orElse(Set.of()),
                written);
    }

    private static Set<IpAddr> gateways(Network network) {
        return network.routes().stream()
                .flatMap(route -> route.gateway().stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> union(Collection<Set<String>> sets) {
        return sets.stream().flatMap(Set::stream).collect(Collectors.toSet());
    }
}
