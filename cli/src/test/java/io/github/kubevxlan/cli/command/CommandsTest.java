package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.github.kubevxlan.cli.kube.MockCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole commands at a cluster that lacks something, or where the caller does. */
class CommandsTest {
    private static final String DEFINITIONS = "/api/v1/namespaces/kube-system/configmaps/kube-vxlan-controller";
    private static final String OURS = "?labelSelector=vxlan.travelping.com%3Dtrue&limit=500";

    private final MockCluster cluster = new MockCluster();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void connect() throws IOException {
        Files.writeString(
                folder.resolve("config"), """
                    apiVersion: v1
                    kind: Config
                    current-context: here
                    contexts: [{name: here, context: {cluster: here, user: here}}]
                    users: [{name: here, user: {}}]
                    clusters: [{name: here, cluster: {server: "http://localhost:%d"}}]
                    """.formatted(cluster.server().getPort()));
    }

    @AfterEach
    void stop() {
        cluster.close();
        System.clearProperty(Config.KUBERNETES_KUBECONFIG_FILE);
    }

    @Test
    void aPodIsNotComparedWhereTheDefinitionsAreGone() {
        pod("lab", "one", "vxeth1");

        assertEquals(ExitCodes.AMISS, vxlan("inspect", "pod", "-n", "lab", "one"));

        assertTrue(
                text().contains("Not compared: ConfigMap kube-system/kube-vxlan-controller does not exist"),
                this::text);
    }

    @Test
    void aPodIsNotComparedWhereTheDefinitionsMayNotBeRead() {
        forbid(DEFINITIONS);
        pod("lab", "one", "vxeth1");

        assertEquals(ExitCodes.AMISS, vxlan("inspect", "pod", "-n", "lab", "one"));

        assertTrue(text().contains("Not compared: the network definitions could not be read"), this::text);
        assertTrue(
                text().contains("note: you lack a right: get configmaps kube-vxlan-controller in namespace"
                        + " kube-system"),
                this::text);
    }

    @Test
    void aNetworkIsNotUnknownWhereTheDefinitionsMayNotBeRead() {
        forbid(DEFINITIONS);

        assertEquals(ExitCodes.NOT_DONE, vxlan("inspect", "network", "vxeth1"));

        assertTrue(text().contains("note: you lack a right: get configmaps"), this::text);
        assertTrue(
                text().contains("vxlan: network vxeth1: not compared, the network definitions could not be read"),
                this::text);
    }

    @Test
    void aBrokenNetworkIsToldWithItsMistake() {
        define(Map.of("vxeth1", "id=abc"));

        assertEquals(ExitCodes.NOT_DONE, vxlan("inspect", "network", "vxeth1"));

        assertTrue(text().contains("vxlan: the definition of network vxeth1 is broken: "), this::text);
        assertTrue(text().contains("abc"), this::text);
    }

    /** Its namespace may name its networks; another that names its own is compared. */
    @Test
    void aPodIsNotComparedWhereItsNamespaceMayNotBeRead() {
        define(Map.of("vxeth1", "id=101"));
        forbid("/api/v1/namespaces");
        pod("lab", "one", "");
        pod("lab", "two", "vxeth1");

        assertEquals(ExitCodes.AMISS, vxlan("inspect", "pod", "-n", "lab", "one"));
        assertTrue(text().contains("Not compared: the annotations of namespace lab could not be read"), this::text);

        assertEquals(ExitCodes.AMISS, vxlan("inspect", "pod", "-n", "lab", "two"));
        assertTrue(text().contains("Not compared: its agent does not run"), this::text);
    }

    @Test
    void aNetworkTellsOfMembersThatItDidNotCompare() {
        define(Map.of("vxeth1", "id=101 default=true"));
        forbid("/api/v1/namespaces");
        pod("lab", "one", "");

        assertEquals(ExitCodes.AMISS, vxlan("inspect", "network", "vxeth1"));
        assertTrue(text().contains("lab/one"), this::text);
        assertTrue(text().contains("the annotations of namespace lab could not be read"), this::text);
    }

