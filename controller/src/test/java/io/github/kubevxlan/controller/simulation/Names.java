package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Definition;
import io.github.kubevxlan.common.spec.KeepTime;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Reservation;
import io.github.kubevxlan.controller.address.NameKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Names that return: each has a MAC of its own, and an address that is reserved for one is nobody else's. */
final class Names {
    /** Holds addresses and MACs for names. */
    static final String NETWORK = "vx5";

    private static final String HELD =
            " reserve=a/pod-0:10.68.0.30;pod-1:10.68.0.11 mac=pod-2:72:78:00:00:00:a2 forwarding=";

    static final Map<String, String> DEFINITIONS =
            Map.of(NETWORK, "id=600 subnet=10.68.0.0/24 range=10.68.0.10-10.68.0.14 keep=1m" + HELD + "static");

    static final List<String> EDITS = List.of(
            "id=600 subnet=10.68.0.0/24 range=10.68.0.10-10.68.0.21 keep=1d" + HELD + "static",
            "id=601 subnet=10.68.0.0/24 range=10.68.0.10-10.68.0.14 keep=0" + HELD + "static",
            "id=600 subnet=10.68.0.0/24" + HELD + "flood",
            "id=600 subnet=10.68.0.0/24 range=10.68.0.10-10.68.0.14 security=on keep=1m" + HELD + "static");

    private Names() {}

    /** Some of those that a namespace has are of a StatefulSet, one is bare, the others do not return. */
    static NameKind kind(String name) {
        return switch (name) {
            case "pod-0", "pod-1" -> NameKind.STATEFUL;
            case "pod-2" -> NameKind.BARE;
            default -> NameKind.PASSING;
        };
    }

    /** What a pod says of it: with a MAC or an address now and then, which another may have chosen too, or is reserved. */
    static String declared(Random random) {
        return NETWORK
                + (random.nextBoolean() ? " mac=72:78:00:00:00:0" + random.nextInt(2) : "")
                + (random.nextBoolean() ? " ip=10.68.0.1" + (1 + random.nextInt(2)) + "/24" : "")
                + "\n";
    }

    /** Whether a network may give a pod an address beyond its range. */
    static boolean isReservedFor(SimulatedPod pod, IpAddr address, Definition definition) {
        return definition.options().reserve().stream()
                .anyMatch(reservation -> reservation.address().equals(address) && reservation.isFor(pod.key()));
    }

    /** Whether an address is for pods of another name. */
    static boolean isReservedForAnother(SimulatedPod pod, IpAddr address, Definition definition) {
        return forOthers(pod, definition)
                .anyMatch(reservation -> reservation.address().equals(address));
    }

    private static Stream<Reservation> forOthers(SimulatedPod pod, Definition definition) {
        return definition.options().reserve().stream().filter(reservation -> !reservation.isFor(pod.key()));
    }

    /** Finds addresses of a pod that are reserved for another. */
    static void check(SimulatedPod pod, Set<IpAddr> written, Definition definition, List<String> faults) {
        forOthers(pod, definition)
                .filter(reservation -> written.contains(reservation.address()))
                .forEach(reservation -> faults.add(pod + ": has " + reservation + ", which is reserved"));
    }

    /**
     * How many addresses may be kept for names that are away.
     *
     * @param in the pods that are in the network
     * @param late whether so much time has passed that those alone are kept which a StatefulSet is known to want
     */
    static long kept(Definition definition, Collection<String> in, boolean late) {
        Duration keep = definition.options().keep().map(KeepTime::duration).orElse(Duration.ofMinutes(1));
        Stream<String> away = Stream.of("a/pod-0", "a/pod-1", "a/pod-2", "b/pod-0", "b/pod-1", "b/pod-2")
                .filter(name -> !in.contains(name));
        if (keep.isZero()) {
            return 0;
        }
        return late && keep.compareTo(Duration.ofDays(1)) < 0
                ? away.filter(name -> name.endsWith("0") && in.contains(name.replace("pod-0", "pod-1")))
                        .count()
                : away.count();
    }

    /**
     * Compares the MAC of a pod's link; tells whether the pod lacks the one that was chosen for it.
     *
     * @param others the links of its peers
     */
    static boolean lacksMac(SimulatedPod pod, Network network, List<Link> others, List<String> faults) {
        Mac has = pod.kernel.mac(network.ifName().value());
        if (others.stream().anyMatch(other -> other.mac().filter(has::equals).isPresent())) {
            faults.add(pod + ": " + network.name() + "'s MAC " + has + " is another's too");
        }
        Optional<Mac> chosen = network.mac();
        boolean lacks = chosen.isPresent() && !chosen.get().equals(has);
        if (lacks && others.stream().noneMatch(other -> other.network().mac().equals(chosen))) {
            faults.add(pod + ": " + network.name() + "'s MAC is " + has + ", and nobody else chose " + chosen);
        }
        Mac derived = derived(
                pod.ref.kind() == NameKind.PASSING
                        ? pod.ref.uid() + "/" + network.vni()
                        : pod.key() + "/" + network.name());
        if ((lacks || chosen.isEmpty()) && !has.equals(derived)) {
            faults.add(pod + ": " + network.name() + "'s MAC should be " + derived + ", is " + has);
        }
        return lacks;
    }

    private static Mac derived(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((text + "/0").getBytes(StandardCharsets.UTF_8));
            return new Mac("72:78:" + HexFormat.ofDelimiter(":").formatHex(hash, 0, 4));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A peer's network, and the MAC of its link if that is there. */
    record Link(Network network, Optional<Mac> mac) {}
}
