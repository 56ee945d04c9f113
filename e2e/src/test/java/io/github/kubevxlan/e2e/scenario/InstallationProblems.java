package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import io.github.kubevxlan.e2e.scenario.InjectedProblem.Step;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Problems of the controller, the webhook and the nodes, which concern every member of the cluster. */
public final class InstallationProblems {
    private static final String IMAGE = "kube-vxlan-controller-agent";

    private final Stage stage;

    /** Takes a namespace for members. */
    public InstallationProblems(Stage stage) {
        this.stage = stage;
    }

    /** No webhook runs. */
    public InjectedProblem webhookDown() {
        return new InjectedProblem(
                "the webhook is down",
                Webhook::stop,
                List.of(Step.of("webhook", Cluster.WEBHOOK, "scaled to 0")),
                this::assertTaken);
    }

    /** The controller may run nothing in agents. */
    public InjectedProblem missingRight(int vni) {
        return new InjectedProblem(
                "a right of the controller is missing",
                () -> Cluster.edit(Cluster.client().rbac().clusterRoles().withName(Cluster.CONTROLLER), role -> {
                    List<PolicyRule> rules = new ArrayList<>(role.getRules());
                    rules.removeIf(rule -> rule.getResources().contains("pods/exec"));
                    role.setRules(rules);
                    return role;
                }),
                List.of(Step.of("rights", Cluster.CONTROLLER, "create pods/exec")),
                () -> assertJoins("allowed", "e2e-doc-right", vni));
    }

    /** Somebody wrote a definition past the webhook that nobody can read. */
    public InjectedProblem brokenDefinition(int vni) {
        String network = "e2e-doc-broken";
        return new InjectedProblem(
                "a broken definition",
                () -> Webhook.withoutValidation(() -> stage.define(network, "id=abc")),
                List.of(Step.of("definitions", Cluster.CONFIG_MAP, network).edit(_ -> "s/id=abc/id=" + vni + "/")),
                () -> stage.start(Pods.member("defined", network)));
    }

    /** No controller runs, so none leads. */
    public InjectedProblem noLeader(int vni) {
        return new InjectedProblem(
                "no controller leads",
                Controller::kill,
                List.of(Step.of("controller", Cluster.CONTROLLER, "scaled to 0")),
                () -> assertJoins("led", "e2e-doc-leader", vni));
    }

    /** A leader whose clock was an hour ahead has died. */
    public InjectedProblem leaseAhead(int vni) {
        return new InjectedProblem(
                "the Lease is ahead of the time",
                () -> {
                    Controller.kill();
                    Cluster.edit(
                            Cluster.client()
                                    .leases()
                                    .inNamespace(Cluster.SYSTEM)
                                    .withName(Cluster.CONTROLLER),
                            lease -> new LeaseBuilder(lease)
                                    .editSpec()
                                    .withHolderIdentity("gone-1")
                                    .withRenewTime(
                                            ZonedDateTime.now(ZoneOffset.UTC).plusHours(1))
                                    .endSpec()
                                    .build());
                    Controller.start();
                },
                List.of(Step.of("leader", Cluster.CONTROLLER, "ahead of the time")),
                () -> assertJoins("elected", "e2e-doc-lease", vni));
    }

    /** An agent is there and does nothing at all. */
    public InjectedProblem hungAgent(int vni) {
        String network = "e2e-doc-hung";
        return new InjectedProblem(
                "an agent that hangs",
                () -> {
                    stage.define(network, "id=" + vni);
                    Pod hangs = stage.start(new PodBuilder(Pods.member("hangs", network))
                                    .editSpec()
                                    .withTerminationGracePeriodSeconds(1L)
                                    .endSpec()
                                    .build())
                            .getFirst();
                    Lab.freeze(hangs, Cluster.AGENT);
                    stage.create(Pods.member("joins", network));
                    stage.event("hangs", "AgentFailed");
                },
                List.of(Step.of("agent-work", stage.namespace() + "/hangs", "cannot use its agent")),
                () -> Overlays.awaitExact(network, stage.ready("hangs", "joins")));
    }

    /** A pod has the agent of an earlier release. */
    public InjectedProblem oldAgent(int vni) {
        String network = "e2e-doc-old";
        AtomicReference<String> before = new AtomicReference<>("");
        return new InjectedProblem(
                "an old agent",
                () -> {
                    stage.define(network, "id=" + vni);
                    Client.run(Client.repository().resolve("lab/image").toString(), "agent", IMAGE + ":older");
                    stage.start(Pods.member("old", network));
                    String first = agentId("old");
                    stage.edit(
                            "old",
                            pod -> new PodBuilder(pod)
                                    .editSpec()
                                    .editMatchingInitContainer(
                                            container -> container.getName().equals(Cluster.AGENT))
                                    .withImage(IMAGE + ":older")
                                    .endInitContainer()
                                    .endSpec()
                                    .build());
                    awaitOtherAgent("old", first);
                    before.set(agentId("old"));
                },
                List.of(Step.of("agent-version", stage.namespace() + "/old", IMAGE + ":older")),
                () -> awaitOtherAgent("old", before.get()));
    }

    private void awaitOtherAgent(String pod, String id) {
        Await.until(
                "another agent runs",
                () -> agentId(pod).equals(id) ? Optional.of("it is the same") : Pods.notReady(stage.pod(pod)));
    }

    private String agentId(String pod) {
        return stage.pod(pod).getStatus().getInitContainerStatuses().stream()
                .filter(status -> status.getName().equals(Cluster.AGENT)
                        && status.getState().getRunning() != null)
                .map(ContainerStatus::getContainerID)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the agent of " + pod + " does not run"));
    }

    /** The webhook is asked about namespaces with a label only, which this one does not have. */
    public InjectedProblem unlabelledNamespace(int vni) {
        String network = "e2e-doc-label";
        return new InjectedProblem(
                "a namespace without the webhook's label",
                () -> {
                    stage.define(network, "id=" + vni);
                    select(Map.of("e2e-doctor", "on"));
                    Pod pod = Pods.member("forgotten", network);
                    Await.until(
                            "the API server passes over the webhook",
                            () -> Pods.hasAgent(stage.dryRun(pod))
                                    ? Optional.of("an agent is put in")
                                    : Optional.empty());
                    stage.start(pod);
                },
                List.of(
                        Step.of("admission", "namespace " + stage.namespace(), "namespaceSelector"),
                        Step.of("agents", stage.namespace() + "/forgotten", "no agent")),
                () -> Overlays.awaitExact(network, stage.ready("forgotten")),
                () -> select(Map.of()));
    }

    private static void select(Map<String, String> labels) {
        Cluster.edit(
                Cluster.client()
                        .admissionRegistration()
                        .v1()
                        .mutatingWebhookConfigurations()
                        .withName(Cluster.CONTROLLER),
                configuration -> {
                    configuration
                            .getWebhooks()
                            .forEach(hook -> hook.getNamespaceSelector().setMatchLabels(labels));
                    return configuration;
                });
    }

    private void assertTaken() {
        Await.until("a member is taken", () -> stage.refused(Pods.member("taken", "any")));
    }

    private void assertJoins(String pod, String network, int vni) {
        stage.define(network, "id=" + vni);
        Overlays.awaitExact(network, stage.start(Pods.member(pod, network)));
    }
}
