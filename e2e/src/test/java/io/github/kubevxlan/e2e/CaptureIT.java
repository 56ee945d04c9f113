package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pcapng;
import io.github.kubevxlan.e2e.harness.Pcapng.Frame;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Vxlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code vxlan capture}, which leaves nothing of the packets in the cluster. */
class CaptureIT {
    private static final String NETWORK = "e2e-capture";
    private static final String FIRST = "e2e-capture1";
    private static final String SECOND = "e2e-capture2";
    private static final String THIRD = "e2e-capture3";
    private static final String GROUP = "239.85.82.1";
    private static final int PINGS = 3;

    /** What a shell gives as the exit status of a program that SIGINT ended. */
    private static final int CTRL_C = 130;

    @RegisterExtension
    static final Stage stage = Stage.named("capture");

    @Test
    void aPingIsAtBothEndsMulticastAtAllThreeAndNothingIsLeftInThePods(@TempDir Path folder)
            throws IOException, InterruptedException {
        stage.define(NETWORK, "8581");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("one", NETWORK + " ip=10.85.82.1/24")),
                Pods.onNode(1, Pods.member("two", NETWORK + " ip=10.85.82.2/24")),
                Pods.onNode(1, Pods.member("three", NETWORK + " ip=10.85.82.3/24")));
        Overlays.pingEachOther(NETWORK, pods);
        List<String> before = traces(pods);
        Path file = folder.resolve("capture.pcapng");

        Process capture = Vxlan.begin("capture", "network", NETWORK, "--write", file.toString());
        BufferedReader said =
                new BufferedReader(new InputStreamReader(capture.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("capturing on 3 interfaces; Ctrl-C ends it", said.readLine());
        Shell.inApp(pods.getFirst(), "ping -c " + PINGS + " 10.85.82.2");
        Shell.run(pods.getFirst(), Pods.APP, "ping -c " + PINGS + " -W 1 -I " + NETWORK + " " + GROUP);
        Vxlan.interrupt(capture);
        assertEquals(CTRL_C, capture.waitFor(), () -> said.lines().toList().toString());

        Map<String, List<Frame>> frames = Pcapng.frames(file);
        assertEquals(Set.of(name("one"), name("two"), name("three")), frames.keySet());
        assertEquals(
                Map.of(name("one"), PINGS, name("two"), PINGS, name("three"), 0),
                counts(frames, "10.85.82.1", "10.85.82.2"));
        assertEquals(
                Map.of(name("one"), PINGS, name("two"), PINGS, name("three"), 0),
                counts(frames, "10.85.82.2", "10.85.82.1"));
        assertEquals(
                Map.of(name("one"), PINGS, name("two"), PINGS, name("three"), PINGS),
                counts(frames, "10.85.82.1", GROUP));
        pods.forEach(pod -> assertEquals(List.of(""), logs(pod)));
        assertEquals(before, traces(pods));
    }

    @Test
    void allNetworksOfAPodAreCapturedInOneContainer(@TempDir Path folder) throws IOException {
        stage.define(FIRST, "8582");
        stage.define(SECOND, "8583");
        Pod pod = stage.start(Pods.member("both", FIRST + " ip=10.85.83.1/24," + SECOND + " ip=10.85.84.1/24"))
                .getFirst();
        Path file = folder.resolve("capture.pcapng");

        Client.Ended ended = Vxlan.run(
                "capture", "pod", "both", "-n", stage.namespace(), "--duration", "1", "--write", file.toString());

        assertEquals(0, ended.status(), ended::output);
        assertTrue(ended.output().contains("capturing on 2 interfaces"), ended::output);
        assertEquals(
                Set.of(name("both", FIRST), name("both", SECOND)),
                Pcapng.frames(file).keySet());
        assertEquals(List.of(""), logs(pod));
    }

    @Test
    void theContainerEndsAfterACaptureThatWasKilled(@TempDir Path folder) throws IOException, InterruptedException {
        stage.define(THIRD, "8584");
        Pod pod =
                stage.start(Pods.member("killed", THIRD + " ip=10.85.85.1/24")).getFirst();
        String[] command = {
            "capture", "pod", "killed", "-n", stage.namespace(), "--write", "" + folder.resolve("killed")
        };

        Process capture = Vxlan.begin(command);
        BufferedReader said =
                new BufferedReader(new InputStreamReader(capture.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("capturing on 1 interfaces; Ctrl-C ends it", said.readLine());
        capture.descendants().forEach(ProcessHandle::destroyForcibly);
        capture.destroyForcibly().waitFor();

        assertEquals(List.of(""), logs(pod));
        assertEquals("1", Lab.inPod(pod, "wc -l </proc/net/packet").strip(), "no socket that captures");
    }

    /** What the capturing containers of a pod have logged, once all have ended. */
    private static List<String> logs(Pod pod) {
        PodResource resource = Cluster.client()
                .pods()
                .inNamespace(stage.namespace())
                .withName(pod.getMetadata().getName());
        Await.until(
                "the capturing containers have ended",
                () -> resource.get().getStatus().getEphemeralContainerStatuses().stream()
                        .filter(status -> status.getState().getTerminated() == null)
                        .map(Object::toString)
                        .findFirst());
        return resource.get().getSpec().getEphemeralContainers().stream()
                .map(container -> resource.inContainer(container.getName()).getLog())
                .toList();
    }

    private static Map<String, Integer> counts(Map<String, List<Frame>> frames, String from, String to) {
        return frames.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> (int) entry.getValue().stream()
                        .filter(frame -> frame.isFrom(from) && frame.isTo(to))
                        .count()));
    }

    /** Devices with their flags, and sockets that capture. */
    private static List<String> traces(List<Pod> pods) {
        List<String> traces = pods.stream()
                .map(pod -> Lab.inPod(pod, "/sbin/ip -d -o link | tr -d '\\n'; wc -l </proc/net/packet"))
                .toList();
        assertTrue(traces.stream().allMatch(trace -> trace.contains(NETWORK)), traces::toString);
        return traces;
    }

    private static String name(String pod) {
        return name(pod, NETWORK);
    }

    private static String name(String pod, String network) {
        return stage.namespace() + "/" + pod + " " + network;
    }
}
