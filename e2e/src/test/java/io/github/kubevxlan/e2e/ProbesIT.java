package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.github.kubevxlan.e2e.harness.AgentKind;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Footprint;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Paths;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import io.github.kubevxlan.e2e.harness.Vxlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members measure their paths: what users see while the nodes' network drops some packets of a segment, and afterwards. */
class ProbesIT {
    private static final int VNI = 8510;
    private static final Set<Integer> VNIS = Set.of(VNI, VNI + 1);
    private static final Pattern SMALL =
            Pattern.compile("path MTU to (\\S+) is (\\d+), interface has 1450: set mtu=(\\d+) or mend the underlay");

    @RegisterExtension
    static final Stage stage = Stage.named("probes");

    @AfterEach
    void mendTheUnderlay() {
        Paths.mend();
    }

    @Test
    void aMemberIsNotReadyUntilItsPathCarriesTheFullSizeAndStaysReadyAfterwards() {
        String network = "e2e-probed";
        stage.define(network, "id=" + VNI + " subnet=10.85.10.0/24 ready=probed");
        Pod first = stage.start(Pods.onNode(0, Pods.member("first", network))).getFirst();
        assertEquals("True PeersReady", ready("first"), "a lone member");

        Paths.drop(VNIS, "meta length gt 1300");
        stage.create(Pods.onNode(1, Pods.member("second", network)));
        awaitReady("second", "False PathBroken");

        // A busy machine may lose the first small packets too: then the first Event says that none passes.
        Matcher small = awaitSmall("second");
        String words = small.group();
        assertEquals(first.getSpec().getNodeName(), small.group(1));
        int passes = Integer.parseInt(small.group(2));
        assertTrue(passes > 1200 && passes < 1300, words);
        assertEquals(small.group(2), small.group(3));
        Pod second = stage.pod("second");
        Status.awaitStates(second, Map.of(network, "Degraded"));
        // A busy machine may lose a packet of the last steps, and the next measurement finds some bytes more or less.
        Await.until("status, metrics and doctor say the same", () -> {
            String told = message("second");
            Matcher now = SMALL.matcher(told);
            assertTrue(now.find() && small.group(1).equals(now.group(1)), told);
            int size = Integer.parseInt(now.group(2));
            assertTrue(size > 1200 && size < 1300, told);
            List<String> wanted = List.of(
                    Paths.sample("kube_vxlan_path_missing_bytes", network, second, first, 1450 - size),
                    Paths.sample("kube_vxlan_path_mtu_bytes", network, second, first, size));
            List<String> metrics = Paths.metrics(network);
            String doctor = doctor();
            return metrics.containsAll(wanted) && doctor.contains(told)
                    ? Optional.empty()
                    : Optional.of(told + ", " + metrics + ", " + doctor);
        });

        Paths.mend();
        awaitReady("second", "True PeersReady");
        assertTrue(event("second", "PathMended")
                .contains("pass to " + first.getSpec().getNodeName() + " again"));
        Status.awaitStates(second, Map.of(network, "Ready"));
        Paths.awaitMetric("kube_vxlan_path_missing_bytes", network, second, first, 0);
        String since = Status.ready(stage.pod("second"));

        Paths.drop(VNIS, "counter");
        stage.define(network, "id=" + VNI + " subnet=10.85.10.0/24 ready=probed txqueuelen=900");
        Status.awaitStates(second, Map.of(network, "Degraded"));
        String told = message("second");
        assertTrue(told.contains("no packet passes to"), told);
        Paths.awaitMetric("kube_vxlan_path_missing_bytes", network, second, first, 1450);
        assertEquals(since, Status.ready(stage.pod("second")), "it never was unready");
        assertTrue(ping().contains("its probes found: network e2e-probed: no packet passes"), ping());

        Paths.mend();
        Status.awaitStates(second, Map.of(network, "Ready"));
        assertEquals(since, Status.ready(stage.pod("second")), "it never was unready");
    }

