package io.github.kubevxlan.cli.ping;

import io.github.kubevxlan.cli.ping.Passage.Packets;
import io.github.kubevxlan.cli.ping.Verdict.Place;
import io.github.kubevxlan.cli.state.Difference;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.view.LinkView.Refused;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The observations of two members while packets went between them over one network.
 *
 * @param overlay the result of the packets over the overlay
 * @param underlay the result of packets between the two pods outside the overlay; empty if none were sent
 * @param tunnel the tunnel between the two
 * @param near the pod that sent
 * @param far the pod that answered
 */
public record Evidence(Passage overlay, Optional<Passage> underlay, Tunnel tunnel, Side near, Side far) {
    /** No packet of a few bytes more is missed by anybody; smaller steps are the measurement's. */
    private static final int HARDLY_LESS = 8;

    /**
     * The tunnel between the two.
     *
     * @param mtu what the smaller of the two interfaces lets through, in bytes
     * @param port the UDP port of the network
     */
    public record Tunnel(int mtu, int port) {}

    /**
     * One of the pods.
     *
     * @param namespace its namespace
     * @param name its name
     * @param causes what its kernel holds and should not, or should and does not, that stops packets between the two
     * @param others what else differs in that network
     * @param dropped how many packets its filters dropped meanwhile
     */
    public record Side(
            String namespace, String name, List<Difference> causes, List<Difference> others, Dropped dropped) {
        public Side {
            causes = List.copyOf(causes);
            others = List.copyOf(others);
        }

        String pod() {
            return namespace + "/" + name;
        }

        String inspect(Release release) {
            return release.inspect(namespace, name);
        }
    }

    /**
     * Packets that a pod's filters dropped meanwhile.
     *
     * @param strangers those that its peer filter dropped
     * @param refused those that its port security dropped, by reason
     */
    public record Dropped(long strangers, List<Refused> refused) {
        /** None. */
        public static final Dropped NONE = new Dropped(0, List.of());

        public Dropped {
            refused = List.copyOf(refused);
        }
    }

    /** Whether one of the pods lacks something that packets need. */
    public boolean isLacking() {
        return !near.causes().isEmpty() || !far.causes().isEmpty();
    }

    /** What differs in the two pods and stops no packet between them, a line each. */
    public List<String> others() {
        return Stream.of(near, far)
                .flatMap(side -> side.others().stream().map(difference -> side.pod() + ": " + difference.words()))
                .toList();
    }

    /** Says where the packets end. */
    public Verdict verdict(Release release, String configMap) {
        if (!overlay.isWhole()) {
            return lacking(near, release)
                    .or(() -> lacking(far, release))
                    .or(() -> dropping(far, release))
                    .or(() -> dropping(near, release))
                    .or(() -> refusing(far, near, release, configMap))
                    .or(() -> refusing(near, far, release, configMap))
                    .orElseGet(() -> lost(release, configMap));
        }
        int carried = overlay.largest().bothWays();
        return carried + HARDLY_LESS >= tunnel.mtu()
                ? new Verdict(
                        Place.NOWHERE,
                        "The overlay carries them. If the app still misses packets, the app is the cause.",
                        "")
                : new Verdict(
                        Place.MTU,
                        "Packets of more than " + carried + " bytes get lost, and the interfaces send up to "
                                + tunnel.mtu()
                                + ": set mtu=" + carried + " in the network's definition.",
                        release.kubectl() + " edit configmap " + configMap);
    }

    private static Optional<Verdict> lacking(Side side, Release release) {
        return side.causes().stream()
                .findFirst()
                .map(difference -> new Verdict(
                        Place.TABLE,
                        side.pod() + ": " + difference.words()
                                + ". The controller repairs it within controller.resync.",
                        side.inspect(release)));
    }

    private static Optional<Verdict> dropping(Side side, Release release) {
        return side.dropped().strangers() <= 0
                ? Optional.empty()
                : Optional.of(new Verdict(
                        Place.FILTER,
                        "The peer filter of " + side.pod() + " dropped "
                                + side.dropped().strangers()
                                + " packets meanwhile: those of its peer come from another address than the peer's pod"
                                + " IP.",
                        side.inspect(release)));
    }

    private static Optional<Verdict> refusing(Side side, Side sender, Release release, String configMap) {
        return side.dropped().refused().isEmpty()
                ? Optional.empty()
                : Optional.of(new Verdict(
                        Place.SECURITY,
                        "The port security of " + side.pod()
                                + " dropped packets meanwhile that their sender must not send: "
                                + side.dropped().refused().stream()
                                        .map(Refused::words)
                                        .collect(Collectors.joining(", "))
                                + ". If " + sender.pod() + " has to send them, except it with security-exempt in the"
                                + " network's definition; otherwise find out what in it does, with vxlan capture.",
                        release.kubectl() + " edit configmap " + configMap));
    }

    private Verdict lost(Release release, String configMap) {
        String remedy = release.vxlan("doctor");
        if (underlay.isEmpty()) {
            return new Verdict(Place.UNDERLAY, "Tables and filters of both pods are right.", remedy);
        }
        Packets sent = overlay.packets();
        if (sent.arrived() > 0 || sent.answered() > 0) {
            return new Verdict(
                    Place.UNDERLAY,
                    "Some packets come through and some are lost: " + sent.answered() + " of " + sent.sent()
                            + " answered over the overlay, "
                            + underlay.get().packets().answered() + " of "
                            + underlay.get().packets().sent()
                            + " outside it. Tables and filters of both pods are right.",
                    release.kubectlAnywhere() + " get nodes --output wide");
        }
        return underlay.get().isWhole()
                ? new Verdict(
                        Place.UNDERLAY,
                        "The cluster's network carries UDP between the two pods, but not to port "
                                + tunnel.port()
                                + ": a firewall, a NetworkPolicy or the CNI drops VXLAN. Open that port between the"
                                + " nodes, or set another in the network's definition, such as dstport="
                                + (tunnel.port() + 1) + ".",
                        release.kubectl() + " edit configmap " + configMap)
                : new Verdict(
                        Place.UNDERLAY,
                        "The cluster's network loses UDP between the two pods outside the overlay too: "
                                + underlay.get().packets().answered() + " of "
                                + underlay.get().packets().sent() + " answered.",
                        release.kubectlAnywhere() + " get nodes --output wide");
    }
}
