package io.github.kubevxlan.controller.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusJsonTest {
    private static final NetworkStatus READY = new NetworkStatus(
            "vxeth1",
            State.READY,
            Optional.of(new Vni(101)),
            new NetworkStatus.Link(
                    Optional.of(new IfName("vx1")),
                    List.of(IpAddr.parse("192.168.11.2"), IpAddr.parse("fd00::2")),
                    Optional.of(new Mac("0a:00:00:00:00:02")),
                    OptionalInt.of(1450),
                    Optional.of("1.0.0")),
            "");
    private static final NetworkStatus UNDEFINED = NetworkStatus.without(
            "later", State.UNAVAILABLE, Optional.empty(), List.of(), "network later is not \"defined\"");

    @Test
    void printsTheFieldsOfTheStandardAndOurs() {
        assertEquals(
                "[{\"name\":\"vxeth1\",\"interface\":\"vx1\",\"ips\":[\"192.168.11.2\",\"fd00::2\"],"
                    + "\"mac\":\"0a:00:00:00:00:02\",\"mtu\":1450,\"vni\":101,\"agent\":\"1.0.0\",\"state\":\"Ready\",\"uid\":\"u1\"},{\"name\":\"later\",\"state\":\"Unavailable\",\"message\":\"network"
                    + " later is not \\\"defined\\\"\",\"uid\":\"u1\"}]",
                StatusJson.print(List.of(READY, UNDEFINED), "u1"));
    }

    @Test
    void readsWhatItPrints() {
        NetworkStatus claim = NetworkStatus.claim("vxeth2", new Vni(102), List.of(IpAddr.parse("10.0.0.7")));
        List<NetworkStatus> all = List.of(READY, UNDEFINED, claim);
        assertEquals(all, StatusJson.read(StatusJson.print(all, "u1"), "u1"));
    }

    @Test
    void tellsNothingOfAnotherPod() {
        assertEquals(List.of(), StatusJson.read(StatusJson.print(List.of(READY), "u1"), "u2"));
    }

    @Test
    void tellsNothingWhereOneEntryIsAnotherPods() {
        assertEquals(1, StatusJson.read("[" + entry("u1") + "]", "u1").size());
        assertEquals(List.of(), StatusJson.read("[" + entry("u1") + "," + entry("u2") + "]", "u1"));
    }

    @Test
    void passesOverFieldsOfALaterVersion() {
        assertEquals(
                List.of(READY),
                StatusJson.read(
                        StatusJson.print(List.of(READY), "u1").replace("[{", "[{\"gateway\":[\"10.0.0.1\"],"), "u1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{}",
                "[1]",
                "null",
                "[[[[[[]]]]]]",
                "[{\"name\":\"a\",\"state\":\"Ready\",\"uid\":\"u1\"}] x",
                "[{\"name\":\"a\",\"state\":\"Gone\",\"uid\":\"u1\"}]",
                "[{\"name\":1,\"state\":\"Ready\",\"uid\":\"u1\"}]",
                "[{\"name\":\"a\",\"state\":\"Ready\",\"uid\":\"u1\",\"ips\":\"10.0.0.1\"}]",
                "[{\"name\":\"a\",\"state\":\"Ready\",\"uid\":\"u1\",\"ips\":[\"10.0.0.256\"]}]",
                "[{\"name\":\"a\",\"state\":\"Ready\",\"uid\":\"u1\",\"mac\":\"0A:00:00:00:00:02\"}]",
                "[{\"name\":\"a\",\"state\":\"Ready\",\"uid\":\"u1\",\"mtu\":\"1450\"}]",
                "[{\"name\":\"a\",\"state\":\"Ready\",\"uid\":\"u1\",\"mtu\":99999999999}]",
                "[{\"name\":\"a\",\"state\":\"Ready\",\"uid\":\"u1\",\"vni\":16777216}]",
                "[{\"name\":\"a\",\"state\":\"Ready\",\"uid\":\"u1\",\"interface\":\"a b\"}]",
            })
    void tellsNothingWhereItMakesNoSense(String text) {
        assertEquals(List.of(), StatusJson.read(text, "u1"));
    }

    @Test
    void tellsNothingWhereItIsTooLong() {
        String padding = " ".repeat(128 * 1024);
        assertEquals(List.of(), StatusJson.read("[" + entry("u1") + "]" + padding, "u1"));
    }

    private static String entry(String uid) {
        return "{\"name\":\"a\",\"state\":\"Ready\",\"uid\":\"" + uid + "\"}";
    }
}
