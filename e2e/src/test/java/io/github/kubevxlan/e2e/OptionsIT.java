package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.AgentKind;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Kernel;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every option that says what an interface is like, set and taken back while pods run. Each row has a network of its
 * own, with two members on different nodes; what the row does not say must stay, in this network and all others.
 */
@ParameterizedClass
@EnumSource(AgentKind.class)
@Order(1)
class OptionsIT {
    private static final int PAIRS = 4;
    private static final String UNDERLAY = "under0";

    @RegisterExtension
    static final Stage stage = Stage.named("options");

    private static List<Pod> lefts = List.of();
    private static List<Pod> rights = List.of();

    /** The left members' part of their annotations, by network. */
    private static final Map<String, String> ANNOTATIONS = new TreeMap<>();

    /** The members have agents of that kind already. */
    OptionsIT(AgentKind agent) {}

    @BeforeParameterizedClassInvocation
    static void setUp(AgentKind agent) {
        stage.setUp(OptionsIT.class, () -> startPairs(agent));
    }

    private static void startPairs(AgentKind agent) {
        OptionRow.ALL.forEach(row -> {
            stage.define(row.network(), row.definition());
            ANNOTATIONS.put(row.network(), row.annotation());
        });
        List<Pod> pods = stage.start(IntStream.range(0, 2 * PAIRS)
                .mapToObj(i ->
                        Pods.onNode(i % 2, agent.serve(Pods.member(name(i), i % 2 == 0 ? left(i / 2) : right(i / 2)))))
                .toArray(Pod[]::new));
        IntStream.range(0, 2 * PAIRS)
                .forEach(i -> awaitReady(pods.get(i), of(i / 2).size()));
        lefts = IntStream.range(0, PAIRS).mapToObj(i -> pods.get(2 * i)).toList();
        rights = IntStream.range(0, PAIRS).mapToObj(i -> pods.get(2 * i + 1)).toList();
        lefts.forEach(pod -> Lab.inPod(
                pod, "/sbin/ip link add " + UNDERLAY + " type veth peer name under1; /sbin/ip link set under0 up"));
    }

    @AfterParameterizedClassInvocation
    static void endPairs() {
        stage.clear();
    }

