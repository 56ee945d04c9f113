package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.OtherInjector;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import io.github.kubevxlan.e2e.harness.Workloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pods of every owner and of every kind, with the agent put in either way; auto is native here. All are made at once, and
 * each test looks at its own.
 */
@Alone("the way of injection is the whole cluster's")
@ParameterizedClass
@ValueSource(strings = {"classic", "auto"})
class OwnersIT {
    private static final String SHARED = "e2e-shared";
    private static final String LATE = "e2e-late";
    private static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    private static final List<String> OWNERS =
            List.of("bare", "generated", "deployment", "replicaset", "statefulset", "daemonset");

    @RegisterExtension
    static final Stage stage = Stage.named("owners");

    private static final List<OtherInjector> OTHERS = new ArrayList<>();

    private final String mode;
    private final String agent;
    private final boolean isClassic;

    OwnersIT(String mode) {
        this.mode = mode;
        isClassic = mode.equals("classic");
        agent = isClassic ? Cluster.AGENT + "-init" : Cluster.AGENT;
    }

    @BeforeAll
    static void prepare(@TempDir Path folder) throws IOException {
        stage.define(segment("classic"), "7310");
        stage.define(segment("auto"), "7311");
        stage.define(SHARED, "7312");
        OTHERS.add(OtherInjector.start(stage, folder));
    }

    @BeforeParameterizedClassInvocation
    static void setUp(String mode) {
        stage.setUp(OwnersIT.class, () -> makeEverything(mode));
    }

    private static void makeEverything(String mode) {
        Webhook.setAgentMode(mode);
        stage.create(
                Workloads.cronJob(once(mode + "-cronjob", sees(SHARED)), 0),
                Workloads.job(once(mode + "-job", sees(SHARED)), 0),
                Workloads.job(sharingProcesses(once(mode + "-job-shared", sees(SHARED))), 0),
                Workloads.job(failingFirst(mode + "-job-again"), 3),
                Workloads.job(once(mode + "-job-failing", "exit 3"), 0),
                owned(mode, "bare"),
                generated(mode),
                Workloads.deployment(owned(mode, "deployment")),
                Workloads.replicaSet(owned(mode, "replicaset")),
                Workloads.statefulSet(owned(mode, "statefulset")),
                Workloads.daemonSet(owned(mode, "daemonset")),
                nonRoot(mode + "-non-root"),
                guaranteed(mode + "-guaranteed"),
                behindOthers(mode + "-others"),
                Pods.member(mode + "-late", LATE));
        stage.makeDue(mode + "-cronjob");
    }

    @AfterAll
    static void leaveAsItWas() {
        OTHERS.forEach(OtherInjector::close);
    }

    @Test
    void podsOfEveryOwnerAreMembersOfOneSegment() {
        List<Pod> pods = new ArrayList<>();
        for (String owner : OWNERS) {
            int count = owner.equals("daemonset") ? Cluster.nodes().size() : 1;
            pods.addAll(stage.ready(Workloads.OWNER, mode + "-" + owner, count));
        }
        pods.forEach(pod -> {
            assertEquals(List.of(agent), names(initContainers(pod)));
            assertEquals(isClassic ? List.of(Pods.APP, Cluster.AGENT) : List.of(Pods.APP), names(containers(pod)));
        });
        Overlays.awaitExact(segment(mode), pods);
    }

    @Test
    void jobsSeeTheirNetworkAndEnd() {
        for (String job : List.of("job", "job-shared", "job-again", "cronjob")) {
            awaitJob(job, "succeeded", status -> status.getSucceeded());
        }
        Pod again = stage.pods(Workloads.OWNER, mode + "-job-again").getFirst();
        assertEquals(1, Pods.restarts(again, Pods.APP), "its app failed once and was started again");
        assertEquals(0, Pods.restarts(again, Cluster.AGENT), "its agent stayed meanwhile");
    }

    @Test
    void jobFailsWithItsApp() {
        awaitJob("job-failing", "failed", status -> status.getFailed());
    }

    @Test
    void podThatMayNotBeRootSeesItsInterfaceFromItsFirstInitContainerOn() {
        Pod pod = stage.ready(mode + "-non-root").getFirst();
        assertEquals(List.of(agent, "first"), names(initContainers(pod)));
        Shell.inApp(pod, sees(SHARED) + " && grep '^Uid:.65532' /proc/self/status");
    }

    @Test
    void guaranteedPodStaysGuaranteed() {
        Pod pod = stage.ready(mode + "-guaranteed").getFirst();
        assertEquals(List.of(agent, "first"), names(initContainers(pod)));
        assertEquals("Guaranteed", pod.getStatus().getQosClass());
    }

    @Test
    void otherInjectorsBeforeAndAfterKeepTheirOrderAndASecondCallOfOursChangesNothing() {
        Pod pod = stage.ready(mode + "-others").getFirst();
        assertEquals(
                List.of("after-first", agent, "before-first", "before-last", "after-last"), names(initContainers(pod)));
        assertEquals(
                isClassic ? List.of(Pods.APP, "before", Cluster.AGENT, "after") : List.of(Pods.APP, "before", "after"),
                names(containers(pod)));

        long calls = Webhook.count("has_agent");
        stage.dryRun(behindOthers(mode + "-dry"));
        assertEquals(calls + 1, Webhook.count("has_agent"), "calls of ours that found our agent there");
    }

    @Test
    void noAgentHoldsAServiceAccountTokenAndTheAppKeepsItsOwn() {
        Pod pod = stage.ready(Workloads.OWNER, mode + "-bare", 1).getFirst();
        assertEquals(0, Shell.run(pod, Pods.APP, "test -s " + TOKEN).status(), "the app has a token");
        assertFalse(Lab.hasFile(pod, Cluster.AGENT, TOKEN), "the agent has one");
    }

