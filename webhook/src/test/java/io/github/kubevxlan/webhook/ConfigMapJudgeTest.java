package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigMapJudgeTest {
    private static final CommonConfig CONFIG = CommonConfig.read(new EnvConfig(Map.of()));

    @Test
    void allowsSoundDefinitions() throws MalformedReviewException {
        assertEquals(allow(), edit("{}", "{'vxeth0':'100','vxeth1':'id=101 up ip=10.0.0.1/24 default'}"));
    }

    @Test
    void allowsWhatHoldsNoNetworkAtAll() throws MalformedReviewException {
        assertEquals(allow(), edit("{'vxeth0':'100'}", "null"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':'id=100 up=maybe'} | ConfigMap entry a, line 1, column 11: found \"maybe\", allowed: true or"
                        + " false",
                "{'a':'up'} | ConfigMap entry a, line 1, column 1: found \"up\", allowed: a VNI, or options with id=VNI"
                        + " among them",
                "{'a':'16777216'} | ConfigMap entry a, line 1, column 1: found \"16777216\", allowed: a VNI, 1 to"
                        + " 16777215",
                "{'a':'100','b':'id=100 up'} | ConfigMap entry b, line 1, column 1: found \"id=100\", allowed: an id"
                        + " that no other network has on UDP port 14789; a has it",
                "{'a':'id=7 family=6'} | ConfigMap entry a, line 1, column 13: found \"6\", allowed: ipv4 or ipv6",
                "{'a':'id=7 family=ipv6','b':'7'} | ConfigMap entry b, line 1, column 1: found \"id=7\", allowed: an id"
                        + " that no other network has on UDP port 14789; a has it",
                "{'a':'id=7 name=lo'} | ConfigMap entry a, line 1, column 11: found \"lo\", allowed: an interface"
                    + " name, 1 to 15 of A-Z a-z 0-9 . _ - that begins with a letter or digit, not lo, all, default",
                "{'a':'id=7 name=eth0'} | ConfigMap entry a, line 1, column 1: found \"name=eth0\", allowed: an"
                        + " interface name that no underlay device has",
            })
    void refusesMistakeWithPlaceFoundAndAllowed(String data, String message) throws MalformedReviewException {
        assertEquals(new Verdict.Deny(message), edit("{}", data));
    }

    @Test
    void saysAllMistakesAtOnce() throws MalformedReviewException {
        Verdict.Deny deny = (Verdict.Deny) edit("{}", "{'a':'x','b':'id=0 y'}");
        assertEquals(3, deny.message().lines().count(), deny.message());
    }

    @Test
    void tellsTwentyMistakesAndHowManyMoreThereAre() throws MalformedReviewException {
        String bad =
                IntStream.range(0, 25).mapToObj("'n%02d':'x'"::formatted).collect(Collectors.joining(",", "{", "}"));
        List<String> refusal =
                ((Verdict.Deny) edit("{}", bad)).message().lines().toList();
        assertEquals(21, refusal.size());
        assertEquals("and 5 more", refusal.getLast());
        assertEquals(refusal, ((Verdict.Allow) edit(bad, bad)).warnings());
    }

    @Test
    void onlyWarnsOfMistakeThatWasThereBefore() throws MalformedReviewException {
        assertEquals(
                new Verdict.Allow(
                        List.of(),
                        List.of("ConfigMap entry b, line 1, column 6: found \"x\", allowed: an option: id, name, type,"
                                + " dev, up, ip, subnet, range, reserve, keep, route, metric, mtu, mac, ttl, tos,"
                                + " learning, checksum, txqueuelen, rate, delay, jitter, loss, duplicate, reorder,"
                                + " corrupt, impairments, dstport, family, forwarding, ra, security, security-exempt,"
                                + " ready, peer, namespaces, default"),
                        "networks"),
                edit("{'a':'id=0','b':'id=1 x'}", "{'a':'id=2','b':'id=1 x'}"));
    }

    @Test
    void hasNoSayInOtherConfigMaps() throws MalformedReviewException {
        String review = Reviews.edit("{}", "{'a':'x'}");
        Verdict notOurs = new Verdict.Allow(List.of(), List.of(), "not_the_networks");
        assertEquals(notOurs, judge(review.replace("kube-vxlan-controller", "other")));
        assertEquals(notOurs, judge(review.replace("kube-system", "tenant")));
        assertEquals(notOurs, judge(review.replace("UPDATE", "CONNECT")));
        assertEquals(notOurs, judge(Reviews.create("kube-system", Reviews.POD)));
    }

    private static Verdict allow() {
        return new Verdict.Allow(List.of(), List.of(), "networks");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kube-vxlan-controller | true | {} | false",
                "kube-vxlan-controller | true | null | false",
                "kube-vxlan-controller | true | {'vxlan.travelping.com/allow-delete':'false'} | false",
                "kube-vxlan-controller | true | {'vxlan.travelping.com/allow-delete':'true'} | true",
                "kube-vxlan-controller | false | {} | true",
                "another | true | {} | true",
            })
    void refusesDeletionWhileThereAreMembersUnlessAnAnnotationAllowsIt(
            String name, boolean hasMembers, String annotations, boolean isAllowed) throws MalformedReviewException {
        Verdict verdict = judge(Reviews.delete(name, annotations), hasMembers);
        if (isAllowed) {
            assertInstanceOf(Verdict.Allow.class, verdict);
        } else {
            assertEquals(
                    new Verdict.Deny("ConfigMap kube-vxlan-controller defines the networks of running pods: delete it"
                            + " when no pod is a member any more, or set the annotation"
                            + " vxlan.travelping.com/allow-delete: \"true\" on it first"),
                    verdict);
        }
    }

    private static Verdict edit(String before, String after) throws MalformedReviewException {
        return judge(Reviews.edit(before, after));
    }

    private static Verdict judge(String review) throws MalformedReviewException {
        return judge(review, true);
    }

    private static Verdict judge(String review, boolean hasMembers) throws MalformedReviewException {
        return new ConfigMapJudge(CONFIG, () -> hasMembers)
                .judge(AdmissionCodec.decode(review.getBytes(StandardCharsets.UTF_8)));
    }
}
