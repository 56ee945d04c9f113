package io.github.kubevxlan.e2e.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.InjectedProblem.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Problems of one namespace and its pods, which concern nobody else. */
public final class MemberProblems {
    private static final String SECURITY = "pod-security.kubernetes.io/enforce";

    private final Stage stage;

    /** Takes the namespace, which must be without pods for {@link #quota}. */
    public MemberProblems(Stage stage) {
        this.stage = stage;
    }

    /** A ResourceQuota has room for a pod, and not for its agent. */
    public InjectedProblem quota() {
        return new InjectedProblem(
                "a ResourceQuota that refuses the agent",
                () -> stage.create(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("small")
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of("requests.memory", new Quantity("10Mi")))
                        .endSpec()
                        .build()),
                List.of(Step.of("admission", stage.namespace(), "exceeded quota: small")
                        .edit(_ -> "s/requests.memory: 10Mi/requests.memory: 64Mi/")),
                () -> Await.until("a member fits", () -> stage.refused(small())),
                () -> Cluster.client()
                        .resourceQuotas()
                        .inNamespace(stage.namespace())
                        .withName("small")
                        .delete());
    }

    private static Pod small() {
        return new PodBuilder(Pods.member("small", "any"))
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .withRequests(Map.of("memory", new Quantity("8Mi")))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }

    /** The namespace's Pod Security level allows no NET_ADMIN. */
    public InjectedProblem podSecurity() {
        return new InjectedProblem(
                "a Pod Security level that refuses the agent",
                () -> Cluster.edit(Cluster.client().namespaces().withName(stage.namespace()), namespace -> {
                    namespace.getMetadata().getLabels().put(SECURITY, "baseline");
                    return namespace;
                }),
                List.of(Step.of("admission", stage.namespace(), "violates PodSecurity")),
                () -> Await.until("a member is taken", () -> stage.refused(Pods.member("secured", "any"))),
                () -> Cluster.edit(Cluster.client().namespaces().withName(stage.namespace()), namespace -> {
                    namespace.getMetadata().getLabels().remove(SECURITY);
                    return namespace;
                }));
    }

    /** The app, or somebody in its pod, makes a device of the interface's name in its place. */
    public InjectedProblem foreignName(int vni) {
        return foreign("e2e-doc-name", vni, "type bridge", "already exists");
    }

    /** The same with a VXLAN device of another name that has the network's VNI and port. */
    public InjectedProblem foreignSegment(int vni) {
        return foreign("e2e-doc-vni", vni, "type vxlan id " + vni + " dstport 14789 dev eth0", "has VNI");
    }

    private InjectedProblem foreign(String network, int vni, String device, String words) {
        return new InjectedProblem(
                "a foreign device: " + words,
                () -> {
                    stage.define(network, "id=" + vni);
                    Pod pod = stage.start(Pods.member(network, network)).getFirst();
                    String name = device.contains("bridge") ? network : "alien";
                    Lab.inPod(
                            pod,
                            "/sbin/ip link del " + network + " && /sbin/ip link add " + name + " " + device
                                    + " && /sbin/ip link set " + name + " up");
                    stage.define(network, "id=" + vni + " mtu=1300");
                },
                List.of(Step.of("pods", stage.namespace() + "/" + network, words)),
                () -> assertMember(network, network));
    }

    /** A subnet of two addresses has three members. */
    public InjectedProblem pool(int vni) {
        String network = "e2e-doc-pool";
        return new InjectedProblem(
                "an address pool that is used up",
                () -> {
                    stage.define(network, "id=" + vni + " subnet=10.85.62.0/30");
                    stage.start(Pods.member("pool-1", network), Pods.member("pool-2", network));
                    stage.create(Pods.member("pool-3", network));
                },
                List.of(Step.of("addresses", Cluster.CONFIG_MAP, network).edit(_ -> "s#10.85.62.0/30#10.85.62.0/29#")),
                () -> stage.ready("pool-3"));
    }

    /** A pod got its label when it ran. */
    public InjectedProblem noAgent(int vni) {
        String network = "e2e-doc-none";
        return new InjectedProblem(
                "a labelled pod without an agent",
                () -> {
                    stage.define(network, "id=" + vni);
                    stage.start(Pods.plain("bare", "exec hold"));
                    stage.edit(
                            "bare",
                            pod -> new PodBuilder(Pods.labelled(Pods.annotated(pod, "names", network))).build());
                },
                List.of(Step.of("agents", stage.namespace() + "/bare", "no agent")),
                () -> assertMember("bare", network));
    }

    /** A user's own agent has no NET_ADMIN. */
    public InjectedProblem noCapability(int vni) {
        String network = "e2e-doc-cap";
        return new InjectedProblem(
                "an agent without NET_ADMIN",
                () -> {
                    stage.define(network, "id=" + vni);
                    stage.create(Pods.withOwnAgent(Pods.member("unable", network), List.of()));
                    stage.event("unable", "AgentFailed");
                },
                List.of(Step.of("agent-work", stage.namespace() + "/unable", "NET_ADMIN")),
                () -> assertMember("unable", network));
    }

    /** A user's own agent has no nft. */
    public InjectedProblem noNft(int vni) {
        String network = "e2e-doc-nft";
        return new InjectedProblem(
                "an agent without nft",
                () -> {
                    stage.define(network, "id=" + vni);
                    stage.create(
                            new PodBuilder(Pods.withOwnAgent(Pods.member("unfiltered", network), List.of("NET_ADMIN")))
                                    .editSpec()
                                    .editMatchingContainer(
                                            container -> container.getName().equals(Cluster.AGENT))
                                    .withCommand("sh", "-c", "rm /sbin/nft; exec hold")
                                    .endContainer()
                                    .endSpec()
                                    .build());
                    stage.event("unfiltered", "PeerFilterMissing");
                },
                List.of(Step.of("agent-work", stage.namespace() + "/unfiltered", "no nft")),
                () -> {
                    assertMember("unfiltered", network);
                    assertTrue(Lab.inPod(stage.pod("unfiltered"), "nft list tables")
                            .contains("kube-vxlan-controller"));
                });
    }

    /** A policy of somebody else forbids exec. */
    public InjectedProblem forbidden(int vni) {
        return new PolicyProblem(stage).problem(vni);
    }

    /** The pod is ready, and has a VXLAN interface with the controller's marker. */
    private void assertMember(String pod, String network) {
        stage.ready(pod);
        assertTrue(Pods.hasAgent(stage.pod(pod)));
        Await.until("the interface of " + pod, () -> {
            Overlays.of(stage.pod(pod)).link(network);
            return Optional.empty();
        });
    }
}