    static List<OptionRow> rows() {
        return OptionRow.ALL;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isChangedAndTakenBackAndNothingElseIs(OptionRow row) {
        Pod left = lefts.get(pair(row));
        Pod right = rights.get(pair(row));
        SortedSet<String> before = row.before(Pods.ip(right));
        SortedSet<String> after = row.after(Pods.ip(right));
        Kernel first = awaitLines(left, row, before);
        Kernel other = Kernel.of(right);
        awaitAnswer(left, row.target());

        edit(row, left, row.editedDefinition(), row.editedAnnotation());
        Kernel second = awaitLines(left, row, after);
        assertStays(row, first, second);
        row.targetAfter().ifPresent(target -> awaitAnswer(left, target));

        edit(row, left, row.definition(), row.annotation());
        Kernel third = awaitLines(left, row, before);
        assertStays(row, second, third);
        awaitAnswer(left, row.target());
        assertEquals(other.without(row.network()), Kernel.of(right).without(row.network()), "the other member");
    }

    private static void assertStays(OptionRow row, Kernel before, Kernel after) {
        assertEquals(before.without(row.network()), after.without(row.network()), "all other devices");
        int was = before.link(row.network()).index();
        int is = after.link(row.network()).index();
        if (row.isNewLink()) {
            assertNotEquals(was, is, "the kernel can't change that in place");
        } else {
            assertEquals(was, is, "the link is the same");
        }
    }

    /** What only the definition may change, a mistake, or what the pod's kernel can't have: told, and nothing changes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=geneve | found \"geneve\", allowed: vxlan",
                "id=1 | found \"id=1\", allowed: id=",
                "dstport=4789 | found \"dstport\", allowed: one that an annotation may set",
                "route=0.0.0.0/0:10.90.0.2 | no default route; only the ConfigMap may set one",
                "mtu=1451 | mtu 1451 is more than eth0 allows, 1450 bytes",
                "dev=nowhere | there is no underlay device nowhere",
            })
    void whatARunningPodCantHaveIsToldAndNothingChanges(String option, String words) {
        OptionRow row = OptionRow.ALL.getFirst();
        Pod left = lefts.get(pair(row));
        Kernel before = awaitLines(left, row, row.before(Pods.ip(rights.get(pair(row)))));

        edit(row, left, row.definition(), row.annotation() + " " + option);
        stage.awaitEvent(name(left), "NetworkUnavailable", words);
        assertEquals(before, Kernel.of(left));
        awaitAnswer(left, row.target());

        edit(row, left, row.definition(), row.annotation());
        awaitReady(left);
        assertEquals(before, Kernel.of(left));
    }

    @Test
    void aDefaultNetworkIsJoinedByWhoNamesNoneForAsLongAsItIsOne() {
        String definition = "id=8399 namespaces=" + stage.namespace();
        stage.define("opt-default", definition + " default");
        Pod pod = stage.start(Pods.member("names-none", "")).getFirst();
        awaitLinks(pod, List.of("opt-default"));

        stage.define("opt-default", definition);
        awaitLinks(pod, List.of());
        stage.define("opt-default", definition + " default=true");
        awaitLinks(pod, List.of("opt-default"));
    }

    private static void awaitLinks(Pod pod, List<String> networks) {
        Await.until(name(pod) + " is in " + networks, () -> {
            List<String> seen = List.copyOf(Kernel.of(pod).links().keySet());
            return seen.equals(networks) ? Optional.empty() : Optional.of(seen.toString());
        });
    }

    private static Kernel awaitLines(Pod pod, OptionRow row, SortedSet<String> lines) {
        AtomicReference<Kernel> last = new AtomicReference<>(Kernel.NOTHING);
        Await.until(row.network() + " of " + name(pod) + " as declared", () -> {
            last.set(Kernel.of(pod));
            SortedSet<String> seen = last.get().link(row.network()).lines();
            return seen.equals(lines) ? Optional.empty() : Optional.of(seen + ", not " + lines);
        });
        return last.get();
    }

    private static void edit(OptionRow row, Pod left, String definition, String annotation) {
        stage.define(row.network(), definition);
        if (annotation.equals(ANNOTATIONS.put(row.network(), annotation))) {
            return;
        }
        Client.run(
                "kubectl",
                "annotate",
                "--overwrite",
                "--namespace",
                stage.namespace(),
                "pod",
                name(left),
                Cluster.PREFIX + "/networks=" + left(pair(row)));
    }

    /** The other member may take up the same edit later. */
    private static void awaitAnswer(Pod from, String target) {
        Await.until(name(from) + " reaches " + target, () -> {
            Shell.inApp(from, "ping -c 1 -W 1 " + target);
            return Optional.empty();
        });
    }

    /** An app beside an agent with a shell starts before its networks. */
    private static void awaitReady(Pod pod, int networks) {
        Await.until("all networks of " + name(pod) + " are there", () -> {
            int there = Kernel.of(pod).links().size();
            return there == networks ? Optional.empty() : Optional.of(there + " of " + networks);
        });
        awaitReady(pod);
    }

    private static void awaitReady(Pod pod) {
        Await.until("no network of " + name(pod) + " is unavailable", () -> {
            String status = stage.pod(name(pod))
                    .getMetadata()
                    .getAnnotations()
                    .getOrDefault(Cluster.PREFIX + "/status", "no message");
            return status.contains("Unavailable") || status.contains("message")
                    ? Optional.of(status)
                    : Optional.empty();
        });
    }

    private static int pair(OptionRow row) {
        return row.number() % PAIRS;
    }

    private static String left(int pair) {
        return of(pair).stream()
                .map(row -> row.network() + " " + ANNOTATIONS.get(row.network()))
                .collect(Collectors.joining("\n"));
    }

    private static String right(int pair) {
        return of(pair).stream()
                .map(row -> row.network() + " " + row.otherAnnotation())
                .collect(Collectors.joining("\n"));
    }

    private static List<OptionRow> of(int pair) {
        return OptionRow.ALL.stream().filter(row -> pair(row) == pair).toList();
    }

    private static String name(int pod) {
        return (pod % 2 == 0 ? "left-" : "right-") + pod / 2;
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
