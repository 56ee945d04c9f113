package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.CoreDns;
import io.github.kubevxlan.e2e.harness.Examples;
import io.github.kubevxlan.e2e.harness.Footprint;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Slices;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Tokens;
import io.github.kubevxlan.e2e.harness.Workloads;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services whose names lead to overlay addresses: slices, what CoreDNS makes of them, and who may write what. */
@Alone("installs a controller that publishes names")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class NamesIT {
    private static final String NETWORK = "e2e-names";
    private static final String CLOSED = "e2e-names-closed";
    private static final String IS_BAD = "/tmp/bad";

    @RegisterExtension
    static final Stage stage = Stage.named("names");

    private static Release before;
    private static CoreDns dns;
    private static KubernetesClient controller;

    @BeforeAll
    static void publish() {
        stage.define(NETWORK, "id=8950 subnet=10.97.0.0/24;fd97::/64");
        stage.define(CLOSED, "id=8951 namespaces=somebody");
        assertFalse(Cluster.mayDo(Cluster.CONTROLLER, "", "list", "services", ""), "a right that is off");
        dns = CoreDns.start();
        before = Release.with("--set=controller.names.enabled=true");
        controller = Tokens.clientOf(Cluster.SYSTEM, Cluster.CONTROLLER);
    }

    @AfterAll
    static void publishNoMore() {
        controller.close();
        before.close();
        dns.close();
    }

    @AfterEach
    void clear() {
        Cluster.client().apps().statefulSets().inNamespace(stage.namespace()).delete();
        Cluster.client().services().inNamespace(stage.namespace()).delete();
        Cluster.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(stage.namespace())
                .delete();
        stage.clear();
    }

    @Test
    void namesFollowMembersThatJoinFailScaleAndLeave() {
        stage.create(service("web", NETWORK));
        stage.create(members("web", 2));
        List<Pod> pods = stage.ready(Workloads.OWNER, "web", 2);
        assertEquals(
                Set.copyOf(Cluster.nodes()),
                Set.of(
                        pods.getFirst().getSpec().getNodeName(),
                        pods.getLast().getSpec().getNodeName()));
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0", "web-1"));
        assertAnswers(Set.of("web-0", "web-1"));

        Shell.inApp(pods.getFirst(), "touch " + IS_BAD);
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-1"));
        assertAnswers(Set.of("web-1"));
        Shell.inApp(pods.getFirst(), "rm " + IS_BAD);
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0", "web-1"));

        Resource<StatefulSet> set = Cluster.client()
                .apps()
                .statefulSets()
                .inNamespace(stage.namespace())
                .withName("web");
        set.scale(4);
        stage.ready(Workloads.OWNER, "web", 4);
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0", "web-1", "web-2", "web-3"));
        assertAnswers(Set.of("web-0", "web-1", "web-2", "web-3"));
        set.scale(1);
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0"));
        assertAnswers(Set.of("web-0"));

        Cluster.client()
                .services()
                .inNamespace(stage.namespace())
                .withName("web")
                .edit(NamesIT::withoutAnnotations);
        Slices.awaitHosts(stage.namespace(), "web", Set.of());
        assertAnswers(Set.of());
    }

    @Test
    void membersOfTheExampleReachEachOtherThroughTheOverlayByName() {
        stage.define("names", "id=163 subnet=10.80.0.0/24;fd80::/64");
        Examples.apply("names.yaml", stage);
        stage.ready("example", "names", 2);
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0", "web-1"));
        Pod asks = stage.start(new PodBuilder(Pods.member("asks", "names"))
                        .editSpec()
                        .withDnsPolicy("None")
                        .withNewDnsConfig()
                        .withNameservers(dns.address())
                        .withSearches(stage.namespace() + ".svc.cluster.local")
                        .endDnsConfig()
                        .endSpec()
                        .build())
                .getFirst();
        for (String pod : List.of("web-0", "web-1")) {
            for (String family : List.of("-4", "-6")) {
                String said = Shell.inApp(asks, "ping %s -c 1 -w 20 %s.web".formatted(family, pod));
                String address = Slices.addresses(stage.pod(pod)).stream()
                        .filter(one -> one.contains(":") == family.equals("-6"))
                        .findFirst()
                        .orElseThrow();
                assertTrue(said.contains("(" + address + ")"), said);
            }
        }
    }

    @Test
    void aMemberWhoseInterfaceIsLostHasNoName() {
        stage.create(service("web", NETWORK));
        Pod pod = stage.start(Pods.member("web-0", NETWORK)).getFirst();
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0"));
        Lab.inPod(pod, "/sbin/ip link del e2e-names && /sbin/ip link add e2e-names type bridge");
        stage.define(NETWORK, "id=8950 subnet=10.97.0.0/24;fd97::/64 mtu=1300");
        Slices.awaitHosts(stage.namespace(), "web", Set.of());

        Lab.inPod(pod, "/sbin/ip link del e2e-names");
        stage.define(NETWORK, "id=8950 subnet=10.97.0.0/24;fd97::/64");
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0"));
    }

    @Test
    void anotherLeaderGoesOnWithTheSameSlices() {
        stage.create(service("web", NETWORK));
        stage.start(Pods.member("web-0", NETWORK));
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0"));
        Map<String, String> versions = Slices.versions(stage.namespace());
        Controller.awaitAnotherThan(Controller.killLeader());
        stage.create(service("more", NETWORK));
        Slices.awaitHosts(stage.namespace(), "more", Set.of("web-0"));
        assertTrue(Slices.versions(stage.namespace()).entrySet().containsAll(versions.entrySet()));
        Controller.awaitReady();
    }

    @Test
    void aSelectorChoosesAndASliceOfSomebodyElseStays() {
        Service web = service("web", NETWORK);
        web.getMetadata().getAnnotations().put(Cluster.PREFIX + "/network-pods", "role in (server)");
        stage.create(web);
        EndpointSlice others = create(Cluster.client(), UnaryOperator.identity());
        stage.start(Pods.labelled(Pods.member("web-0", NETWORK), "role", "server"), Pods.member("other", NETWORK));
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0"));
        stage.delete("web-0");
        Slices.awaitHosts(stage.namespace(), "web", Set.of());
        assertEquals(
                others.getMetadata().getResourceVersion(),
                Slices.of(others).require().getMetadata().getResourceVersion());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown | e2e-names-x      | ''     | None | found \"e2e-names-x\", allowed: a network that is"
                        + " defined",
                "closed  | e2e-names-closed | ''     | None | allowed: a network that pods of namespace",
                "bad     | e2e-names        | app=(  | None | found \"app=(\", allowed: a label selector",
                "owned   | e2e-names        | ''     | sel  | spec.selector, line 1, column 1: found \"app=web\"",
                "address | e2e-names        | ''     | ''   | spec.clusterIP, line 1, column 1: found \"10.",
            })
    void aMistakeIsToldOnTheService(String name, String network, String pods, String kind, String message) {
        stage.create(new ServiceBuilder(service(name, network))
                .editMetadata()
                .addToAnnotations(Cluster.PREFIX + "/network-pods", pods)
                .endMetadata()
                .editSpec()
                .withClusterIP(kind.isEmpty() ? null : "None")
                .withSelector(kind.equals("sel") ? Map.of("app", "web") : null)
                .endSpec()
                .build());
        String said = stage.event(name, "NamesUnavailable");
        assertTrue(said.contains(message), said);
        assertEquals(Set.of(), Slices.hosts(stage.namespace(), name).keySet());
    }

    /** What a thief of the controller's token can't do. */
    @Test
    void theControllersTokenWritesNoOtherSlices() {
        stage.create(service("web", NETWORK));
        stage.start(Pods.member("web-0", NETWORK));
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0"));
        EndpointSlice ours = Slices.ours(stage.namespace(), "web").getFirst();
        EndpointSlice others = create(Cluster.client(), UnaryOperator.identity());

        assertRefused("may only write EndpointSlices with the label", () -> create(controller, slice -> slice));
        assertRefused(
                "may only write EndpointSlices with the label",
                () -> controller.resource(ours(others).build()).update());
        assertRefused(
                "may only write EndpointSlices with the label",
                () -> controller.resource(others).delete());
        assertRefused(
                "of a headless Service that owns them",
                () -> create(controller, slice -> ours(slice).build()));
        assertRefused(
                "of a headless Service that owns them",
                () -> controller
                        .resource(new EndpointSliceBuilder(ours)
                                .editMetadata()
                                .removeFromLabels("service.kubernetes.io/headless")
                                .endMetadata()
                                .build())
                        .update());
        assertRefused(
                "may not give an EndpointSlice to another Service",
                () -> controller
                        .resource(new EndpointSliceBuilder(ours)
                                .editMetadata()
                                .editFirstOwnerReference()
                                .withUid("another")
                                .endOwnerReference()
                                .endMetadata()
                                .build())
                        .update());
        assertRefused(
                "of pods of their own namespace",
                () -> controller
                        .resource(new EndpointSliceBuilder(ours)
                                .editFirstEndpoint()
                                .editTargetRef()
                                .withNamespace("kube-system")
                                .endTargetRef()
                                .endEndpoint()
                                .build())
                        .update());
        assertRefused(
                "cannot deletecollection",
                () -> controller
                        .discovery()
                        .v1()
                        .endpointSlices()
                        .inNamespace(stage.namespace())
                        .delete());
        for (String verb : List.of("get", "create", "update", "patch", "delete")) {
            assertFalse(Cluster.mayDo(Cluster.CONTROLLER, stage.namespace(), verb, "services", ""), verb);
        }
    }

    @Test
    void writesAreCounted() {
        stage.create(service("web", NETWORK));
        stage.start(Pods.member("web-0", NETWORK));
        Slices.awaitHosts(stage.namespace(), "web", Set.of("web-0"));
        String told = Footprint.metrics(Controller.pod(Controller.leader()));
        assertTrue(told.contains("kube_vxlan_endpoint_slice_writes_total"), told);
    }

    /** CoreDNS answers for the Service with the addresses of these pods alone, and for each of them with its own. */
    private static void assertAnswers(Set<String> pods) {
        Slices.awaitAnswers(
                dns, stage.namespace(), "web", pods.stream().map(stage::pod).toList());
        for (String gone : List.of("web-0", "web-1", "web-2", "web-3")) {
            if (!pods.contains(gone)) {
                assertEquals(Set.of(), dns.ask("A", gone + ".web." + stage.namespace()));
            }
        }
    }

    private static void assertRefused(String message, org.junit.jupiter.api.function.Executable request) {
        String refusal = String.valueOf(
                assertThrows(KubernetesClientException.class, request).getMessage());
        assertTrue(refusal.contains(message), refusal);
    }

    /** A slice of somebody else's. */
    private static EndpointSlice create(KubernetesClient client, UnaryOperator<EndpointSlice> change) {
        return client.resource(change.apply(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withName("of-somebody-" + System.nanoTime())
                        .withNamespace(stage.namespace())
                        .addToLabels("kubernetes.io/service-name", "web")
                        .addToLabels("endpointslice.kubernetes.io/managed-by", "somebody")
                        .endMetadata()
                        .withAddressType("IPv4")
                        .addNewEndpoint()
                        .withAddresses("192.0.2.1")
                        .withHostname("theirs")
                        .endEndpoint()
                        .build()))
                .create();
    }

    private static EndpointSliceBuilder ours(EndpointSlice slice) {
        return new EndpointSliceBuilder(slice)
                .editMetadata()
                .addToLabels("endpointslice.kubernetes.io/managed-by", "kube-vxlan-controller")
                .endMetadata();
    }

    private static Service withoutAnnotations(Service service) {
        return new ServiceBuilder(service)
                .editMetadata()
                .withAnnotations(Map.of())
                .endMetadata()
                .build();
    }

    private static Service service(String name, String network) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToAnnotations(Cluster.PREFIX + "/network", network)
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .addNewPort()
                .withName("http")
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
    }

    /** Members spread over the nodes, which are ready unless a file says that they are not. */
    private static StatefulSet members(String name, int replicas) {
        Pod pod = new PodBuilder(Pods.readyUnless(IS_BAD, Pods.member(name, NETWORK)))
                .editSpec()
                .addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("DoNotSchedule")
                .withNewLabelSelector()
                .addToMatchLabels(Workloads.OWNER, name)
                .endLabelSelector()
                .endTopologySpreadConstraint()
                .endSpec()
                .build();
        StatefulSet set = Workloads.statefulSet(pod);
        set.getSpec().setServiceName(name);
        set.getSpec().setReplicas(replicas);
        return set;
    }
}
