package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods of every owner, with the agent put in either way. Isolated: the way of injection is the whole cluster's. */
@Isolated
class OwnersIT {
    private static final String NETWORK = "e2e-owned";
    private static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    private static final String HAS_LINK = "ip link show " + NETWORK;

    @RegisterExtension
    static final Stage stage = Stage.named("owners");

    @BeforeAll
    static void defineNetwork() {
        stage.define(NETWORK, "7310");
    }

    @AfterAll
    static void chooseByServerAgain() {
        Webhook.setAgentMode("auto");
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "classic"})
    void podsOfEveryOwnerComeUpWithTheirNetwork(String mode) {
        Webhook.setAgentMode(mode);
        Pod bare = Pods.member(mode + "-bare", NETWORK);
        Pod generated = new PodBuilder(Pods.member("x", NETWORK))
                .editMetadata()
                .withName(null)
                .withGenerateName(mode + "-generated-")
                .addToLabels("owner", mode + "-generated")
                .endMetadata()
                .build();
        stage.create(bare, generated);
        stage.create(
                new DeploymentBuilder()
                        .withMetadata(named(mode + "-deployment"))
                        .withNewSpec()
                        .withReplicas(1)
                        .withSelector(selecting(mode + "-deployment"))
                        .withTemplate(template(mode + "-deployment", "exec hold"))
                        .endSpec()
                        .build(),
                new StatefulSetBuilder()
                        .withMetadata(named(mode + "-statefulset"))
                        .withNewSpec()
                        .withReplicas(1)
                        .withServiceName("none")
                        .withSelector(selecting(mode + "-statefulset"))
                        .withTemplate(template(mode + "-statefulset", "exec hold"))
                        .endSpec()
                        .build(),
                new DaemonSetBuilder()
                        .withMetadata(named(mode + "-daemonset"))
                        .withNewSpec()
                        .withSelector(selecting(mode + "-daemonset"))
                        .withTemplate(template(mode + "-daemonset", "exec hold"))
                        .endSpec()
                        .build());
        stage.ready(mode + "-bare");
        Map.of(
                        "generated",
                        1,
                        "deployment",
                        1,
                        "statefulset",
                        1,
                        "daemonset",
                        Cluster.nodes().size())
                .forEach((owner, count) ->
                        awaitReady(mode + "-" + owner, count).forEach(pod -> Shell.inApp(pod, HAS_LINK)));
    }

    /** In classic mode the sidecar would keep a Job's pod from ending: Kubernetes has no remedy there. */
    @ParameterizedTest
    @ValueSource(strings = {"native"})
    void jobsSeeTheirNetworkAndFinish(String mode) {
        Webhook.setAgentMode(mode);
        PodTemplateSpec once = new PodTemplateSpecBuilder(template(mode + "-job", HAS_LINK))
                .editSpec()
                .withRestartPolicy("Never")
                .endSpec()
                .build();
        Job job = new JobBuilder()
                .withMetadata(named(mode + "-job"))
                .withNewSpec()
                .withBackoffLimit(0)
                .withTemplate(once)
                .endSpec()
                .build();
        stage.create(
                job,
                new CronJobBuilder()
                        .withMetadata(named(mode + "-cronjob"))
                        .withNewSpec()
                        .withSchedule("* * * * *")
                        .withNewJobTemplate()
                        .withNewMetadata()
                        .addToLabels("owner", mode + "-cronjob")
                        .endMetadata()
                        .withSpec(job.getSpec())
                        .endJobTemplate()
                        .endSpec()
                        .build());
        Await.until(
                "Job ends well",
                () -> failure(Optional.ofNullable(Cluster.client()
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(stage.namespace())
                        .withName(mode + "-job")
                        .get())));
        Await.until(
                "Job of CronJob ends well",
                () -> failure(Cluster.client()
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(stage.namespace())
                        .withLabel("owner", mode + "-cronjob")
                        .list()
                        .getItems()
                        .stream()
                        .findFirst()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "classic"})
    void demandingPodGetsItsNetworkAndLosesNothing(String mode) {
        Webhook.setAgentMode(mode);
        Map<String, Quantity> some = Map.of("cpu", new Quantity("10m"), "memory", new Quantity("16Mi"));
        Pod pod = new PodBuilder(Pods.member(mode + "-demanding", NETWORK))
                .editSpec()
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(65532L)
                .endSecurityContext()
                .editFirstContainer()
                .withNewResources()
                .withLimits(some)
                .endResources()
                .endContainer()
                .addNewInitContainerLike(
                        Pods.plain("x", HAS_LINK).getSpec().getContainers().getFirst())
                .withName("sees-the-network")
                .withNewResources()
                .withLimits(some)
                .endResources()
                .endInitContainer()
                .endSpec()
                .build();
        Pod ready = stage.start(pod).getFirst();
        assertEquals("Guaranteed", ready.getStatus().getQosClass());
        assertEquals(0, Shell.run(ready, Pods.APP, "test -s " + TOKEN).status(), "the app has a token");
        assertEquals(1, Shell.run(ready, Cluster.AGENT, "test -e " + TOKEN).status(), "the agent has one");
    }

    /** As the older controller's example has it: options on indented lines, sidecar and init agent by hand. */
    @ParameterizedTest
    @ValueSource(strings = {"native", "classic"})
    void olderManifestComesUpUnchanged(String mode) {
        Webhook.setAgentMode(mode);
        String networks = NETWORK + "\n  up\n  ip=10.76.0.2/29\n  route=10.76.1.0/29:10.76.0.1\n";
        Pod older = new PodBuilder(Pods.member(mode + "-older", networks))
                .editSpec()
                .addToInitContainers(handMade(Cluster.AGENT + "-init"))
                .addToContainers(handMade(Cluster.AGENT))
                .endSpec()
                .build();
        Pod ready = stage.start(older).getFirst();
        assertTrue(Shell.inApp(ready, "ip -o address show dev " + NETWORK).contains("10.76.0.2/29"));
        assertTrue(Stream.concat(ready.getSpec().getInitContainers().stream(), ready.getSpec().getContainers().stream())
                .map(Container::getImage)
                .noneMatch(image -> image.startsWith("openvnf/")));
    }

    private static Container handMade(String name) {
        return new PodBuilder()
                .withNewSpec()
                .addNewContainer()
                .withName(name)
                .withImage("openvnf/kube-vxlan-controller-agent")
                .withNewSecurityContext()
                .withNewCapabilities()
                .addToAdd("NET_ADMIN")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    private static List<Pod> awaitReady(String owner, int count) {
        Await.until(count + " ready pods of " + owner, () -> {
            List<Pod> pods = stage.pods("owner", owner);
            return pods.size() == count
                    ? pods.stream()
                            .map(Pods::notReady)
                            .flatMap(Optional::stream)
                            .findFirst()
                    : Optional.of(pods.size() + " pods");
        });
        return stage.pods("owner", owner);
    }

    private static Optional<String> failure(Optional<Job> job) {
        return job.filter(one -> one.getStatus() != null
                                && one.getStatus().getSucceeded() != null
                                && one.getStatus().getSucceeded() == 1)
                        .isPresent()
                ? Optional.empty()
                : Optional.of(job.map(one -> one.getStatus().toString()).orElse("no Job"));
    }

    private static ObjectMeta named(String name) {
        return new ObjectMetaBuilder().withName(name).build();
    }

    private static LabelSelector selecting(String owner) {
        return new LabelSelectorBuilder().addToMatchLabels("owner", owner).build();
    }

    private static PodTemplateSpec template(String owner, String script) {
        Pod pod = Pods.member(owner, NETWORK, script);
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(pod.getMetadata().getLabels())
                .addToLabels("owner", owner)
                .withAnnotations(pod.getMetadata().getAnnotations())
                .endMetadata()
                .withSpec(pod.getSpec())
                .build();
    }
}