    @Test
    void nothingAnswersAStrangerAndNothingIsOpenOutsideTheSegment() {
        String network = "e2e-stranger";
        stage.define(network, "id=" + (VNI + 1) + " subnet=10.85.11.0/24 ready=probed");
        Pod target = stage.start(Pods.onNode(0, Pods.member("target", network))).getFirst();
        Paths.drop(VNIS, "meta length gt 1300");
        stage.create(Pods.onNode(1, Pods.member("measuring", network)));
        awaitReady("measuring", "False PathBroken");
        Pod stranger = stage.pod("measuring");

        // A path that is broken is measured again and again, so an echo is open now and then.
        Await.until("a stranger gets no answer of an open echo", () -> {
            String[] echo = Lab.inPod(
                            target, "ss -Hlun | awk '$4 ~ /%e2e-stranger:/ { sub(/%.*:/, \" \", $4); print $4; exit }'")
                    .strip()
                    .split(" ", -1);
            if (echo.length != 2) {
                return Optional.of("no echo is open");
            }
            assertTrue(echo[0].startsWith("10.85.11."), echo[0]);
            String answer = ask(stranger, echo[0], echo[1]);
            return answer.equals("nothing") ? Optional.empty() : Optional.of(answer);
        });
        String others = Lab.inPod(target, "ss -Hlun | awk '$4 !~ /:14789$/ && $4 !~ /%e2e-stranger:/ { print $4 }'");
        assertEquals("", others.strip(), "other UDP sockets");
    }

    /** Asks an echo of it as a probe does, but without its token; gives the answer, {@code nothing} for none. */
    private static String ask(Pod from, String address, String port) {
        return Lab.inPod(from, """
            python3 -c "
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(0.5)
            s.sendto(b'0' * 32 + b'00000001002c', ('%s', %s))
            try: print(s.recv(99))
            except OSError: print('nothing')
            "
            """.formatted(address, port)).strip();
    }

    /** Members with an agent of their own neither measure nor answer, and nobody waits for that. */
    @ParameterizedTest
    @EnumSource(AgentKind.class)
    void aMemberWhosePeersDoNotAnswerProbesIsReady(AgentKind agent) {
        int number = agent == AgentKind.SHELL ? 1 : 0;
        String network = "e2e-mute-" + number;
        stage.define(network, "id=" + (VNI + 2 + number) + " subnet=10.85." + (12 + number) + ".0/24 ready=probed");
        stage.start(Pods.onNode(0, AgentKind.SHELL.serve(Pods.member("mute-" + number, network))));

        Pod late = stage.start(Pods.onNode(1, agent.serve(Pods.member("late-" + number, network))))
                .getFirst();

        Status.awaitReady(late, true);
        assertEquals(List.of(), stage.events("late-" + number, "PathBroken"));
    }

    /** Nobody is asked anything where nothing is to be measured. */
    @Test
    void aNetworkWithoutProbesHasNone() {
        stage.define("e2e-unprobed", "id=" + (VNI + 4) + " subnet=10.85.14.0/24");
        stage.start(
                Pods.onNode(0, Pods.member("quiet-1", "e2e-unprobed")),
                Pods.onNode(1, Pods.member("quiet-2", "e2e-unprobed")));

        String metrics = Footprint.metrics(Controller.pod(Controller.leader()));
        assertTrue(metrics.lines()
                .noneMatch(line -> line.startsWith("kube_vxlan_path_") && line.contains("e2e-unprobed")));
    }

    private static void awaitReady(String name, String wanted) {
        Await.until("pod " + name + " is " + wanted, () -> {
            String now = ready(name);
            return now.equals(wanted) ? Optional.empty() : Optional.of(now);
        });
    }

    private static String ready(String name) {
        return stage.pod(name).getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(Status.READY))
                .map((PodCondition condition) -> condition.getStatus() + " " + condition.getReason())
                .findFirst()
                .orElse("none");
    }

    private static Matcher awaitSmall(String pod) {
        List<Matcher> found = new ArrayList<>();
        Await.until("an Event tells how large packets on the path of " + pod + " may be", () -> {
            List<String> words = stage.events(pod, "PathBroken");
            words.stream().map(SMALL::matcher).filter(Matcher::find).forEach(found::add);
            return found.isEmpty() ? Optional.of(words.toString()) : Optional.empty();
        });
        return found.getFirst();
    }

    private static String event(String pod, String reason) {
        Await.until(
                "an Event " + reason + " on " + pod,
                () -> stage.events(pod, reason).isEmpty() ? Optional.of("none") : Optional.empty());
        return stage.events(pod, reason).getFirst();
    }

    private static String message(String pod) {
        return String.valueOf(Status.of(stage.pod(pod)).getFirst().get("message"));
    }

    private static String doctor() {
        JsonNode findings = Vxlan.items("doctor", "--namespace", stage.namespace(), "-o", "json");
        return findings.toString();
    }

    private static String ping() {
        return Vxlan.items("ping", "second", "first", "--namespace", stage.namespace(), "-o", "json")
                .toString();
    }
}
