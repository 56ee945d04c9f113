package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
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

    @RegisterExtension
    static final Stage stage = Stage.named("lifecycle");

    private static Pod stays;
    private static Pod peer;

    @BeforeAll
    static void startPeers() {
        stage.define(NETWORK, "7200");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("stays", NETWORK + " ip=10.73.0.1/24")),
                Pods.onNode(1, Pods.member("peer", NETWORK + " ip=10.73.0.2/24")));
        stays = pods.get(0);
        peer = pods.get(1);
    }

    @Test
    void jobCompletesAndLeavesNoEntryBehind() {
        Job job = new JobBuilder()
                .withNewMetadata()
                .withName("worker")
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withTemplate(
                        template(Pods.member("ignored", NETWORK + " ip=10.73.0.3/24", "ping -c 1 -W 3 10.73.0.1")))
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
        Overlays.awaitExact(NETWORK, List.of(stays, peer));
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
        Overlays.awaitExact(NETWORK, List.of(stays, peer));
    }

    @Test
    void podThatReturnsUnderItsNameIsANewMember() {
        Pod first = stage.start(Pods.member("returns", NETWORK + " ip=10.73.0.4/24"))
                .getFirst();
        Overlays.awaitExact(NETWORK, List.of(stays, peer, first));
        stage.delete("returns");
        Pod second = stage.start(Pods.member("returns", NETWORK + " ip=10.73.0.4/24"))
                .getFirst();
        assertNotEquals(first.getMetadata().getUid(), second.getMetadata().getUid());
        Overlays.awaitExact(NETWORK, List.of(stays, peer, second));
        Shell.inApp(second, "ping -c 1 -W 5 10.73.0.1");
        stage.delete("returns");
    }

    @Test
    void removingTheLabelTakesTheLinkAndThePeersEntries() {
        Pod member = stage.start(Pods.member("leaves", NETWORK)).getFirst();
        Overlays.awaitExact(NETWORK, List.of(stays, peer, member));
        Cluster.client()
                .pods()
                .inNamespace(stage.namespace())
                .withName("leaves")
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .removeFromLabels(Cluster.PREFIX)
                        .endMetadata()
                        .build());
        Overlays.awaitExact(NETWORK, List.of(stays, peer));
        Await.until(
                "the link is gone",
                () -> Overlays.of(member).links().isEmpty()
                        ? Optional.empty()
                        : Optional.of("links " + Overlays.of(member).links().keySet()));
        assertEquals(0, Pods.restarts(stage.pod("leaves"), Pods.APP));
    }

    private static PodTemplateSpec template(Pod pod) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(pod.getMetadata().getLabels())
                .withAnnotations(pod.getMetadata().getAnnotations())
                .endMetadata()
                .withNewSpecLike(pod.getSpec())
                .withRestartPolicy("Never")
                .endSpec()
                .build();
    }
}
