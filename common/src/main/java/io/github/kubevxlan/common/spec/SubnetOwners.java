package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IpAddr;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which network has which subnet, so that no pod is given addresses of two that overlap. Networks whose namespaces have
 * none in common never meet. What a network costs does not grow with the number of the others but by a logarithm: who
 * may send definitions to be checked is not known, nor are they few.
 */
final class SubnetOwners {
    private final Taken byAny = new Taken();
    private final Taken byOpen = new Taken();
    private final Map<String, Taken> byNamespace = new HashMap<>();

    private record Owner(String network, Cidr subnet) {}

    /** Networks that any pod of one kind may join: apart from each other, by their first addresses. */
    private static final class Taken {
        private final NavigableMap<IpAddr, Owner> owners = new TreeMap<>();

        /** One that overlaps a subnet, the last by its address. */
        Optional<Owner> overlapping(Cidr subnet) {
            return Optional.ofNullable(owners.floorEntry(subnet.last()))
                    .map(Map.Entry::getValue)
                    .filter(owner -> owner.subnet().overlaps(subnet));
        }

        /** Adds a subnet; of two that overlap the wider one stays. */
        void add(Owner owner) {
            Optional<Owner> other = overlapping(owner.subnet());
            if (other.isPresent()
                    && other.get().subnet().prefixLength() <= owner.subnet().prefixLength()) {
                return;
            }
            IpAddr first = owner.subnet().network();
            owners.subMap(first, true, owner.subnet().last(), true).clear();
            owners.put(first, owner);
        }
    }

    /** Gives a network its subnets, the first of each family; tells which of them others have. */
    List<ProblemText> claim(String network, Options options) {
        List<Cidr> subnets = Stream.of(false, true)
                .flatMap(ipv6 -> options.subnet().stream()
                        .filter(subnet -> subnet.network().isIpv6() == ipv6)
                        .limit(1))
                .toList();
        List<ProblemText> problems = subnets.stream()
                .flatMap(subnet -> owner(subnet, options).map(owner -> problem(subnet, owner)).stream())
                .toList();
        subnets.forEach(subnet -> add(new Owner(network, subnet), options));
        return problems;
    }

    private Optional<Owner> owner(Cidr subnet, Options options) {
        return options.namespaces().isEmpty()
                ? byAny.overlapping(subnet)
                : Stream.concat(
                                Stream.of(byOpen),
                                options.namespaces().stream().flatMap(name -> Stream.ofNullable(byNamespace.get(name))))
                        .flatMap(taken -> taken.overlapping(subnet).stream())
                        .findFirst();
    }

    private void add(Owner owner, Options options) {
        byAny.add(owner);
        if (options.namespaces().isEmpty()) {
            byOpen.add(owner);
        }
        options.namespaces()
                .forEach(name ->
                        byNamespace.computeIfAbsent(name, _ -> new Taken()).add(owner));
    }

    private static ProblemText problem(Cidr subnet, Owner owner) {
        return new ProblemText(
                "subnet=" + subnet,
                "a subnet that does not overlap that of another network for the same pods; " + owner.network() + " has "
                        + owner.subnet());
    }
}
