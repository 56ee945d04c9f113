package io.github.kubevxlan.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the ConfigMap with the definitions; the API server is a mock that keeps what it is given. */
class NetworksGuardTest {
    private static final String NAMESPACE = "kube-system";
    private static final ControllerConfig CONFIG =
            ControllerConfig.read(Map.of("KUBEVXLAN_INITIAL_NETWORKS", "vxeth0=100"));

    private final Map<ServerRequest, Queue<ServerResponse>> scripted = new HashMap<>();
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), scripted, new KubernetesMixedDispatcher(scripted), false);
    private final KubernetesClient client = started(server);
    private final Watched watched = new Watched();
    private long now = 5;
    private NetworksGuard guard = guard();

    private final class Watched implements NetworksGuard.Known {
        private long joined;
        private long observedStatus;

        @Override
        public boolean hasDefinitions() {
            return configMap() != null;
        }

        @Override
        public long joined() {
            return joined;
        }

        @Override
        public long membersWritten() {
            return observedStatus;
        }
    }

    @AfterEach
    void stop() {
        client.close();
        Thread.ofVirtual().start(server::destroy);
    }

    @Test
    void makesTheInitialNetworksInAClusterThatNeverHadAny() {
        guard.check();
        assertEquals(Map.of("vxeth0", "100"), definitions());
        assertEquals(List.of(), events());
    }

    @Test
    void labelledPodsThatNeverHadANetworkAreNoMembers() {
        watched.joined = 7;
        guard.check();
        assertEquals(Map.of("vxeth0", "100"), definitions());
    }

    @Test
    void triesAgainWhenTheConfigMapCouldNotBeMade() {
        server.expect()
                .post()
                .withPath("/api/v1/namespaces/kube-system/configmaps")
                .andReturn(403, "{}")
                .once();
        guard.check();
        assertNull(configMap());
        pass(Duration.ofSeconds(1));
        guard.check();
        assertEquals(Map.of("vxeth0", "100"), definitions());
    }

    @Test
    void neverMakesThemAgainAndSaysThatTheyAreGone() {
        guard.check();
        pass(Duration.ofMinutes(1));
        guard.check();
        client.configMaps()
                .inNamespace(NAMESPACE)
                .withName("kube-vxlan-controller")
                .delete();
        guard.check();
        assertNull(configMap());
        assertEquals(1, events().size());

        guard = guard();
        guard.check();
        assertNull(configMap(), "another controller knows, too");
        Event event = events().getLast();
        assertEquals(
                List.of("ConfigMap", "kube-vxlan-controller", "Warning", "NetworksGone"),
                List.of(
                        event.getInvolvedObject().getKind(),
                        event.getInvolvedObject().getName(),
                        event.getType(),
                        event.getReason()));
    }

    @Test
    void makesNoneWhereThereAreMembers() {
        watched.observedStatus = 1;
        guard.check();
        assertNull(configMap());
        assertEquals(1, events().size());
    }

    @Test
    void saysAgainAndAgainThatTheyAreGone() {
        watched.observedStatus = 1;
        guard.check();
        pass(NetworksGuard.SAID_EVERY.minusNanos(1));
        guard.check();
        assertEquals(1, events().size());
        pass(Duration.ofNanos(1));
        guard.check();
        assertEquals(2, events().size());
    }

    @Test
    void notesMembersAtOnceAndThatThereIsNoneAfterAMinute() {
        guard.check();
        pass(Duration.ofMinutes(1));
        guard.check();
        assertEquals("false", note());

        watched.joined = 1;
        guard.check();
        assertEquals("true", note());
        watched.joined = 0;
        pass(NetworksGuard.WITHOUT_MEMBERS.minusNanos(1));
        guard.check();
        assertEquals("true", note());
        pass(Duration.ofNanos(1));
        guard.check();
        assertEquals("false", note());
    }

    @Test
    void writesItsNoteAnewIfSomebodyDeletesOrEditsIt() {
        guard.check();
        pass(Duration.ofMinutes(1));
        watched.joined = 1;
        guard.check();

        lease().delete();
        pass(NetworksGuard.NOTED_EVERY);
        guard.check();
        assertEquals("true", note());

        lease().edit(there -> new LeaseBuilder(there)
                .editMetadata()
                .withAnnotations(Map.of("vxlan.travelping.com/members", "false"))
                .endMetadata()
                .build());
        pass(NetworksGuard.NOTED_EVERY);
        guard.check();
        assertEquals("true", note());
    }

    private NetworksGuard guard() {
        return new NetworksGuard(client, CONFIG, watched, () -> now, new Random(1));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private @Nullable ConfigMap configMap() {
        return client.configMaps()
                .inNamespace(NAMESPACE)
                .withName("kube-vxlan-controller")
                .get();
    }

    private Map<String, String> definitions() {
        ConfigMap made = configMap();
        return made == null ? Map.of() : made.getData();
    }

    private List<Event> events() {
        return client.v1().events().inNamespace(NAMESPACE).list().getItems();
    }

    private String note() {
        return lease().require().getMetadata().getAnnotations().getOrDefault("vxlan.travelping.com/members", "");
    }

    private Resource<Lease> lease() {
        return client.leases().inNamespace(NAMESPACE).withName("kube-vxlan-controller-networks");
    }

    private static KubernetesClient started(KubernetesMockServer server) {
        server.init();
        return server.createClient();
    }
}