    @Test
    void aPodThatMayNotBeSeenIsNotFoundForWantOfARight() {
        define(Map.of("vxeth1", "id=101"));
        forbid("/api/v1/pods" + OURS);
        pod("default", "one", "vxeth1");
        pod("lab", "two", "vxeth1");

        assertEquals(ExitCodes.NOT_DONE, vxlan("ping", "one", "lab/two"));

        assertTrue(text().contains("note: you lack a right: list pods in all namespaces"), this::text);
        assertTrue(text().contains("vxlan: no labelled pod lab/two"), this::text);
    }

    @Test
    void whatCouldNotBeReadIsToldIfTheRestCannotBeReadEither() {
        forbid("/api/v1/namespaces/lab/pods" + OURS);

        assertEquals(ExitCodes.NOT_DONE, vxlan("list", "pods", "-n", "lab"));

        assertTrue(text().contains("note: deployments.apps kube-vxlan-controller is not in namespace"), this::text);
        assertTrue(text().contains("vxlan: you lack a right: list pods in namespace lab"), this::text);
    }

    @Test
    void aCaptureTellsWhatCouldNotBeRead() {
        forbid(DEFINITIONS);
        pod("lab", "one", "vxeth1");

        assertEquals(
                ExitCodes.NOT_DONE,
                vxlan(
                        "capture",
                        "pod",
                        "-n",
                        "lab",
                        "one",
                        "-w",
                        folder.resolve("file").toString()));

        assertTrue(text().contains("note: you lack a right: get configmaps"), this::text);
    }

    @Test
    void whatIsNotListedIsToldByWhatWasAskedFor() {
        define(Map.of("vxeth1", "id=101"));
        namespace("lab");
        pod("lab", "one", "vxeth1");

        vxlan("list", "pods", "-n", "lab", "--network", "vxeth2");
        assertTrue(text().contains("No labelled pod in namespace lab is in network vxeth2."), this::text);

        vxlan("list", "pods", "-n", "lab", "x");
        assertTrue(text().contains("No labelled pod in namespace lab has a name that begins with x."), this::text);

        vxlan("list", "pods", "-n", "none");
        assertTrue(text().contains("No labelled pods in namespace none."), this::text);
        assertTrue(text().contains("note: namespace none does not exist"), this::text);
    }

    @Test
    void aGroupWithoutAUserIsAMistake() {
        assertEquals(ExitCodes.USAGE, vxlan("list", "networks", "--as-group", "admins"));
    }

    private int vxlan(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false, Progress.none());
        List<String> arguments = List.of(words);
        return Vxlan.commandLine("vxlan", terminal, InputStream.nullInputStream(), arguments)
                .execute(Stream.concat(
                                arguments.stream(),
                                Stream.of(
                                        "--kubeconfig", folder.resolve("config").toString()))
                        .toArray(String[]::new));
    }

    private String text() {
        return out.toString() + err;
    }

    private void forbid(String path) {
        cluster.server()
                .expect()
                .get()
                .withPath(path)
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withMessage("you cannot get resource and cannot list resource")
                                .build())
                .always();
    }

    private void define(Map<String, String> definitions) {
        cluster.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("kube-system")
                        .withName("kube-vxlan-controller")
                        .endMetadata()
                        .withData(definitions)
                        .build())
                .create();
    }

    private void namespace(String name) {
        cluster.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** Its agent does not run. */
    private void pod(String namespace, String name, String networks) {
        cluster.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .withUid(namespace + "-" + name)
                        .withLabels(Map.of("vxlan.travelping.com", "true"))
                        .withAnnotations(
                                networks.isEmpty() ? Map.of() : Map.of("vxlan.travelping.com/networks", networks))
                        .endMetadata()
                        .withNewSpec()
                        .addNewInitContainer()
                        .withName("vxlan-controller-agent")
                        .withImage("agent:1")
                        .endInitContainer()
                        .addNewContainer()
                        .withName("app")
                        .withImage("app:1")
                        .endContainer()
                        .endSpec()
                        .withNewStatus()
                        .withPhase("Pending")
                        .withPodIP("10.0.0.1")
                        .addNewPodIP("10.0.0.1")
                        .endStatus()
                        .build())
                .create();
    }
}
