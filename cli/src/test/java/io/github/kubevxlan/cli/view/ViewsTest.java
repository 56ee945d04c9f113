package io.github.kubevxlan.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.ClusterState.Known;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private static final String READY =
            "[{\"name\":\"vxeth1\",\"interface\":\"vxeth1\",\"ips\":[\"10.11.0.7\"],\"mac\":\"72:78:00:00:00:01\","
                    + "\"mtu\":1450,\"vni\":101,\"state\":\"Ready\",\"uid\":\"UID\"}]";

    @Test
    void networkCountsMembersAndAddresses() {
        NetworkView network = Views.networks(Clusters.of(
                        Map.of("vxeth1", "id=101 subnet=10.11.0.0/28"),
                        Clusters.member("one", "10.0.0.1", "vxeth1", READY),
                        Clusters.member("two", "10.0.0.2", "vxeth1", ""),
                        Clusters.member("three", "10.0.0.3", "other", "")))
                .getFirst();

        assertEquals(
                List.of(2L, 1L, 1L),
                List.of(
                        network.pods().members(),
                        network.pods().ready(),
                        network.addresses().addressesUsed()));
        assertEquals(13L, network.addresses().addressesFree());
    }

    @Test
    void brokenDefinitionIsListedWithItsMistake() {
        List<NetworkView> networks = Views.networks(Clusters.of(Map.of("good", "1", "bad", "id=abc")));

        assertEquals(
                List.of("bad", "good"), networks.stream().map(NetworkView::name).toList());
        assertTrue(networks.getFirst().problems().getFirst().contains("abc"));
    }

    /** Each member takes one address of each family. */
    @Test
    void whatIsFreeIsWhatIsLeftOfTheSmallestSubnet() {
        String two = READY.replace("\"10.11.0.7\"", "\"10.11.0.1\",\"fd00::1\"");

        NetworkView.Addresses addresses = Views.networks(Clusters.of(
                        Map.of("vxeth1", "id=101 subnet=10.11.0.0/30;fd00::/64"),
                        Clusters.member("one", "10.0.0.1", "vxeth1", two),
                        Clusters.member("two", "10.0.0.2", "vxeth1", two.replace("11.0.1", "11.0.2"))))
                .getFirst()
                .addresses();

        assertEquals(0L, addresses.addressesFree());
        assertTrue(addresses.areTaken());
    }

    @Test
    void aReservedAddressIsNotFree() {
        assertEquals(
                5L,
                Views.networks(Clusters.of(
                                Map.of("vxeth1", "id=101 subnet=10.11.0.0/29 reserve=db-0:10.11.0.1"),
                                Clusters.member("db-0", "10.0.0.1", "vxeth1", READY.replace("0.7", "0.1"))))
                        .getFirst()
                        .addresses()
                        .addressesFree());
        assertEquals(
                4L,
                Views.networks(Clusters.of(
                                Map.of("vxeth1", "id=101 subnet=10.11.0.0/29 reserve=db-0:10.11.0.1;db-1:10.11.0.2"),
                                Clusters.member("db-0", "10.0.0.1", "vxeth1", READY.replace("0.7", "0.1"))))
                        .getFirst()
                        .addresses()
                        .addressesFree());
    }

    @Test
    void aPodWhoseNetworkWaitsSaysWhy() {
        String why = "exec was refused: the API server answered 403";
        String waits = READY.replace("\"Ready\"", "\"Pending\",\"message\":\"" + why + "\"");

        assertEquals(
                why,
                only(Clusters.of(Map.of("vxeth1", "101"), Clusters.member("one", "10.0.0.1", "vxeth1", waits)))
                        .reason());
    }

    @Test
    void podIsReadyWithItsStatus() {
        PodView pod = only(Clusters.of(Map.of("vxeth1", "101"), Clusters.member("one", "10.0.0.1", "vxeth1", READY)));

        assertEquals("Ready", pod.state());
        assertEquals(List.of("10.11.0.7"), pod.networks().getFirst().link().ips());
    }

    @Test
    void podThatNamesNoNetworkOfTheClusterSaysSo() {
        PodView pod = only(Clusters.of(Map.of(), Clusters.member("one", "10.0.0.1", "nowhere", "")));

        assertEquals("Unavailable", pod.state());
        assertEquals("network nowhere is not defined", pod.reason());
    }

    @Test
    void podWithoutAnAgentSaysSo() {
        PodView pod = only(
                Clusters.of(Map.of("vxeth1", "101"), Clusters.pod("one", "10.0.0.1", "vxeth1", "", AgentState.NONE)));

        assertEquals("NoAgent", pod.state());
    }

    @Test
    void podOfAnOlderControllerIsListedAndSaysSo() {
        PodView pod = only(Clusters.of(
                Map.of("vxeth1", "101"), Clusters.older(Clusters.member("one", "10.0.0.1", "vxeth1", READY))));

        assertEquals("NotServed", pod.state());
        assertEquals(
                "its label vxlan.openvnf.org is an older controller's; this one serves"
                        + " vxlan.travelping.com: see vxlan convert, or the chart's keyPrefix",
                pod.reason());
    }

    @Test
    void unreadableDefinitionsAreNotTakenForMissingOnes() {
        ClusterState read = Clusters.of(Map.of(), Clusters.member("one", "10.0.0.1", "vxeth1", READY));
        for (Known known : List.of(Known.ABSENT, Known.HIDDEN)) {
            assertEquals("Ready", only(Clusters.without(known, read)).state());
        }
    }

    @Test
    void anUnreadableNamespaceIsNotTakenForOneThatNamesNoNetwork() {
        ClusterState read = Clusters.of(Map.of("vxeth1", "101"), Clusters.member("one", "10.0.0.1", "", READY));

        assertEquals("NoNetwork", only(read).state());
        assertEquals("Ready", only(Clusters.withoutNamespaces(read)).state());
    }

    @Test
    void tableHasARowForEachNetworkOfAPod() {
        ClusterState state =
                Clusters.of(Map.of("vxeth1", "101"), Clusters.member("one", "10.0.0.1", "vxeth1\nnowhere", READY));

        assertEquals("""
            NAME   NODE   NETWORK   INTERFACE   ADDRESSES   MAC                 STATE         REASON
            one    node   vxeth1    vxeth1      10.11.0.7   72:78:00:00:00:01   Unavailable   network nowhere is not defined
            one    node   nowhere   -           -           -                   Unavailable   network nowhere is not defined
            """, Tables.pods(Views.pods(state), false, false).text());
    }

    @Test
    void textOfOthersMovesNoCursor() {
        assertEquals("A\n?[31m red\n", new Table(List.of("A"), List.of(List.of("\u001b[31m\nred"))).text());
    }

    /** The reason of a condition is any text. */
    @Test
    void aStateMovesNoCursor() {
        PodView pod = new PodView(
                new PodView.Identity("lab", "one", "node", List.of()),
                new PodView.Sidecar("Running", ""),
                new PodView.Standing("\u001b[2J", ""),
                List.of());
        PodInspection inspection = new PodInspection(
                pod,
                new PodInspection.Response(true, ""),
                List.of(),
                new PodInspection.Comparison(List.of(), List.of(), List.of()),
                List.of());

        assertTrue(InspectionText.pod(inspection, new Ink(false)).contains("State    ?[2J\n"));
    }

    private static PodView only(ClusterState state) {
        List<PodView> pods = Views.pods(state);
        assertEquals(1, pods.size());
        return pods.getFirst();
    }
}
