package io.github.kubevxlan.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Elections on a Lease of a mock that keeps what it is given. */
class LeadershipTest {
    private static final String NAMESPACE = "kube-system";
    private static final String NAME = "kube-vxlan-controller";
    private static final int PATIENCE_SECONDS = 30;

    private final Map<ServerRequest, Queue<ServerResponse>> scripted = new HashMap<>();
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), scripted, new KubernetesMixedDispatcher(scripted), false);
    private final KubernetesClient client = started(server);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch led = new CountDownLatch(1);
    private final CountDownLatch lost = new CountDownLatch(1);
    private final Leadership leadership = new Leadership(
            client, new Leadership.LeaseRef(NAMESPACE, NAME, "vxlan.travelping.com/epoch"), "me", executor);

    @AfterEach
    void stop() {
        leadership.close();
        executor.shutdownNow();
        client.close();
        Thread.ofVirtual().start(server::destroy);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aLeaseThatLacksSomethingIsTaken(LeaseSpec spec) throws InterruptedException {
        client.leases()
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName(NAME)
                        .endMetadata()
                        .withSpec(spec)
                        .build())
                .create();

        leadership.start(led::countDown, lost::countDown);

        assertTrue(led.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        LeaseSpec taken =
                client.leases().inNamespace(NAMESPACE).withName(NAME).require().getSpec();
        assertEquals("me", taken.getHolderIdentity());
        assertEquals(15, taken.getLeaseDurationSeconds());
    }

    private static Stream<LeaseSpec> malformed() {
        ZonedDateTime past = ZonedDateTime.parse("2026-01-02T03:04:05Z");
        return Stream.of(
                new LeaseSpec(),
                spec("another", 15, past, null),
                spec("another", 15, null, past),
                spec("another", null, past, past),
                spec("another", -1, past, past),
                spec("another", Integer.MAX_VALUE, past, past));
    }

    private static LeaseSpec spec(
            String holder,
            @Nullable Integer seconds,
            @Nullable ZonedDateTime acquired,
            @Nullable ZonedDateTime renewed) {
        LeaseSpec spec = new LeaseSpec();
        spec.setHolderIdentity(holder);
        spec.setLeaseDurationSeconds(seconds);
        spec.setAcquireTime(acquired);
        spec.setRenewTime(renewed);
        return spec;
    }

    @Test
    void aLeaderThatCantBeginGivesUp() throws InterruptedException {
        leadership.start(
                () -> {
                    throw new IllegalStateException("odd");
                },
                lost::countDown);

        assertTrue(lost.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertFalse(leadership.leads());
    }

    private static KubernetesClient started(KubernetesMockServer server) {
        server.init();
        return server.createClient();
    }
}
