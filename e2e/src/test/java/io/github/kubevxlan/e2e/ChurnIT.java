package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Ping;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many members that come and go, while others stay. */
class ChurnIT {
    private static final String OWNER = "owner";

    @RegisterExtension
    static final Stage stage = Stage.named("churn");

    @ParameterizedTest
    @CsvSource({"gently, 30, 8101", "forced, 0, 8102"})
    void podOfAStatefulSetIsANewMemberWhenItIsBackUnderItsName(String how, long grace, int vni) {
        String network = "e2e-" + how;
        stage.define(network, String.valueOf(vni));
        stage.create(new StatefulSetBuilder()
                .withNewMetadata()
                .withName(how)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withServiceName("none")
                .withPodManagementPolicy("Parallel")
                .withSelector(selecting(how))
                .withTemplate(template(how, network))
                .endSpec()
                .build());
        Pod peer = stage.start(Pods.member(how + "-peer", network + " ip=10.81.0.1/24"))
                .getFirst();
        Declared others = Declared.nothing().and(peer, Net.of(network, vni, "10.81.0.1/24"));
        List<Pod> before = ready(how, 2);
        others.and(Declared.all(before, Net.of(network, vni))).awaitExact();

        Cluster.client().resource(before.getFirst()).withGracePeriod(grace).delete();
        Await.until(
                how + "-0 is another pod",
                () -> stage.find(how + "-0")
                                .filter(pod -> !pod.getMetadata()
                                        .getUid()
                                        .equals(before.getFirst().getMetadata().getUid()))
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of("it is not"));

        List<Pod> after = ready(how, 2);
        others.and(Declared.all(after, Net.of(network, vni))).awaitExact();
        assertNotEquals(Pods.ip(before.getFirst()), Pods.ip(after.getFirst()), "its address in the cluster");
    }

    @Test
    void rollingUpdateOfTenPodsCostsTwoOthersNoPacket() {
        stage.define("e2e-rolling", "8103");
        List<Pod> staying = stage.start(
                Pods.onNode(0, Pods.member("from", "e2e-rolling ip=10.81.1.1/24")),
                Pods.onNode(1, Pods.member("to", "e2e-rolling ip=10.81.1.2/24")));
        Declared stay = Declared.nothing()
                .and(staying.get(0), Net.of("e2e-rolling", 8103, "10.81.1.1/24"))
                .and(staying.get(1), Net.of("e2e-rolling", 8103, "10.81.1.2/24"));
        stage.create(new DeploymentBuilder()
                .withNewMetadata()
                .withName("rolling")
                .endMetadata()
                .withNewSpec()
                .withReplicas(10)
                .withSelector(selecting("rolling"))
                .withTemplate(template("rolling", "e2e-rolling"))
                .endSpec()
                .build());
        List<Pod> before = ready("rolling", 10);
        stay.and(Declared.all(before, Net.of("e2e-rolling", 8103))).awaitExact();

        Ping ping = Ping.begin(staying.get(0), "10.81.1.2");
        Cluster.edit(
                deployment(),
                now -> new DeploymentBuilder(now)
                        .editSpec()
                        .editTemplate()
                        .editMetadata()
                        .addToLabels("update", "second")
                        .endMetadata()
                        .endTemplate()
                        .endSpec()
                        .build());
        for (int wave : List.of(4, 7, 10)) {
            Await.until(wave + " of ten are updated", () -> {
                Deployment now = deployment().get();
                int updated = Optional.ofNullable(now.getStatus().getUpdatedReplicas())
                        .orElse(0);
                return isSeen(now) && updated >= wave
                        ? Optional.empty()
                        : Optional.of(now.getStatus().toString());
            });
        }
        Await.until("the update is rolled out", () -> notRolledOut(deployment().get()));
        List<Pod> after = ready("rolling", 10);
        stay.and(Declared.all(after, Net.of("e2e-rolling", 8103))).awaitExact();
        Ping.Count count = ping.end();

        System.out.println("ping during a rolling update of ten pods: " + count);
        assertEquals(count.sent(), count.received());
    }

    @Test
    void fiftyPodsAtOnceAreAllExact() {
        stage.define("e2e-fifty", "8104");
        List<Pod> pods = stage.start(IntStream.range(0, 50)
                .mapToObj(i -> Pods.onNode(i, Pods.member("fifty-" + i, "e2e-fifty")))
                .toArray(Pod[]::new));
        Declared.all(pods, Net.of("e2e-fifty", 8104)).awaitExact();
    }

    /** Whether the status is of the edit, and not of what was there before. */
    private static boolean isSeen(Deployment now) {
        return now.getMetadata().getGeneration().equals(now.getStatus().getObservedGeneration());
    }

    private static Optional<String> notRolledOut(Deployment now) {
        boolean done = isSeen(now)
                && Integer.valueOf(10).equals(now.getStatus().getUpdatedReplicas())
                && Integer.valueOf(10).equals(now.getStatus().getReplicas());
        return done ? Optional.empty() : Optional.of(now.getStatus().toString());
    }

    private static List<Pod> ready(String owner, int count) {
        Await.until(count + " ready pods of " + owner, () -> {
            List<Pod> pods = stage.pods(OWNER, owner);
            return pods.size() == count
                    ? pods.stream()
                            .map(Pods::notReady)
                            .flatMap(Optional::stream)
                            .findFirst()
                    : Optional.of(pods.size() + " pods");
        });
        return stage.pods(OWNER, owner);
    }

    private static RollableScalableResource<Deployment> deployment() {
        return Cluster.client()
                .apps()
                .deployments()
                .inNamespace(stage.namespace())
                .withName("rolling");
    }

    private static LabelSelector selecting(String owner) {
        return new LabelSelectorBuilder().addToMatchLabels(OWNER, owner).build();
    }

    private static PodTemplateSpec template(String owner, String network) {
        return Pods.template(Pods.labelled(Pods.member("ignored", network), OWNER, owner));
    }
}
