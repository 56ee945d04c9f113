package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.IpRange;
import io.github.kubevxlan.common.spec.Pool;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Pools and pods that want addresses, in few words. */
final class AddressRequests {
    private AddressRequests() {}

    static Pool pool(String subnet, String range, String... gateways) {
        return new Pool(Cidr.parse(subnet), IpRange.parse(range), Set.copyOf(ips(gateways)));
    }

    static AddressRequest pod(String uid, String name, Pool... pools) {
        return new AddressRequest(
                claimant(uid, name), AddressRequest.ByHand.NOTHING, List.of(pools), Set.of(), List.of());
    }

    static AddressRequest byHand(String uid, String name, String... addresses) {
        List<InterfaceAddress> chosen =
                Arrays.stream(addresses).map(InterfaceAddress::parse).toList();
        return new AddressRequest(
                claimant(uid, name), new AddressRequest.ByHand(chosen, false), List.of(), Set.of(), List.of());
    }

    static AddressRequest sharing(AddressRequest pod) {
        AddressRequest.ByHand shared = new AddressRequest.ByHand(pod.byHand().addresses(), true);
        return new AddressRequest(pod.pod(), shared, pod.pools(), pod.avoided(), pod.written());
    }

    static AddressRequest created(Instant when, AddressRequest pod) {
        Claimant aged =
                new Claimant(pod.uid(), pod.name(), pod.pod().kind(), pod.pod().present(), when);
        return new AddressRequest(aged, pod.byHand(), pod.pools(), pod.avoided(), pod.written());
    }

    static AddressRequest written(AddressRequest pod, String... ips) {
        return new AddressRequest(pod.pod(), pod.byHand(), pod.pools(), pod.avoided(), ips(ips));
    }

    static AddressRequest absent(AddressRequest pod) {
        Claimant away = new Claimant(pod.uid(), pod.name(), pod.pod().kind(), false, Instant.EPOCH);
        return new AddressRequest(away, pod.byHand(), pod.pools(), pod.avoided(), pod.written());
    }

    static AddressRequest avoiding(AddressRequest pod, String... gateways) {
        return new AddressRequest(pod.pod(), pod.byHand(), pod.pools(), Set.copyOf(ips(gateways)), pod.written());
    }

    static AddressRequest named(NameKind kind, AddressRequest pod) {
        Claimant claimant = new Claimant(pod.uid(), pod.name(), kind, pod.pod().present(), Instant.EPOCH);
        return new AddressRequest(claimant, pod.byHand(), pod.pools(), pod.avoided(), pod.written());
    }

    private static Claimant claimant(String uid, String name) {
        return new Claimant(uid, name, NameKind.PASSING, true, Instant.EPOCH);
    }

    static List<IpAddr> ips(String... texts) {
        return Arrays.stream(texts).map(IpAddr::parse).toList();
    }
}
