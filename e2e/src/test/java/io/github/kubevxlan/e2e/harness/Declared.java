package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is declared for pods, and therefore what their kernels must hold: these links and no others, each with these
 * addresses and routes and no others; for each other member of its segment an all-zero entry and, unless the network
 * floods, one for its MAC and one for each of its addresses; a filter that lets these members in. Nothing leads to
 * anybody else, and nobody else is let in.
 *
 * @param members in no particular order
 */
public record Declared(List<Member> members) {
    private static final int MTU_OVER_IPV4 = 1450;
    private static final int MTU_OVER_IPV6 = 1430;
    private static final int PORT = 14789;
    private static final String QDISCS_BEGIN = "qdiscs:";
    private static final String FILTERS_BEGIN = "filters:";
    private static final Pattern RATE = Pattern.compile("qdisc tbf 185: dev (\\S+) root .*rate (\\S+) .*");

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
     * @param ipv6 whether it runs over the pods' IPv6 addresses
     * @param floods whether it is {@code forwarding=flood}
     * @param mtu in bytes
     * @param addresses with prefix length
     * @param routes as {@code 10.1.0.0/24 via 10.0.0.1}
     * @param traits what else is to be seen of it
     */
    public record Net(
            String link,
            int vni,
            boolean ipv6,
            boolean floods,
            int mtu,
            List<String> addresses,
            List<String> routes,
            Traits traits) {
        public Net {
            addresses = addresses.stream().sorted().toList();
            routes = routes.stream().sorted().toList();
        }

        /** A network that has none of what few have. */
        public Net(
                String link,
                int vni,
                boolean ipv6,
                boolean floods,
                int mtu,
                List<String> addresses,
                List<String> routes) {
            this(link, vni, ipv6, floods, mtu, addresses, routes, Traits.NONE);
        }

        /** A network over IPv4 with the largest MTU there is, and no routes. */
        public static Net of(String link, int vni, String... addresses) {
            return new Net(link, vni, false, false, MTU_OVER_IPV4, List.of(addresses), List.of());
        }

        /** The same with these routes. */
        public Net via(String... routes) {
            return new Net(link, vni, ipv6, floods, mtu, addresses, List.of(routes), traits);
        }

        /** The same with {@code forwarding=flood}. */
        public Net flooding() {
            return new Net(link, vni, ipv6, true, mtu, addresses, routes, traits);
        }

        /** The same with {@code family=ipv6}. */
        public Net overIpv6() {
            return new Net(link, vni, true, floods, MTU_OVER_IPV6, addresses, routes, traits);
        }

        /** The same with what few networks have. */
        public Net with(Traits more) {
            return new Net(link, vni, ipv6, floods, mtu, addresses, routes, more);
        }

        private Filters.Segment segment() {
            return new Filters.Segment(vni, PORT, ipv6);
        }

        private String mac(Pod pod) {
            return traits.mac().orElseGet(() -> Pods.mac(pod, link, vni));
        }
    }

    /**
     * What few networks have.
     *
     * @param rate of {@code rate=}, as tc prints it; empty for none
     * @param secured whether it is {@code security=on}
     * @param mac the one that was chosen for the pod
     */
    public record Traits(String rate, boolean secured, Optional<String> mac) {
        static final Traits NONE = new Traits("", false, Optional.empty());
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

    /**
     * What is wrong with a pod at the very moment after a change, which is made first. Both happen under the lock of its
     * agent, so that the controller can't repair the change before it is seen.
     */
    public Optional<String> inexactAfter(Pod pod, String change) {
        return inexact(List.of(pod), "exec 9<$shm && flock 9 && " + change + " && ");
    }

    private Optional<String> inexact(List<Pod> looked) {
        return inexact(looked, "");
    }

    private Optional<String> inexact(List<Pod> looked, String first) {
        int neighbours = Controller.neighbours();
        String script = first + Overlay.SCRIPT + " && echo " + QDISCS_BEGIN + " && tc qdisc show && echo "
                + FILTERS_BEGIN + " && " + Filters.SCRIPT;
        List<String> texts = Overlays.inPods(looked, script);
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < looked.size(); i++) {
            Pod pod = looked.get(i);
            faults(wanted(pod, neighbours), seen(texts.get(i)))
                    .map(all -> "%s (%s): %s".formatted(pod.getMetadata().getName(), Pods.ip(pod), all))
                    .ifPresent(faults::add);
        }
        return faults.isEmpty() ? Optional.empty() : Optional.of("\n  " + String.join("\n  ", faults));
    }

    private static Optional<String> faults(Map<String, String> wanted, Map<String, String> seen) {
        Set<String> all = new TreeSet<>(wanted.keySet());
        all.addAll(seen.keySet());
        return all.stream()
                .filter(what -> !Objects.equals(wanted.get(what), seen.get(what)))
                .map(what -> "%s is %s%n    and should be %s".formatted(what, seen.get(what), wanted.get(what)))
                .reduce((one, other) -> one + "\n    " + other);
    }

