package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What may be written on a pod. */
final class Statuses {
    private Statuses() {}

    static ObservedStatus ready(String network, String ip) {
        return observed(new NetworkStatus(
                network,
                NetworkStatus.State.READY,
                Optional.of(new Vni(100)),
                new NetworkStatus.Link(
                        Optional.of(new IfName(network)),
                        List.of(IpAddr.parse(ip)),
                        Optional.of(new Mac("02:00:00:00:00:01")),
                        OptionalInt.of(1450),
                        Optional.empty()),
                ""));
    }

    static ObservedStatus of(String network, NetworkStatus.State state, String message) {
        return observed(NetworkStatus.without(network, state, Optional.of(new Vni(100)), List.of(), message));
    }

    static ObservedStatus with(ObservedStatus status, ReadyCondition condition) {
        return new ObservedStatus(
                status.version(), new OverlayStatus(status.status().networks(), Optional.of(condition)));
    }

    private static ObservedStatus observed(NetworkStatus network) {
        return new ObservedStatus(1, new OverlayStatus(List.of(network), Optional.empty()));
    }
}
