package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is declared for pods, and therefore what their kernels must hold: these links and no others, each with these
 * addresses and routes and no others, and an all-zero entry for each other member of its segment. No entry leads to
 * anybody else.
 *
 * @param members in no particular order
 */
public record Declared(List<Member> members) {
    private static final int AUTO_MTU = 1450;
    private static final int PORT = 8472;

    public Declared {
        members = List.copyOf(members);
    }

    /**
     * A pod and the networks that it is in.
     *
     * @param pod as it is now
     */
    public record Member(Pod pod, List<Net> nets) {
        public Member {
            nets = List.copyOf(nets);
        }
    }

    /**
     * A network as one pod has it.
     *
     * @param link the interface's name
     * @param mtu in octets
     * @param addresses with prefix length
     * @param routes as {@code 10.1.0.0/24 via 10.0.0.1}
     */
    public record Net(String link, int vni, int mtu, List<String> addresses, List<String> routes) {
        public Net {
            addresses = addresses.stream().sorted().toList();
            routes = routes.stream().sorted().toList();
        }

        /** A network with the largest MTU there is, and no routes. */
        public static Net of(String link, int vni, String... addresses) {
            return new Net(link, vni, AUTO_MTU, List.of(addresses), List.of());
        }

        /** The same with these routes. */
        public Net via(String... routes) {
            return new Net(link, vni, mtu, addresses, List.of(routes));
        }
    }

    /** Nobody is in anything. */
    public static Declared nothing() {
        return new Declared(List.of());
    }

    /** These pods are all in the same networks, with no address of their own. */
    public static Declared all(List<Pod> pods, Net... nets) {
        return new Declared(
                pods.stream().map(pod -> new Member(pod, List.of(nets))).toList());
    }

    /** The same and one pod more. */
    public Declared and(Pod pod, Net... nets) {
        return and(new Declared(List.of(new Member(pod, Arrays.asList(nets)))));
    }

    /** Both together. */
    public Declared and(Declared more) {
        return new Declared(
                Stream.concat(members.stream(), more.members.stream()).toList());
    }

    /** Waits until every pod's kernel holds just what is declared. */
    public void awaitExact() {
        Await.until("exact state of " + members.size() + " pods", () -> inexact(pods()));
    }

    /** Waits until the kernels of some of the pods do; the others may be out of reach. */
    public void awaitExactIn(List<Pod> some) {
        Await.until("exact state of " + some.size() + " pods", () -> inexact(some));
    }

    /** What is wrong now, a line a pod; empty if all is exact. */
    public Optional<String> inexact() {
        return inexact(pods());
    }

    private Optional<String> inexact(List<Pod> looked) {
        List<Overlay> seen = Overlays.of(looked);
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < looked.size(); i++) {
            fault(looked.get(i), seen.get(i)).ifPresent(faults::add);
        }
        return faults.isEmpty() ? Optional.empty() : Optional.of("\n  " + String.join("\n  ", faults));
    }

    private Optional<String> fault(Pod pod, Overlay overlay) {
        Map<String, String> wanted = new TreeMap<>();
        members.stream()
                .filter(member -> uid(member.pod()).equals(uid(pod)))
                .flatMap(member -> member.nets().stream())
                .forEach(net -> wanted.put(net.link(), wanted(pod, net)));
        Map<String, String> seen = new TreeMap<>();
        overlay.links()
                .forEach((name, link) -> seen.put(
                        name, text(link, overlay.floods(name), overlay.known().getOrDefault(name, List.of()))));
        return seen.equals(wanted)
                ? Optional.empty()
                : Optional.of("%s (%s) has %s%n    and should have %s"
                        .formatted(pod.getMetadata().getName(), Pods.ip(pod), seen, wanted));
    }

    private String wanted(Pod pod, Net net) {
        List<String> floods = members.stream()
                .filter(member -> !uid(member.pod()).equals(uid(pod)))
                .filter(member -> member.nets().stream().anyMatch(other -> other.vni() == net.vni()))
                .map(member -> Pods.ip(member.pod()))
                .toList();
        return text(
                new Overlay.Link(0, true, net.vni(), PORT, net.mtu(), net.addresses(), net.routes()),
                floods,
                List.of());
    }

    private static String text(Overlay.Link link, List<String> floods, List<String> known) {
        return "VNI %d port %d mtu %d %s, addresses %s, routes %s, entries %s, others %s"
                .formatted(
                        link.vni(),
                        link.port(),
                        link.mtu(),
                        link.up() ? "up" : "down",
                        link.given(),
                        link.routes().stream().sorted().toList(),
                        floods.stream().sorted().collect(Collectors.joining(" ")),
                        known.stream().filter(vtep -> !floods.contains(vtep)).toList());
    }

    private List<Pod> pods() {
        return members.stream().map(Member::pod).toList();
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
