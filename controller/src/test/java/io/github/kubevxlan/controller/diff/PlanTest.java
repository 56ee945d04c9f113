package io.github.kubevxlan.controller.diff;

import static io.github.kubevxlan.controller.overlay.Nets.PREFIX;
import static io.github.kubevxlan.controller.overlay.Nets.link;
import static io.github.kubevxlan.controller.overlay.Nets.net;
import static io.github.kubevxlan.controller.overlay.Nets.peers;
import static io.github.kubevxlan.controller.overlay.Nets.want;
import static io.github.kubevxlan.controller.overlay.Nets.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pod whose agent does not bring about what is wanted: whether it has less than before. */
class PlanTest {
    private static final Network NET = net("vx0", 100);

    private final SimulatedKernel kernel = new SimulatedKernel();

    @ParameterizedTest
    @CsvSource({
        // the link's addresses now, what the status tells, what is wanted, whether that is a loss
        "none, ready without a network, 192.168.11.2/29, false",
        "192.168.11.2/29, Ready, 192.168.11.2/29, false",
        "192.168.11.2/29, Ready, 192.168.11.2/29 192.168.13.2/29, false",
        "192.168.11.2/29, Ready, 192.168.13.2/29, false",
        "192.168.11.2/29, Claimed, 192.168.11.2/29 192.168.13.2/29, false",
        "192.168.13.2/29, Ready, 192.168.11.2/29 192.168.13.2/29, true",
        "'', Ready, 192.168.11.2/29, true",
        "none, Ready, 192.168.11.2/29, true",
        "none, Claimed, 192.168.11.2/29, true",
        "none, nothing, 192.168.11.2/29, true",
        "192.168.13.2/29, nothing, 192.168.11.2/29, true",
    })
    void aPodLosesWhatItHadAndIsToHave(String has, String told, String wanted, boolean lost) {
        if (!has.equals("none")) {
            settle(NET, words(has));
        }
        ObservedPod seen = kernel.run(new Script(List.of(), false, new ReportRequest(true, List.of(), List.of())));

        Plan plan = StateDiff.plan(PREFIX, want(link(with(NET, words(wanted), List.of()), peers())), seen, Map.of());

        assertEquals(lost, plan.isLost(seen, written(told)));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private static ObservedStatus written(String told) {
        return told.equals("ready without a network")
                ? new ObservedStatus(
                        1, new OverlayStatus(List.of(), Optional.of(new ReadyCondition(true, "PeersReady", ""))))
                : new ObservedStatus(1, new OverlayStatus(status(told), Optional.empty()));
    }

    private static List<NetworkStatus> status(String state) {
        NetworkStatus ready = new NetworkStatus(
                "vx0",
                State.READY,
                Optional.of(NET.vni()),
                new NetworkStatus.Link(
                        Optional.of(NET.ifName()),
                        List.of(IpAddr.parse("192.168.11.2")),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty()),
                "");
        return switch (state) {
            case "nothing" -> List.of();
            case "Claimed" ->
                List.of(ready.claiming(List.of(IpAddr.parse("192.168.11.2"), IpAddr.parse("192.168.13.2"))));
            default -> List.of(ready);
        };
    }

    private void settle(Network net, List<String> addresses) {
        SimulatedAgent.of(kernel).settle(want(link(with(net, addresses, List.of()), peers())));
    }
}
