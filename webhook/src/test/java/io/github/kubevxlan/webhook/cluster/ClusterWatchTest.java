package io.github.kubevxlan.webhook.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.github.kubevxlan.certs.CertifiedKey;
import io.github.kubevxlan.certs.Pem;
import io.github.kubevxlan.common.cluster.WatchAges;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.webhook.Await;
import io.github.kubevxlan.webhook.LogSpy;
import io.github.kubevxlan.webhook.NamespaceFacts;
import io.github.kubevxlan.webhook.TestTls;
import io.github.kubevxlan.webhook.TlsReloader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterWatchTest {
    private static final String NAMESPACE = "kube-system";
    private static final String P = "vxlan.travelping.com";
    private static final CommonConfig CONFIG = CommonConfig.read(new EnvConfig(Map.of()));

    private static final WatchAges AGES = new WatchAges(() -> 0);

    private final Map<ServerRequest, Queue<ServerResponse>> scripted = new HashMap<>();
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), scripted, new KubernetesMixedDispatcher(scripted), false);
    private final KubernetesClient client = started(server);
    private final TestTls authority = new TestTls();
    private final TlsReloader tls = new TlsReloader();
    private ClusterWatch watch;
    private TlsSecret certificates;

    @BeforeEach
    void start() {
        client.configMaps().resource(networks(Map.of("vxeth0", "100"))).create();
        certificates = new TlsSecret(client, NAMESPACE, "tls", tls);
        watch = new ClusterWatch(client, CONFIG, AGES, Duration.ZERO);
        Await.until(watch::isSynced);
    }

    @AfterEach
    void stop() {
        certificates.close();
        watch.close();
        client.close();
        // What is tested is over; the mock complains if its connections take more than ten seconds to end.
        Thread.ofVirtual().start(server::destroy);
    }

    @Test
    void hasDefinitionsOnceSynced() {
        assertEquals(Set.of("vxeth0"), watch.definitions().usable().keySet());
    }

    @Test
    void followsEditsOfConfigMapAndKeepsThoseOfOneThatIsGone() {
        client.configMaps()
                .resource(networks(Map.of("vxeth1", "101", "bad", "up")))
                .update();
        Await.until(() -> watch.definitions().usable().containsKey("vxeth1"));
        assertEquals(Set.of("vxeth1"), watch.definitions().usable().keySet());
        assertEquals(Set.of("bad"), watch.definitions().broken().keySet());
        List<String> said = new CopyOnWriteArrayList<>();
        try (LogSpy _ = LogSpy.of(said, NetworkDefinitions.class)) {
            client.configMaps().resource(networks(Map.of())).delete();
            Await.until(() -> said.stream().anyMatch(line -> line.contains("is gone")));
        }
        assertEquals(Set.of("vxeth1"), watch.definitions().usable().keySet());
        client.configMaps().resource(networks(Map.of())).create();
        Await.until(() -> watch.definitions().usable().isEmpty());
    }

    @Test
    void looksAtNoOtherConfigMap() throws Exception {
        ConfigMap other = new ConfigMapBuilder(networks(Map.of("other", "7")))
                .editMetadata()
                .withName("other")
                .endMetadata()
                .build();
        client.configMaps().resource(other).create();
        // Made later, and so seen later.
        client.configMaps().resource(networks(Map.of("vxeth2", "102"))).update();
        Await.until(() -> watch.definitions().usable().containsKey("vxeth2"));
        assertFalse(watch.definitions().usable().containsKey("other"));
    }

    @Test
    void waitsForNamespaceThatIsBeingMade() throws Exception {
        try (ClusterWatch patient = new ClusterWatch(client, CONFIG, AGES, Duration.ofMinutes(1))) {
            Thread.ofVirtual().start(() -> makeNamespace("tenant", Map.of(P + "/names", "vxeth0", "other", "x")));
            patient.awaitNamespace("tenant");
            assertEquals(
                    Optional.of(new NamespaceFacts(Map.of(P + "/names", "vxeth0"), "baseline")),
                    patient.namespace("tenant"));
        }
    }

    @Test
    void forgetsNamespaceThatIsGone() throws Exception {
        makeNamespace("tenant", Map.of());
        Await.until(() -> watch.namespace("tenant").isPresent());
        assertEquals(Optional.of(new NamespaceFacts(Map.of(), "baseline")), watch.namespace("tenant"));
        client.namespaces().withName("tenant").delete();
        Await.until(() -> watch.namespace("tenant").isEmpty());
    }

    @Test
    void loadsCertificateNowAndWhenItChanges() {
        assertFalse(tls.isLoaded());
        CertifiedKey first = authority.pair(Duration.ofMinutes(10));
        client.secrets().resource(secret(first)).create();
        Await.until(tls::isLoaded);
        assertEquals(Optional.of(end(first)), tls.notAfter());
        CertifiedKey second = authority.pair(Duration.ofMinutes(20));
        client.secrets().resource(secret(second)).update();
        Await.until(() -> tls.notAfter().equals(Optional.of(end(second))));
    }

    @Test
    void keepsCertificateWhenSecretIsDamagedOrGone() {
        CertifiedKey first = authority.pair(Duration.ofMinutes(10));
        client.secrets().resource(secret(first)).create();
        Await.until(tls::isLoaded);
        List<String> said = new CopyOnWriteArrayList<>();
        try (LogSpy _ = LogSpy.of(said, TlsReloader.class, TlsSecret.class)) {
            Secret damaged = new SecretBuilder(secret(first))
                    .addToData("tls.key", "AAAA")
                    .build();
            client.secrets().resource(damaged).update();
            Await.until(() -> said.stream().anyMatch(line -> line.contains("no usable certificate")));
            assertEquals(Optional.of(end(first)), tls.notAfter());
            client.secrets().resource(damaged).delete();
            Await.until(() -> said.stream().anyMatch(line -> line.contains("is gone")));
            assertEquals(Optional.of(end(first)), tls.notAfter());
        }
        CertifiedKey second = authority.pair(Duration.ofMinutes(20));
        client.secrets().resource(secret(second)).create();
        Await.until(() -> tls.notAfter().equals(Optional.of(end(second))));
    }

    @Test
    void knowsWhetherThereAreMembersByTheNoteOnTheLease() {
        Await.until(() -> !watch.hasMembers());
        Lease lease = new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("kube-vxlan-controller-networks")
                .addToAnnotations(P + "/members", "true")
                .endMetadata()
                .build();
        client.leases().resource(lease).create();
        Await.until(watch::hasMembers);
        client.leases()
                .resource(new LeaseBuilder(lease)
                        .editMetadata()
                        .addToAnnotations(P + "/members", "false")
                        .endMetadata()
                        .build())
                .update();
        Await.until(() -> !watch.hasMembers());
    }

    @Test
    void takesPodsForMembersAsLongAsItMayNotSeeTheLease() {
        server.expect()
                .get()
                .withPath("/apis/coordination.k8s.io/v1/namespaces/" + NAMESPACE
                        + "/leases?fieldSelector=metadata.name%3Dkube-vxlan-controller-networks&resourceVersion=0")
                .andReturn(403, "{}")
                .always();
        try (ClusterWatch late = new ClusterWatch(client, CONFIG, AGES)) {
            Await.until(late::isSynced);
            assertTrue(late.hasMembers());
        }
    }

    @Test
    void recoversWhenFirstListIsRefused() {
        server.expect()
                .get()
                .withPath("/api/v1/namespaces?resourceVersion=0")
                .andReturn(403, "{}")
                .times(2);
        try (ClusterWatch late = new ClusterWatch(client, CONFIG, AGES)) {
            Await.until(late::isSynced);
            assertTrue(late.definitions().usable().containsKey("vxeth0"));
        }
    }

    @Test
    void asksForChosenNamespacesAlone() throws Exception {
        server.expect()
                .get()
                .withPath("/api/v1/namespaces?resourceVersion=0")
                .andReturn(403, "{}")
                .always();
        makeNamespace("other", Map.of());
        makeNamespace("team-a", Map.of());
        CommonConfig chosen = CommonConfig.read(new EnvConfig(Map.of("KUBEVXLAN_WATCH_NAMESPACES", "team-a,team-b")));
        try (ClusterWatch some = new ClusterWatch(client, chosen, AGES, Duration.ZERO)) {
            Await.until(some::isSynced);
            assertTrue(some.namespace("team-a").isPresent());
            assertTrue(some.namespace("other").isEmpty());
            makeNamespace("team-b", Map.of());
            Await.until(() -> some.namespace("team-b").isPresent());
        }
    }

    private void makeNamespace(String name, Map<String, String> annotations) {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withAnnotations(annotations)
                        .addToLabels("pod-security.kubernetes.io/enforce", "baseline")
                        .endMetadata()
                        .build())
                .create();
    }

    private static KubernetesClient started(KubernetesMockServer server) {
        server.init();
        return server.createClient();
    }

    private static ConfigMap networks(Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("kube-vxlan-controller")
                .endMetadata()
                .withData(data)
                .build();
    }

    private static Secret secret(CertifiedKey pair) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("tls")
                .endMetadata()
                .withData(
                        Map.of("tls.crt", base64(Pem.encode(pair.chain())), "tls.key", base64(Pem.encode(pair.key()))))
                .build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Instant end(CertifiedKey pair) {
        return pair.certificate().getNotAfter().toInstant();
    }
}
