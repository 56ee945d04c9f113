package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Vxlan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code vxlan inspect} shows each kind of thing that somebody changes in a member's kernel. What is changed stays so until the
 * class is over, so what takes more with it comes later. A name alone is taken back by the next row.
 */
class InspectIT {
    private static final String NETWORK = "e2e-inspect";
    private static final int VNI = 8580;

    @RegisterExtension
    static final Stage stage = Stage.named("inspect");

    private static List<Pod> pods = List.of();

    @BeforeAll
    static void startMembers() {
        stage.define(NETWORK, "id=" + VNI + " security=on rate=10mbit");
        pods = stage.start(
                Pods.onNode(0, Pods.member("hand", NETWORK + " ip=10.85.80.1/24 route=10.85.81.0/24:10.85.80.2")),
                Pods.onNode(1, Pods.member("peer", NETWORK + " ip=10.85.80.2/24")));
        Overlays.pingEachOther(NETWORK, pods);
        Await.until("nothing differs", () -> {
            Client.Ended ended = inspect();
            return ended.status() == 0 ? Optional.empty() : Optional.of(ended.output());
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unicast entry    | /sbin/bridge fdb del LLADDR dev DEV                       | forwarding entry of"
                        + " LLADDR",
                "flood entry      | /sbin/bridge fdb del 00:00:00:00:00:00 dev DEV dst VTEP | flood entry: to VTEP",
                "neighbour        | /sbin/ip neigh del 10.85.80.2 dev DEV                  | neighbour entry of"
                        + " 10.85.80.2",
                "security element | nft flush set TABLE FILTER-mac                         | port security FILTER: mac"
                        + " of VTEP",
                "security rules   | nft flush chain TABLE FILTER-senders                   | port security (on) of"
                        + " FILTER",
                "filter element   | nft flush set TABLE FILTER                             | peer filter FILTER: lets"
                        + " in VTEP",
                "filter           | nft flush chain TABLE FILTER                           | peer filter FILTER, or a"
                        + " part",
                "guard            | nft flush chain TABLE router-advertisements            | the links that drop router"
                        + " advertisements and redirects",
                "one more address | /sbin/ip address add 10.85.80.77/24 dev DEV metric 8472 | address 10.85.80.77/24",
                "one more route   | /sbin/ip route add 10.85.82.0/24 via 10.85.80.2 proto 184 | route 10.85.82.0/24",
                "one more flood   | /sbin/bridge fdb append 00:00:00:00:00:00 dev DEV dst 10.9.9.9 | flood entry: to"
                        + " 10.9.9.9",
                "attribute        | /sbin/ip link set dev DEV type vxlan ttl 7             | its attributes are not"
                        + " ttl",
                "qdisc            | tc qdisc del dev DEV root                              | its impairments are not",
                "route            | /sbin/ip route del 10.85.81.0/24                       | route 10.85.81.0/24",
                "MTU              | /sbin/ip link set dev DEV mtu 1300                     | its MTU is not",
                "address          | /sbin/ip address del 10.85.80.1/24 dev DEV             | address 10.85.80.1/24",
                "MAC              | /sbin/ip link set dev DEV address 02:00:00:00:00:01    | its MAC is not",
                "state            | /sbin/ip link set dev DEV down                         | it is down",
                "name             | /sbin/ip link set dev DEV down; /sbin/ip link set dev DEV name else0 | is called"
                        + " else0",
                "marker           | /sbin/ip link set dev else0 name DEV; /sbin/ip link set dev DEV alias other       "
                        + "           | its marker",
                "link             | /sbin/ip link del dev DEV | interface DEV, VNI 8580",
            })
    void whatIsChangedByHandIsADifference(String kind, String change, String words) {
        String before = inspect().output();
        assertFalse(before.contains(of(words)), before);

        Await.until("inspect shows the " + kind, () -> {
            // Again if the drift check was faster than the command, and in vain if it was not.
            Lab.inPod(pods.getFirst(), of(change) + " || true");
            Client.Ended ended = inspect();
            return ended.status() == 1 && ended.output().contains(of(words))
                    ? Optional.empty()
                    : Optional.of(ended.output());
        });
    }

    private static Client.Ended inspect() {
        return Vxlan.run("inspect", "pod", "hand", "--namespace", stage.namespace());
    }

    private static String of(String text) {
        return text.replace("FILTER", "vni" + VNI + "-port14789-ipv4")
                .replace("TABLE", "inet kube-vxlan-controller")
                .replace("DEV", NETWORK)
                .replace("LLADDR", Pods.mac(pods.get(1), NETWORK, VNI))
                .replace("VTEP", Pods.ip(pods.get(1)));
    }
}
