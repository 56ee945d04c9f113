package io.github.kubevxlan.controller.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.withSettings;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.names.NamesView;
import io.github.kubevxlan.controller.names.PodNames;
import io.github.kubevxlan.controller.names.api.SliceMapper;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.reconcile.Controller;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.EventRecorder;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.Recorders;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import io.github.kubevxlan.controller.reconcile.Timing;
import io.github.kubevxlan.controller.reconcile.UnlabelledPodLister;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import io.github.kubevxlan.controller.registry.Members;
import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose pods become known; the API server is a mock that keeps what it is given. */
class InformersTest {
    private static final String LABEL = "vxlan.travelping.com";
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Map<ServerRequest, Queue<ServerResponse>> scripted = new HashMap<>();
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), scripted, new KubernetesMixedDispatcher(scripted), false);
    private final KubernetesClient client = started(server);

    @AfterEach
    void stop() {
        client.close();
        // What is tested is over; the mock complains if its connections take more than ten seconds to end.
        Thread.ofVirtual().start(server::destroy);
    }

    @ParameterizedTest
    @CsvSource({"'', a b c", "a, a", "'a,c', a c"})
    void podsOfChosenNamespacesBecomeMembersAndOfAllWhereNoneIsChosen(String chosen, String known) throws Exception {
        CommonConfig config = config(chosen);
        Set.of("a", "b", "c").forEach(this::makeNamespaceWithPods);
        Members members = new Members(config.keys(), Definitions.parse(Map.of(), config.defaults()), 10, true);
        try (Informers informers = new Informers(client, controller(members), config)) {
            informers.start().get(1, TimeUnit.MINUTES);
            assertEquals(Set.of(known.split(" ")), namespaces(members));
        }
    }

    @ParameterizedTest
    @CsvSource({"'', a b c", "'a,c', a c"})
    void podsThatLostTheirLabelAreLookedForInTheSame(String chosen, String found) throws Exception {
        CommonConfig config = config(chosen);
        Set.of("a", "b", "c").forEach(this::makeNamespaceWithPods);
        List<String> seen = new ArrayList<>();
        ApiUnlabelledPodLister unlabelled = new ApiUnlabelledPodLister(client, config.keys(), config.watchNamespaces());
        Optional<UnlabelledPodLister.Place> next = Optional.of(UnlabelledPodLister.Place.START);
        while (next.isPresent()) {
            next = unlabelled.page(next.get(), pod -> seen.add(pod.ref().namespace()));
        }
        assertEquals(
                List.of(found.split(" ")), seen.stream().distinct().sorted().toList());
    }

    @Test
    void aChosenNamespaceThatIsNotThereKeepsNobodyWaiting() throws Exception {
        CommonConfig config = config("a,gone");
        makeNamespaceWithPods("a");
        forbidPodsOf("gone");
        Members members = new Members(config.keys(), Definitions.parse(Map.of(), config.defaults()), 10, true);
        try (Informers informers = new Informers(client, controller(members), config)) {
            informers.start().get(1, TimeUnit.MINUTES);
            assertEquals(Set.of("a"), namespaces(members));
        }
    }

    @Test
    void theRestWaitsForPodsThatAreThereAndCanNotBeListed() throws Exception {
        CommonConfig config = config("a,closed");
        Set.of("a", "closed").forEach(this::makeNamespaceWithPods);
        forbidPodsOf("closed");
        Members members = new Members(config.keys(), Definitions.parse(Map.of(), config.defaults()), 10, true);
        try (Informers informers = new Informers(client, controller(members), config)) {
            CompletableFuture<Void> complete = informers.start();
            awaitRequest("/namespaces?", "closed", "watch=true");
            awaitRequest("/namespaces/closed/pods?");
            assertFalse(complete.isDone(), "peers would lose their entries for pods of namespace closed");
            client.namespaces().withName("closed").delete();
            complete.get(1, TimeUnit.MINUTES);
            assertTrue(namespaces(members).contains("a"));
        }
    }

    @Test
    void whatIsThereIsListedInPages() throws Exception {
        makeNamespaceWithPods("a");
        CommonConfig config = config("");
        Members members = new Members(config.keys(), Definitions.parse(Map.of(), config.defaults()), 10, true);
        try (Informers informers = new Informers(client, controller(members), config)) {
            informers.start().get(1, TimeUnit.MINUTES);
            awaitRequest("/pods?", "limit=500");
        }
    }

    @Test
    void aConfigMapThatIsGoneSaysNothingAboutNetworks() throws Exception {
        CommonConfig config = config("");
        Controller controller = mock(Controller.class);
        Resource<ConfigMap> networks =
                client.configMaps().inNamespace("kube-system").withName("kube-vxlan-controller");
        try (Informers informers = new Informers(client, controller, config)) {
            informers.start().get(1, TimeUnit.MINUTES);
            for (String vni : List.of("100", "101")) {
                client.resource(networks(vni)).create();
                verify(controller, timeout(60_000).atLeastOnce())
                        .define(Definitions.parse(Map.of("vx0", vni), config.defaults()));
                networks.delete();
                while (informers.hasDefinitions()) {
                    Thread.onSpinWait();
                }
            }
            verify(controller, never()).define(Definitions.parse(Map.of(), config.defaults()));
            verify(controller, never()).define(Definitions.absent(config.defaults()));
        }
    }

    @Test
    void withoutNamesNobodyAsksForServices() throws Exception {
        makeNamespaceWithPods("a");
        CommonConfig config = config("");
        try (Informers informers = new Informers(client, mock(Controller.class), config)) {
            informers.start().get(1, TimeUnit.MINUTES);
            assertEquals(List.of(), informers.names().pods());
            RecordedRequest request = server.takeRequest(0, TimeUnit.SECONDS);
            while (request != null) {
                assertFalse(request.getPath().contains("services"), request.getPath());
                assertFalse(request.getPath().contains("endpointslices"), request.getPath());
                request = server.takeRequest(0, TimeUnit.SECONDS);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'', a b", "b, b"})
    void namesFollowFromMembersServicesAndOurSlicesOfTheSameNamespaces(String chosen, String known) throws Exception {
        Set.of("a", "b").forEach(namespace -> {
            makeNamespaceWithPods(namespace);
            client.resource(service(namespace, "asks", Map.of(LABEL + "/network", "blue")))
                    .create();
            client.resource(service(namespace, "plain", Map.of())).create();
            client.resource(slice(namespace, SliceMapper.OURS)).create();
            client.resource(slice(namespace, "somebody")).create();
        });
        CommonConfig config = config(chosen);
        AtomicInteger changes = new AtomicInteger();
        try (Informers informers =
                new Informers(client, mock(Controller.class), config, Optional.of(() -> changes.incrementAndGet()))) {
            informers.start().get(1, TimeUnit.MINUTES);
            Set<String> namespaces = Set.of(known.split(" "));
            while (informers.names().services().size() < namespaces.size()) {
                Thread.onSpinWait();
            }
            NamesView view = informers.names();
            assertEquals(
                    namespaces.stream().map(name -> name + "/asks").collect(Collectors.toSet()),
                    view.services().stream()
                            .map(service -> service.ref().toString())
                            .collect(Collectors.toSet()));
            assertEquals(
                    namespaces,
                    view.pods().stream().map(pod -> pod.ref().namespace()).collect(Collectors.toSet()));
            assertEquals(
                    namespaces,
                    view.slices().stream()
                            .map(slice -> slice.slice().service().namespace())
                            .collect(Collectors.toSet()));
            assertEquals(namespaces.size(), view.slices().size());
            assertSame(
                    view.pods().getFirst(),
                    informers.names().pods().getFirst(),
                    "a pod that did not change is read once");
            PodNames first = view.pods().getFirst();
            client.pods()
                    .inNamespace(first.ref().namespace())
                    .withName(first.ref().name())
                    .edit(pod -> new PodBuilder(pod)
                            .editMetadata()
                            .addToLabels("app", "changed")
                            .endMetadata()
                            .build());
            while (informers.names().pods().stream()
                    .noneMatch(pod -> "changed".equals(pod.labels().get("app")))) {
                Thread.onSpinWait();
            }

            int before = changes.get();
            client.pods().inNamespace("b").withName("pod").delete();
            while (changes.get() == before) {
                Thread.onSpinWait();
            }
        }
    }

    private static Service service(String namespace, String name, Map<String, String> annotations) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withUid(namespace + name)
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .endSpec()
                .build();
    }

    private static EndpointSlice slice(String namespace, String manager) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("of-" + manager)
                .addToLabels(SliceMapper.MANAGED_BY, manager)
                .addNewOwnerReference()
                .withApiVersion("v1")
                .withKind("Service")
                .withName("asks")
                .withUid(namespace + "asks")
                .endOwnerReference()
                .endMetadata()
                .withAddressType("IPv4")
                .build();
    }

    private static ConfigMap networks(String vni) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("kube-system")
                .withName("kube-vxlan-controller")
                .withUid(vni)
                .endMetadata()
                .withData(Map.of("vx0", vni))
                .build();
    }

    private void forbidPodsOf(String namespace) {
        server.expect()
                .get()
                .withPath(
                        "/api/v1/namespaces/" + namespace + "/pods?labelSelector=vxlan.travelping.com%3Dtrue&limit=500")
                .andReturn(403, "{}")
                .always();
    }

    private void awaitRequest(String... parts) throws InterruptedException {
        RecordedRequest request;
        do {
            request = server.takeRequest(1, TimeUnit.MINUTES);
            assertNotNull(request, "no request with " + List.of(parts));
        } while (!Stream.of(parts).allMatch(request.getPath()::contains));
    }

    private void makeNamespaceWithPods(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withUid(name)
                        .endMetadata()
                        .build())
                .create();
        client.resource(pod(name)
                        .editMetadata()
                        .addToLabels(LABEL, "true")
                        .endMetadata()
                        .build())
                .create();
        client.resource(pod(name)
                        .editMetadata()
                        .withName("unlabelled")
                        .endMetadata()
                        .build())
                .create();
    }

    private static PodBuilder pod(String namespace) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("pod")
                .withUid(namespace)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("vxlan-controller-agent")
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP("10.1.0.1")
                .addNewContainerStatus()
                .withName("vxlan-controller-agent")
                .withContainerID("containerd://1")
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .endStatus();
    }

    private static Set<String> namespaces(Members members) {
        return members.uids().stream()
                .flatMap(uid -> members.pod(uid).stream())
                .map(pod -> pod.ref().namespace())
                .collect(Collectors.toSet());
    }

    private static Controller controller(Members members) {
        SimulatedTime time = new SimulatedTime(new Random(1));
        return new Controller(
                members,
                new Reconciler(Nets.PREFIX, mock(Agent.class), SimulatedAgent.NEVER_LATE),
                mock(UnlabelledPodLister.class),
                new Recorders(
                        mock(EventRecorder.class, withSettings().stubOnly()),
                        mock(StatusStore.class, withSettings().stubOnly())),
                new Dependencies(
                        time,
                        new Timing(time.timer, time),
                        new Random(1),
                        new WorkSettings(new Limits(64, 16, 256, LONG, LONG), LONG),
                        Meter.NONE));
    }

    private static CommonConfig config(String chosen) {
        return CommonConfig.read(new EnvConfig(Map.of("KUBEVXLAN_WATCH_NAMESPACES", chosen)));
    }

    private static KubernetesClient started(KubernetesMockServer server) {
        server.init();
        return server.createClient();
    }
}