    @Test
    void agentWaitsWithoutATokenForANetworkThatIsDefinedLater() {
        Await.until(
                "the agent waits",
                () -> Pods.isRunning(stage.pod(mode + "-late"), agent)
                        ? Optional.empty()
                        : Pods.notReady(stage.pod(mode + "-late")));
        assertFalse(Lab.hasFile(stage.pod(mode + "-late"), agent, TOKEN), "it has a token");
        stage.define(LATE, "7313");
        Pod pod = stage.ready(mode + "-late").getFirst();
        assertEquals(7313, Overlays.of(pod).link(LATE).vni());
        stage.delete(mode + "-late");
        Networks.remove(LATE);
    }

    @Test
    void everyMutationIsAcceptedInADryRunWhichLeavesNothing() {
        String name = mode + "-dry";
        Stream.of(
                        owned(mode, "dry"),
                        once(name, "exit"),
                        failingFirst(name),
                        sharingProcesses(once(name, "exit")),
                        nonRoot(name),
                        guaranteed(name),
                        behindOthers(name),
                        Pods.member(name, LATE),
                        Pods.annotated(owned(mode, "dry"), "wait", "false"))
                .map(stage::dryRun)
                .forEach(pod -> assertEquals(
                        1,
                        Stream.concat(initContainers(pod).stream(), containers(pod).stream())
                                .filter(container -> container.getName().equals(Cluster.AGENT))
                                .count()));
        assertEquals(Optional.empty(), stage.find(name));
    }

    private void awaitJob(String name, String how, Function<JobStatus, @Nullable Integer> count) {
        Await.until(mode + "-" + name + " has " + how, () -> {
            List<Job> jobs = Cluster.client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(stage.namespace())
                    .withLabel(Workloads.OWNER, mode + "-" + name)
                    .list()
                    .getItems();
            return jobs.stream().anyMatch(job -> Integer.valueOf(1).equals(count.apply(job.getStatus())))
                    ? Optional.empty()
                    : Optional.of(stage.pods(Workloads.OWNER, mode + "-" + name).stream()
                            .map(Pods::notReady)
                            .toList()
                            .toString());
        });
    }

    /** The network of the owners' pods in one mode; nobody else is in it. */
    private static String segment(String mode) {
        return "e2e-" + mode;
    }

    private static String sees(String network) {
        return "ip link show up dev " + network + " | grep " + network;
    }

    /** A pod whose app begins with a look at its interface. */
    private static Pod owned(String mode, String owner) {
        String name = mode + "-" + owner;
        return new PodBuilder(Pods.member(name, segment(mode), sees(segment(mode)) + " && exec hold"))
                .editMetadata()
                .addToLabels(Workloads.OWNER, name)
                .endMetadata()
                .build();
    }

    private static Pod generated(String mode) {
        return new PodBuilder(owned(mode, "generated"))
                .editMetadata()
                .withName(null)
                .withGenerateName(mode + "-generated-")
                .endMetadata()
                .build();
    }

    private static Pod once(String name, String script) {
        return new PodBuilder(Pods.member(name, SHARED, script))
                .editSpec()
                .withRestartPolicy("Never")
                .endSpec()
                .build();
    }

    private static Pod sharingProcesses(Pod pod) {
        return new PodBuilder(pod)
                .editSpec()
                .withShareProcessNamespace(true)
                .endSpec()
                .build();
    }

    private static Pod failingFirst(String name) {
        return new PodBuilder(once(name, "test -e /kept/again || { touch /kept/again; exit 1; }; " + sees(SHARED)))
                .editSpec()
                .withRestartPolicy("OnFailure")
                .editFirstContainer()
                .addNewVolumeMount()
                .withName("kept")
                .withMountPath("/kept")
                .endVolumeMount()
                .endContainer()
                .addNewVolume()
                .withName("kept")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .build();
    }

    private static Pod nonRoot(String name) {
        return new PodBuilder(withInitContainer(Pods.member(name, SHARED)))
                .editSpec()
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(65532L)
                .endSecurityContext()
                .endSpec()
                .build();
    }

    private static Pod guaranteed(String name) {
        Map<String, Quantity> some = Map.of("cpu", new Quantity("10m"), "memory", new Quantity("16Mi"));
        ResourceRequirements resources =
                new ResourceRequirementsBuilder().withLimits(some).build();
        return new PodBuilder(withInitContainer(Pods.member(name, SHARED)))
                .editSpec()
                .editFirstInitContainer()
                .withResources(resources)
                .endInitContainer()
                .editFirstContainer()
                .withResources(resources)
                .endContainer()
                .endSpec()
                .build();
    }

    private static Pod behindOthers(String name) {
        return new PodBuilder(Pods.member(name, SHARED))
                .editMetadata()
                .addToLabels(OtherInjector.LABEL, "true")
                .endMetadata()
                .build();
    }

    private static Pod withInitContainer(Pod pod) {
        Container first =
                Pods.plain("any", sees(SHARED)).getSpec().getContainers().getFirst();
        return new PodBuilder(pod)
                .editSpec()
                .addNewInitContainerLike(first)
                .withName("first")
                .endInitContainer()
                .endSpec()
                .build();
    }

    private static List<Container> initContainers(Pod pod) {
        return pod.getSpec().getInitContainers();
    }

    private static List<Container> containers(Pod pod) {
        return pod.getSpec().getContainers();
    }

    private static List<String> names(List<Container> containers) {
        return containers.stream().map(Container::getName).toList();
    }
}
