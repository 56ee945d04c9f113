package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How members end, and what their peers keep. */
class LifecycleIT {
    private static final String NETWORK = "e2e-life";
    private static final int VNI = 7200;

    @RegisterExtension
    static final Stage stage = Stage.named("lifecycle");

    private static Declared peers = Declared.nothing();

    @BeforeAll
    static void startPeers() {
        stage.define(NETWORK, String.valueOf(VNI));
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("stays", NETWORK + " ip=10.73.0.1/24")),
                Pods.onNode(1, Pods.member("peer", NETWORK + " ip=10.73.0.2/24")));
        peers = peers.and(pods.get(0), net("10.73.0.1/24")).and(pods.get(1), net("10.73.0.2/24"));
    }

    @Test
    void jobCompletesAndLeavesNoEntryBehind() {
        Pod worker = Pods.member("ignored", NETWORK + " ip=10.73.0.3/24", "ping -c 1 -W 60 10.73.0.1");
        Job job = new JobBuilder()
                .withNewMetadata()
                .withName("worker")
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withTemplate(new PodTemplateSpecBuilder(Pods.template(worker))
                        .editSpec()
                        .withRestartPolicy("Never")
                        .endSpec()
                        .build())
                .endSpec()
                .build();
        stage.create(job);
        Await.until(
                "the Job is complete",
                () -> Optional.ofNullable(Cluster.client()
                                .resource(job)
                                .inNamespace(stage.namespace())
                                .get()
                                .getStatus())
                        .filter(status -> status.getSucceeded() == null || status.getSucceeded() != 1)
                        .map(Object::toString));
        peers.awaitExact();
    }

    /** Its own is two minutes; the app ends at once, so that only an agent that lingers would use them up. */
    @Test
    void podIsGoneAsSoonAsItsAppHasEnded() {
        Pod mayTakeLong = new PodBuilder(Pods.member("brief", NETWORK))
                .editSpec()
                .withTerminationGracePeriodSeconds(120L)
                .endSpec()
                .build();
        stage.start(mayTakeLong);
        Cluster.client().pods().inNamespace(stage.namespace()).withName("brief").delete();
        Await.until(
                "the pod is gone, long before its grace period is over",
                Duration.ofSeconds(60),
                () -> stage.find("brief").map(pod -> "it is there"));
        peers.awaitExact();
    }

    @Test
    void podThatReturnsUnderItsNameIsANewMember() {
        Pod first = stage.start(Pods.member("returns", NETWORK + " ip=10.73.0.4/24"))
                .getFirst();
        peers.and(first, net("10.73.0.4/24")).awaitExact();
        stage.delete("returns");
        Pod second = stage.start(Pods.member("returns", NETWORK + " ip=10.73.0.4/24"))
                .getFirst();
        assertNotEquals(first.getMetadata().getUid(), second.getMetadata().getUid());
        peers.and(second, net("10.73.0.4/24")).awaitExact();
        Overlays.ping(second, "10.73.0.1");
        stage.delete("returns");
    }

    @Test
    void removingTheLabelTakesTheLinkAndThePeersEntries() {
        Pod member =
                stage.start(Pods.member("leaves", NETWORK + " ip=10.73.0.5/24")).getFirst();
        peers.and(member, net("10.73.0.5/24")).awaitExact();
        stage.unlabel("leaves");
        peers.and(member).awaitExact();
        assertEquals(0, Pods.restarts(stage.pod("leaves"), Pods.APP));
    }

    @Test
    void evictedPodLeavesNoEntryBehind() {
        Pod member = stage.start(Pods.member("evicted", NETWORK + " ip=10.73.0.6/24"))
                .getFirst();
        peers.and(member, net("10.73.0.6/24")).awaitExact();
        Cluster.client()
                .pods()
                .inNamespace(stage.namespace())
                .withName("evicted")
                .evict();
        peers.awaitExact();
    }

    /** As under memory pressure: the kubelet ends the containers and keeps the pod, whose phase is then Failed. */
    @Test
    void podThatItsKubeletGivesUpLeavesNoEntryBehind() {
        Pod member = stage.start(Pods.member("given-up", NETWORK + " ip=10.73.0.7/24"))
                .getFirst();
        peers.and(member, net("10.73.0.7/24")).awaitExact();
        stage.edit(
                "given-up",
                running -> new PodBuilder(running)
                        .editSpec()
                        .withActiveDeadlineSeconds(1L)
                        .endSpec()
                        .build());
        Await.until("its phase is Failed", () -> {
            String phase = stage.pod("given-up").getStatus().getPhase();
            return "Failed".equals(phase) ? Optional.empty() : Optional.of(phase);
        });
        peers.awaitExact();
    }

    @Test
    void podWhoseSandboxIsMadeAnewIsReachedAtItsNewAddress() {
        Pod first =
                stage.start(Pods.member("moved", NETWORK + " ip=10.73.0.8/24")).getFirst();
        peers.and(first, net("10.73.0.8/24")).awaitExact();
        Lab.signal("KILL", first, Lab.SANDBOX);
        Await.until(
                "it has another address",
                () -> Optional.of("it has the same")
                        .filter(same -> Pods.ip(stage.pod("moved")).equals(Pods.ip(first))));
        Pod second = stage.ready("moved").getFirst();
        assertEquals(first.getMetadata().getUid(), second.getMetadata().getUid());
        peers.and(second, net("10.73.0.8/24")).awaitExact();
        Overlays.ping(second, "10.73.0.1");
        stage.delete("moved");
    }

    private static Net net(String address) {
        return Net.of(NETWORK, VNI, address);
    }
}