    private static Map<String, String> seen(String text) {
        String[] parts = text.split(FILTERS_BEGIN, 2);
        String[] kernel = parts[0].split(QDISCS_BEGIN, 2);
        Overlay overlay = Overlay.parse(kernel[0]);
        Map<String, String> seen = new TreeMap<>(Filters.parse(parts[1]));
        overlay.links()
                .forEach((name, link) -> describe(
                        name,
                        new Overlay.Link(
                                0,
                                link.up(),
                                link.mac(),
                                link.vni(),
                                link.port(),
                                link.mtu(),
                                link.given(),
                                link.routes()),
                        overlay.floods(name),
                        overlay.unicasts().getOrDefault(name, List.of()),
                        overlay.neighbours().getOrDefault(name, List.of()),
                        seen));
        kernel[1]
                .lines()
                .map(RATE::matcher)
                .filter(Matcher::matches)
                .forEach(rate -> seen.put(rate.group(1) + "'s rate", rate.group(2)));
        return seen;
    }

    private Map<String, String> wanted(Pod pod, int neighbours) {
        Map<Filters.Segment, List<String>> admitted = new HashMap<>();
        Map<String, String> wanted = new TreeMap<>();
        for (Net net : nets(pod)) {
            List<Member> peers = members.stream()
                    .filter(member -> !uid(member.pod()).equals(uid(pod))
                            && in(member, net).isPresent())
                    .toList();
            List<String> vteps =
                    peers.stream().map(peer -> vtep(peer.pod(), net)).toList();
            admitted.put(net.segment(), vteps);
            if (net.traits().secured()) {
                wanted.putAll(Filters.security(
                        net.segment(),
                        peers.stream().map(peer -> permitted(peer, net)).toList()));
            }
            if (!net.traits().rate().isEmpty()) {
                wanted.put(net.link() + "'s rate", net.traits().rate());
            }
            describe(
                    net.link(),
                    new Overlay.Link(0, true, net.mac(pod), net.vni(), PORT, net.mtu(), net.addresses(), net.routes()),
                    vteps,
                    net.floods()
                            ? List.of()
                            : peers.stream()
                                    .map(peer -> mac(peer, net) + " to " + vtep(peer.pod(), net))
                                    .toList(),
                    net.floods() ? List.of() : neighbours(peers, net, neighbours),
                    wanted);
        }
        wanted.putAll(Filters.of(admitted, nets(pod).stream().map(Net::link).toList()));
        return wanted;
    }

    /** The addresses that one member alone has, of the first members by UID. */
    private List<String> neighbours(List<Member> peers, Net net, int most) {
        List<String> taken = members.stream()
                .flatMap(member -> in(member, net).stream())
                .flatMap(Declared::ips)
                .toList();
        Set<String> told = members.stream()
                .filter(member -> in(member, net).isPresent())
                .map(member -> uid(member.pod()))
                .sorted()
                .limit(most)
                .collect(Collectors.toSet());
        return peers.stream()
                .filter(peer -> told.contains(uid(peer.pod())))
                .flatMap(peer -> in(peer, net).stream()
                        .flatMap(Declared::ips)
                        .filter(ip -> Collections.frequency(taken, ip) == 1)
                        .map(ip -> ip + " at " + mac(peer, net)))
                .toList();
    }

    private static void describe(
            String name,
            Overlay.Link link,
            List<String> floods,
            List<String> unicasts,
            List<String> neighbours,
            Map<String, String> into) {
        into.put(
                name,
                "VNI %d port %d mtu %d %s %s"
                        .formatted(link.vni(), link.port(), link.mtu(), link.mac(), link.up() ? "up" : "down"));
        into.put(name + "'s addresses", sorted(link.addresses()));
        into.put(name + "'s routes", sorted(link.routes()));
        into.put(name + "'s all-zero entries", sorted(floods));
        into.put(name + "'s other entries", sorted(unicasts));
        into.put(name + "'s neighbours", sorted(neighbours));
    }

    private List<Net> nets(Pod pod) {
        return members.stream()
                .filter(member -> uid(member.pod()).equals(uid(pod)))
                .flatMap(member -> member.nets().stream())
                .toList();
    }

    private static Optional<Net> in(Member member, Net net) {
        return member.nets().stream()
                .filter(other -> other.segment().equals(net.segment()))
                .findFirst();
    }

    private static Stream<String> ips(Net net) {
        return net.addresses().stream().map(address -> address.substring(0, address.indexOf('/')));
    }

    private static String mac(Member peer, Net net) {
        return in(peer, net).orElseThrow().mac(peer.pod());
    }

    private static Filters.Permitted permitted(Member peer, Net net) {
        String mac = mac(peer, net);
        return new Filters.Permitted(
                vtep(peer.pod(), net),
                mac,
                Stream.concat(in(peer, net).stream().flatMap(Declared::ips), Stream.of(linkLocal(mac)))
                        .toList());
    }

    /** What the kernel makes of a MAC (RFC 4291 appendix A). */
    private static String linkLocal(String mac) {
        String[] bytes = mac.split(":", -1);
        return "fe80::%02x%s:%sff:fe%s:%s%s"
                .formatted(Integer.parseInt(bytes[0], 16) ^ 2, bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
    }

    private static String vtep(Pod pod, Net net) {
        return net.ipv6() ? Pods.ipv6(pod) : Pods.ip(pod);
    }

    private static String sorted(List<String> lines) {
        return lines.stream().sorted().toList().toString();
    }

    private List<Pod> pods() {
        return members.stream().map(Member::pod).toList();
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
