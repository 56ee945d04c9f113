package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Ping;
import io.github.kubevxlan.e2e.harness.PodLoad;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.UnreadyWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The release is upgraded to other images, rolled back and taken away, while pods are made and members ping each other. What
 * users have edited outlives all of it.
 */
@Alone("replaces the release, and takes it away")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpgradeIT {
    private static final String NETWORK = "e2e-upgrade";
    private static final String EXAMPLE = "vxeth3";
    private static final String NEXT = "-next";
    private static final String AGENT_IMAGE = "kube-vxlan-controller-agent";
    private static final Set<String> STAYING = Set.of("from", "to");
    private static final Pattern LEFT = Pattern.compile("\\b(?:configmap|secret|lease)/kube-vxlan-controller[a-z-]*");
    private static final Pattern GROUP = Pattern.compile("\\.[a-z0-9.]+/");

    @RegisterExtension
    static final Stage stage = Stage.named("upgrade");

    private static final List<Pod> members = new ArrayList<>();
    private static String original = "";
    private static Map<String, String> edited = Map.of();
    private static Release before;
    private static Ping ping;
    private static UnreadyWatch unready;

    @BeforeAll
    static void startMembers() {
        Client.run("lab/image", "images/controller", Cluster.CONTROLLER + NEXT);
        Client.run("lab/image", "agent", AGENT_IMAGE + NEXT);
        before = Release.installed();
        stage.define(NETWORK, "8980");
        original = Networks.all().getOrDefault(EXAMPLE, "103");
        Networks.define(EXAMPLE, "id=203 mtu=1400");
        edited = Networks.all();
        members.addAll(stage.start(
                Pods.onNode(0, Pods.member("from", NETWORK + " ip=10.89.80.1/24")),
                Pods.onNode(1, Pods.member("to", NETWORK + " ip=10.89.80.2/24"))));
        ping = Ping.begin(members.getFirst(), "10.89.80.2");
        unready = new UnreadyWatch(
                stage.namespace(), pod -> !STAYING.contains(pod.getMetadata().getName()));
    }

    @AfterAll
    static void leaveAsItWas() {
        unready.close();
        Networks.define(EXAMPLE, original);
        before.rollBack();
    }

    @Test
    @Order(1)
    void upgradeRefusesNoPodAndServesThoseOfBothVersions() {
        whilePodsAreMade(() -> Release.upgrade(
                "--set", "image.repository=" + Cluster.CONTROLLER + NEXT,
                "--set", "agent.image.repository=" + AGENT_IMAGE + NEXT));
        assertEquals(AGENT_IMAGE + NEXT + ":lab", agentImage(join("new")));
        assertEquals(edited, Networks.all(), "live edits");
        assertEquals(
                203,
                Overlays.of(stage.start(Pods.member("edited", EXAMPLE)).getFirst())
                        .link(EXAMPLE)
                        .vni());
    }

    @Test
    @Order(2)
    void rollbackRefusesNoPodAndServesThoseOfBothVersions() {
        whilePodsAreMade(before::rollBack);
        assertEquals(AGENT_IMAGE + ":lab", agentImage(join("old")));
    }

    @Test
    @Order(3)
    void whatIsLeftBehindIsDocumented() throws IOException {
        Release.uninstall();
        Set<String> documented = documentedAsLeft();
        Await.until(
                "what is left is " + documented,
                () -> Optional.of(left())
                        .filter(Predicate.not(documented::equals))
                        .map(Object::toString));
        assertFalse(Pods.hasAgent(stage.dryRun(Pods.member("late", NETWORK))), "an agent is put in by nobody");
    }

    @Test
    @Order(4)
    void noMemberWasWorseOff() {
        assertEquals(0, ping.end().lost(), "lost pings");
        assertEquals(List.of(), unready.changes(), "members turned unready");
        assertEquals(Optional.empty(), Overlays.inexact(NETWORK, members));
    }

    @Test
    @Order(5)
    void memberThatWaitsWithoutAControllerIsFreedAsDocumented() {
        Pod last = members.getLast();
        String name = last.getMetadata().getName();
        Lab.signal("KILL", last, Lab.SANDBOX);
        Await.until("the agent of " + name + " waits", () -> {
            Pod now = stage.pod(name);
            return Pods.isRunning(now, Cluster.AGENT)
                            && !Pods.isRunning(now, Pods.APP)
                            && !Pods.ip(now).equals(Pods.ip(last))
                    ? Optional.empty()
                    : Pods.notReady(now).or(() -> Optional.of("it is ready"));
        });

        Client.run("kubectl", "-n", stage.namespace(), "exec", name, "-c", Cluster.AGENT, "--", "agent", "complete");

        Await.until(
                "the app of " + name + " runs",
                () -> Pods.isRunning(stage.pod(name), Pods.APP) ? Optional.empty() : Pods.notReady(stage.pod(name)));
    }

    @Test
    @Order(6)
    void installedAgainItServesThoseWhoStayed() {
        before.rollBack();
        List<Pod> now = stage.ready(
                members.stream().map(pod -> pod.getMetadata().getName()).toArray(String[]::new));
        Overlays.awaitExact(NETWORK, now);
        assertEquals(edited, Networks.all(), "live edits");
    }

    @Test
    @Order(7)
    void applyingTheManifestDoesNotRevertALiveEdit(@TempDir Path folder) throws IOException {
        String released = Files.readString(Client.repository().resolve("k8s.yaml"));
        Path ours =
                Files.writeString(folder.resolve("k8s.yaml"), released.replaceAll("(:\\s+\\S+):1\\.0\\.0", "$1:lab"));
        Client.run("kubectl", "apply", "--filename", ours.toString());
        Client.run("kubectl", "rollout", "status", "--namespace", Cluster.SYSTEM, "deployment/" + Cluster.CONTROLLER);
        assertEquals(edited, Networks.all(), "live edits");
    }

    private static void whilePodsAreMade(Runnable change) {
        PodLoad load = PodLoad.start(stage);
        try (load) {
            change.run();
        }
        assertEquals(List.of(), load.failures());
    }

    private static Pod join(String name) {
        Pod joined = stage.start(Pods.member(name, NETWORK)).getFirst();
        members.add(joined);
        Overlays.awaitExact(NETWORK, members);
        return joined;
    }

    private static String agentImage(Pod pod) {
        return pod.getSpec().getInitContainers().stream()
                .filter(container -> container.getName().equals(Cluster.AGENT))
                .map(Container::getImage)
                .findFirst()
                .orElseThrow();
    }

    /** The names in the part of the documentation that says what an uninstallation leaves. */
    private static Set<String> documentedAsLeft() throws IOException {
        String page = Files.readString(Client.repository().resolve("docs/operations.md"));
        return LEFT.matcher(page).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every object with our name, Helm's own history aside, in any kind that the chart can make. */
    private static Set<String> left() {
        String kinds = String.join(
                ",",
                Client.run("kubectl", "api-resources", "--verbs", "list", "--output", "name")
                        .lines()
                        .filter(Predicate.not(kind -> kind.equals("events") || kind.startsWith("events.")))
                        .toList());
        return Client.run("kubectl", "-n", Cluster.SYSTEM, "get", kinds, "--output", "name")
                .lines()
                .filter(line -> line.contains("/kube-vxlan-controller"))
                .map(line -> GROUP.matcher(line).replaceFirst("/"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
