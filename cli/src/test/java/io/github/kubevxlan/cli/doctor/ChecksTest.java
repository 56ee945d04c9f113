package io.github.kubevxlan.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.doctor.Facts.Asked;
import io.github.kubevxlan.cli.doctor.Facts.Hook;
import io.github.kubevxlan.cli.doctor.Facts.Leader;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.TrialResult;
import io.github.kubevxlan.cli.doctor.Facts.Validity;
import io.github.kubevxlan.cli.doctor.Facts.Version;
import io.github.kubevxlan.cli.doctor.Facts.Warning;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.Finding.Severity;
import io.github.kubevxlan.cli.doctor.check.Checks;
import io.github.kubevxlan.cli.state.ClusterState.Known;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.Connection;
import io.github.kubevxlan.cli.state.Difference;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChecksTest {
    private static final String REAPPLY =
            "helm --namespace kube-system get manifest kube-vxlan-controller | kubectl apply --filename -";
    private static final String RESTART =
            "kubectl --namespace kube-system rollout restart deployment kube-vxlan-controller";
    private static final String CERTIFICATE =
            "kubectl --namespace kube-system describe certificate kube-vxlan-controller-webhook";
    private static final String CAINJECTOR =
            "kubectl get pods --all-namespaces --selector app.kubernetes.io/component=cainjector";
    private static final String OWN = "kubectl --namespace kube-system create secret tls own-tls --cert tls.crt"
            + " --key tls.key --dry-run=client --output yaml | kubectl apply --filename -";
    private static final String AGAIN =
            "kubectl --namespace lab get pod one --output yaml%s | kubectl replace --force --filename -";
    private static final String EDIT = "kubectl --namespace kube-system edit configmap kube-vxlan-controller";

    @Test
    void nothingIsFoundWhereNothingIsWrong() {
        assertEquals(List.of(), Checks.findings(new Health().facts()));
    }

    @Test
    void whatMayNotBeReadIsNoFault() {
        Health health = new Health();
        health.controller = new Seen.Hidden<>();
        health.webhook = new Seen.Hidden<>();
        health.injector = new Seen.Hidden<>();
        health.judge = new Seen.Hidden<>();
        health.lease = new Seen.Hidden<>();
        health.certificate = new Seen.Hidden<>();
        health.policies = Optional.empty();
        health.labelled = new TrialResult.Taken(false);

        assertEquals(List.of(), Checks.findings(health.facts()));
    }

    @Test
    void whatDoesNotTellItsVersionIsNoFault() {
        Health health = new Health();
        health.controller = Health.workload(2, 2, Map.of(), "");
        health.command = "";

        assertEquals(List.of(), Checks.findings(health.facts()));
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aFaultIsFoundWithItsRemedy(Defect defect) {
        Health health = new Health();
        defect.make().accept(health);

        List<Finding> findings = Checks.findings(health.facts());

        List<Finding> its = findings.stream()
                .filter(finding -> finding.check().equals(defect.check()))
                .toList();
        assertEquals(1, its.size(), findings.toString());
        assertEquals(defect.severity(), its.getFirst().severity());
        assertEquals(defect.remedy(), its.getFirst().remedy());
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aRemedyGoesToTheClusterThatTheCallerChose(Defect defect) {
        Health health = new Health();
        health.release = new Release(Release.USUAL_NAMESPACE, Release.USUAL_NAME, new Connection("config", "prod", ""));
        defect.make().accept(health);

        for (Finding finding : Checks.findings(health.facts())) {
            for (String command : finding.remedy().split(" (\\||&&) ", -1)) {
                assertTrue(
                        command.matches("(kubectl|vxlan) .*--kubeconfig config --context prod( .*)?"
                                + "|helm --kubeconfig config --kube-context prod .*|kubectl patch --local .*"),
                        finding.remedy());
            }
        }
    }

    @Test
    void everyCheckHasAFault() {
        assertEquals(Set.copyOf(Checks.names()), defects().map(Defect::check).collect(Collectors.toSet()));
    }

    @Test
    void everyPolicyThatTheChartHasIsLookedFor() throws IOException {
        String template = Files.readString(
                Path.of("../charts/kube-vxlan-controller/templates/controller-validatingadmissionpolicy.yaml"));
        List<String> policies = Pattern.compile("(?m)^  name: ([a-z-]+)$")
                .matcher(template)
                .results()
                .map(match -> "ValidatingAdmissionPolicy " + match.group(1))
                .toList();
        Health health = new Health();
        health.controller = Health.workload(2, 2, Map.of("KUBEVXLAN_NAMES", "true"));
        health.policies = Optional.of(Set.of());

        assertEquals(
                policies,
                Checks.findings(health.facts()).stream()
                        .map(finding -> finding.problem().where())
                        .toList());
    }

    @Test
    void aNamespaceThatMayNotBeTriedIsNoFault() {
        Health health = new Health();
        health.labelled = new TrialResult.NotAsked("");

        assertEquals(List.of(), Checks.findings(health.facts()));
    }

    @Test
    void aNamespaceThatIsLeftOutAndHasNoLabelledPodIsNoFault() {
        Health health = new Health();
        health.plain = new TrialResult.NotAsked("");
        health.labelled = new TrialResult.Unselected(Map.of());

        assertEquals(List.of(), Checks.findings(health.facts()));
    }

    @Test
    void aNamespaceThatTakesNoPodAtAllIsNoneOfOurFaults() {
        Health health = new Health();
        health.plain = new TrialResult.Refused("exceeded quota");
        health.labelled = new TrialResult.Refused("exceeded quota");

        assertTrue(Checks.findings(health.facts()).isEmpty());
    }

    @Test
    void olderAgentsOfANamespaceAreOneFinding() {
        Health health = new Health();
        health.state = Clusters.of(
                Map.of("vxeth1", "101"),
                Clusters.member("one", "10.0.0.1", "vxeth1", Health.READY),
                Clusters.member("two", "10.0.0.2", "vxeth1", Health.READY));
        health.webhook = Health.workload(2, 2, Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:2"));

        assertEquals(
                List.of(Finding.warning(
                        "agent-version",
                        "Their agents are agent:1, and new pods get agent:2.",
                        "Pods lab/one, lab/two",
                        "They may lack fixes that are in the agent of new pods.",
                        "kubectl --namespace lab set image pod/one pod/two vxlan-controller-agent=agent:2")),
                Checks.findings(health.facts()));
    }

    /** It does so outside the cluster, where no Deployment counts its pods. */
    @Test
    void aControllerThatLeadsNeedsNoPods() {
        Health health = new Health();
        health.controller = workload(0, 0);

        assertEquals(List.of(), Checks.findings(health.facts()));
    }

    record Defect(String what, String check, Severity severity, String remedy, Consumer<Health> make) {
        @Override
        public String toString() {
            return what;
        }
    }

    /** Killed pods do not give up the Lease. */
    @Test
    void aPodOfTheControllerThatHasJustEndedDoesNotLead() {
        Health health = new Health();
        health.controller = workload(0, 0);
        health.lease = new Seen.There<>(new Leader(
                "kube-vxlan-controller-6d4cf56db6-x2x9z-0123456789abcdef",
                Health.NOW.minusSeconds(60),
                Health.NOW.minusSeconds(5)));

        assertEquals(
                List.of("controller"),
                Checks.findings(health.facts()).stream().map(Finding::check).toList());
    }

    private static Defect broken(String what, String check, String remedy, Consumer<Health> make) {
        return new Defect(what, check, Severity.BROKEN, remedy, make);
    }

    private static Defect warning(String what, String check, String remedy, Consumer<Health> make) {
        return new Defect(what, check, Severity.WARNING, remedy, make);
    }

    private static Stream<Defect> defects() {
        return Stream.of(installation(), admission(), networks(), pods()).flatMap(defects -> defects);
    }

    private static Stream<Defect> installation() {
        return Stream.of(
                broken(
                        "an old server",
                        "server-version",
                        "kubectl version",
                        health -> health.version = new Version("v1.28.0", 1, 28)),
                broken("no controller", "controller", REAPPLY, health -> health.controller = new Seen.Absent<>()),
                broken(
                        "a controller scaled to 0",
                        "controller",
                        "kubectl --namespace kube-system scale deployment kube-vxlan-controller --replicas 2",
                        health -> {
                            health.controller = workload(0, 0);
                            health.lease = new Seen.There<>(Health.leader(Health.NOW.minusSeconds(300)));
                        }),
                broken(
                        "a controller that is not ready",
                        "controller",
                        RESTART,
                        health -> health.controller = workload(2, 0)),
                warning(
                        "one controller of two",
                        "controller",
                        "kubectl --namespace kube-system rollout status deployment kube-vxlan-controller",
                        health -> health.controller = workload(2, 1)),
                broken(
                        "a leader that is silent",
                        "leader",
                        RESTART,
                        health -> health.lease = new Seen.There<>(Health.leader(Health.NOW.minusSeconds(300)))),
                broken(
                        "a leader whose clock is ahead",
                        "leader",
                        "kubectl --namespace kube-system delete lease kube-vxlan-controller",
                        health -> health.lease = new Seen.There<>(Health.leader(Health.NOW.plusSeconds(300)))),
                broken("no leader ever", "leader", RESTART, health -> health.lease = new Seen.Absent<>()),
                broken("no right to exec", "rights", REAPPLY, health -> health.right = Health.right(false)),
                warning(
                        "a policy that is not bound",
                        "policies",
                        REAPPLY,
                        health -> health.policies = Optional.of(Set.of(
                                "kube-vxlan-controller-exec",
                                "kube-vxlan-controller-status",
                                "kube-vxlan-controller-status-of-others"))));
    }

    private static Stream<Defect> admission() {
        String restartBoth = RESTART + " kube-vxlan-controller-webhook";
        return Stream.of(
                broken(
                        "a webhook scaled to 0",
                        "webhook",
                        "kubectl --namespace kube-system scale deployment kube-vxlan-controller-webhook --replicas 2",
                        health -> health.webhook = workload(0, 0)),
                broken(
                        "no webhook configuration",
                        "webhook-configuration",
                        REAPPLY,
                        health -> health.injector = new Seen.Absent<>()),
                broken(
                        "an empty caBundle",
                        "webhook-configuration",
                        RESTART,
                        health -> health.injector = new Seen.There<>(new Hook(Optional.empty(), Selector.ALL, false))),
                broken(
                        "an expired certificate",
                        "certificate",
                        RESTART,
                        health -> health.certificate = new Seen.There<>(Health.validFor(-1))),
                broken("no certificate", "certificate", RESTART, health -> health.certificate = new Seen.Absent<>()),
                broken("an expired certificate of cert-manager", "certificate", CERTIFICATE, health -> {
                    health.controller = tls("cert-manager");
                    health.certificate = new Seen.There<>(Health.validFor(-1));
                }),
                broken("an expired certificate in files", "certificate", OWN, health -> {
                    health.controller = tls("files");
                    health.certificate = new Seen.There<>(Health.validFor(-1));
                }),
                broken("an empty caBundle of cert-manager", "webhook-configuration", CAINJECTOR, health -> {
                    health.controller = tls("cert-manager");
                    health.injector = new Seen.There<>(new Hook(Optional.empty(), Selector.ALL, false));
                }),
                broken("an empty caBundle with files", "webhook-configuration", REAPPLY, health -> {
                    health.controller = tls("files");
                    health.injector = new Seen.There<>(new Hook(Optional.empty(), Selector.ALL, false));
                }),
                broken("a wrong caBundle of cert-manager", "admission", CERTIFICATE, health -> {
                    health.controller = tls("cert-manager");
                    health.labelled =
                            new TrialResult.Refused("failed calling webhook \"pods\": x509: unknown authority");
                }),
                broken("a wrong caBundle with files", "admission", REAPPLY, health -> {
                    health.controller = tls("files");
                    health.labelled =
                            new TrialResult.Refused("failed calling webhook \"pods\": x509: unknown authority");
                }),
                warning(
                        "a certificate that nobody renews",
                        "certificate",
                        RESTART,
                        health -> health.certificate = new Seen.There<>(
                                new Validity(Health.NOW.minusSeconds(1_000), Health.NOW.plusSeconds(10)))),
                broken(
                        "a wrong clock",
                        "certificate",
                        RESTART,
                        health -> health.certificate = new Seen.There<>(
                                new Validity(Health.NOW.plusSeconds(60), Health.NOW.plusSeconds(600)))),
                broken(
                        "a wrong caBundle",
                        "admission",
                        restartBoth,
                        health -> health.labelled = new TrialResult.Refused(
                                "failed calling webhook \"pods\": x509: certificate signed by unknown authority")),
                broken(
                        "a webhook that does not answer",
                        "admission",
                        REAPPLY,
                        health -> health.labelled =
                                new TrialResult.Refused("failed calling webhook \"pods\": context deadline exceeded")),
                broken(
                        "a webhook that is not asked",
                        "admission",
                        REAPPLY,
                        health -> health.labelled = new TrialResult.Taken(false)),
                warning(
                        "a webhook that has conditions",
                        "admission",
                        "kubectl get mutatingwebhookconfiguration kube-vxlan-controller --output yaml",
                        health -> {
                            health.injector =
                                    new Seen.There<>(new Hook(Optional.of(Health.validFor(300)), Selector.ALL, true));
                            health.labelled = new TrialResult.Taken(false);
                        }),
                broken(
                        "Pod Security",
                        "admission",
                        "kubectl label namespace lab pod-security.kubernetes.io/enforce=privileged --overwrite",
                        health ->
                                health.labelled = new TrialResult.Refused("violates PodSecurity \"baseline:latest\"")),
                broken(
                        "a quota that is used up",
                        "admission",
                        "kubectl --namespace lab edit resourcequota compute",
                        health -> health.labelled =
                                new TrialResult.Refused("exceeded quota: compute, requested: requests.memory=20Mi")),
                broken(
                        "a namespace with a labelled pod that the webhook does not select",
                        "admission",
                        "kubectl label namespace lab team=ours stage- --overwrite",
                        health -> {
                            health.state = Clusters.of(
                                    Map.of("vxeth1", "101"),
                                    Clusters.pod("two", "10.0.0.2", "vxeth1", "", AgentState.NONE));
                            health.injector = new Seen.There<>(new Hook(
                                    Optional.of(Health.validFor(300)),
                                    new Selector(
                                            Map.of("team", "ours"),
                                            List.of(new Selector.Term("stage", "DoesNotExist", List.of()))),
                                    false));
                            health.plain = new TrialResult.NotAsked("");
                            health.labelled = new TrialResult.Unselected(Map.of("stage", "test"));
                        }),
                broken(
                        "a limit range",
                        "admission",
                        "kubectl --namespace lab edit limitrange",
                        health -> health.labelled = new TrialResult.Refused(
                                "minimum memory usage per Container is 16Mi, but request is 8Mi")));
    }

    private static Stream<Defect> networks() {
        return Stream.of(
                broken(
                        "no definitions",
                        "definitions",
                        "kubectl --namespace kube-system apply --filename backup.yaml",
                        health -> health.state = Clusters.without(Known.ABSENT, health.state)),
                broken(
                        "a broken definition",
                        "definitions",
                        EDIT,
                        health -> health.state = Clusters.of(Map.of("vxeth1", "id=abc"))),
                warning("a port that Cilium uses", "port", EDIT, health -> {
                    health.plugins = Set.of("cilium");
                    health.state = Clusters.of(Map.of("vxeth1", "id=101 dstport=8472"));
                }),
                warning(
                        "addresses used up",
                        "addresses",
                        EDIT,
                        health -> health.state = Clusters.of(
                                Map.of("vxeth1", "id=101 subnet=10.11.0.0/30"),
                                Clusters.member("one", "10.0.0.1", "vxeth1", status("10.11.0.1")),
                                Clusters.member("two", "10.0.0.2", "vxeth1", status("10.11.0.2")))));
    }

    private static Stream<Defect> pods() {
        return Stream.of(
                broken(
                        "an exec that is forbidden",
                        "agent-work",
                        REAPPLY,
                        health -> health.warnings = List.of(new Warning(
                                "lab/one", "AgentFailed", "exec was refused: the API server answered 403"))),
                broken(
                        "an exec that a policy of somebody else forbids",
                        "agent-work",
                        "kubectl patch validatingadmissionpolicy no-exec --patch"
                            + " '{\"spec\":{\"matchConditions\":[{\"name\":\"not-kube-vxlan-controller\",\"expression\":\"request.userInfo.username"
                            + " != \\\"system:serviceaccount:kube-system:account\\\"\"}]}}'",
                        health -> health.warnings = List.of(new Warning(
                                "lab/one",
                                "AgentFailed",
                                "exec was refused: the API server answered 403: ValidatingAdmissionPolicy 'no-exec'"
                                        + " with binding 'all' denied request: no exec"))),
                broken(
                        "an agent without NET_ADMIN",
                        "agent-work",
                        AGAIN.formatted(" | kubectl patch --local --filename - --output yaml --patch '{\"spec\":"
                                + "{\"initContainers\":[{\"name\":\"vxlan-controller-agent\",\"securityContext\":"
                                + "{\"capabilities\":{\"add\":[\"NET_ADMIN\"]}}}]}}'"),
                        health -> health.warnings = List.of(new Warning(
                                "lab/one",
                                "AgentFailed",
                                "1 change failed, since its agent lacks the capability NET_ADMIN"))),
                broken(
                        "an agent that hangs",
                        "agent-work",
                        AGAIN.formatted(""),
                        health -> health.warnings =
                                List.of(new Warning("lab/one", "AgentFailed", "no answer within 10 s"))),
                warning(
                        "an own agent without nft",
                        "agent-work",
                        AGAIN.formatted(" | kubectl patch --local --filename - --output yaml --patch '{\"metadata\":"
                            + "{\"annotations\":{\"vxlan.travelping.com/inject\":null}},\"spec\":{\"initContainers\":"
                            + "[{\"name\":\"vxlan-controller-agent\",\"$patch\":\"delete\"}]}}'"),
                        health -> {
                            health.webhook = Health.workload(2, 2, Map.of("KUBEVXLAN_AGENT_IMAGE", "other:1"));
                            health.warnings = List.of(new Warning("lab/one", "PeerFilterMissing", "no nft"));
                        }),
                warning(
                        "a kernel without nftables",
                        "agent-work",
                        "kubectl --namespace lab get pod one --output wide",
                        health -> health.warnings = List.of(new Warning("lab/one", "PeerFilterMissing", "no nft"))),
                warning(
                        "packets that must not be sent",
                        "security",
                        EDIT,
                        health -> health.warnings = List.of(
                                new Warning("lab/one", "PacketsRefused", "network vxeth1: pod lab/two drops packets"),
                                new Warning("lab/one", "PacketsRefused", "network vxeth1: pod lab/six drops packets"))),
                broken(
                        "a pod without an agent",
                        "agents",
                        AGAIN.formatted("").replace("one", "two"),
                        health -> health.state = Clusters.of(
                                Map.of("vxeth1", "101"),
                                Clusters.pod("two", "10.0.0.2", "vxeth1", "", AgentState.NONE))),
                warning(
                        "a pod with an older controller's label",
                        "agents",
                        "vxlan list pods --all-namespaces",
                        health -> health.state = Clusters.of(
                                Map.of("vxeth1", "101"),
                                Clusters.older(Clusters.member("two", "10.0.0.2", "vxeth1", "")))),
                warning(
                        "a webhook of another chart than the controller's",
                        "version",
                        "helm --namespace kube-system get manifest kube-vxlan-controller | kubectl apply --filename -",
                        health -> health.webhook =
                                Health.workload(2, 2, Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:1"), "1.2.2")),
                warning(
                        "a command of another minor version",
                        "version",
                        "kubectl --namespace kube-system get deployment kube-vxlan-controller"
                                + " kube-vxlan-controller-webhook --label-columns app.kubernetes.io/version",
                        health -> health.command = "1.1.9"),
                warning(
                        "an older agent",
                        "agent-version",
                        "kubectl --namespace lab set image pod/one vxlan-controller-agent=agent:2",
                        health -> health.webhook = Health.workload(2, 2, Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:2"))),
                warning(
                        "an older agent, by its digest",
                        "agent-version",
                        "kubectl --namespace lab set image pod/one vxlan-controller-agent=agent@sha256:0ff",
                        health -> health.webhook =
                                Health.workload(2, 2, Map.of("KUBEVXLAN_AGENT_IMAGE", "agent@sha256:0ff"))),
                broken(
                        "a network that is not defined",
                        "pods",
                        EDIT,
                        health -> health.state =
                                Clusters.of(Map.of(), Clusters.member("one", "10.0.0.1", "nowhere", ""))),
                warning(
                        "a pod that waits",
                        "pods",
                        "vxlan inspect pod --namespace lab one",
                        health -> health.state =
                                Clusters.of(Map.of("vxeth1", "101"), Clusters.member("one", "10.0.0.1", "vxeth1", ""))),
                warning(
                        "a pod whose paths are not probed yet",
                        "pods",
                        "vxlan inspect pod --namespace lab one",
                        health -> health.state = Clusters.of(Map.of("vxeth1", "101"), notReady("PathsPending"))),
                warning(
                        "an entry removed by hand",
                        "kernel",
                        RESTART,
                        health -> health.asked = new Asked(
                                "lab/one",
                                "",
                                List.of(new Difference(Difference.Kind.MISSING, "vxeth1", "an entry", List.of())),
                                List.of(),
                                0)),
                broken(
                        "a foreign device",
                        "kernel",
                        "vxlan inspect pod --namespace lab one",
                        health -> health.asked = new Asked(
                                "lab/one", "", List.of(), List.of("network vxeth1: a device is there already"), 0)),
                warning(
                        "strangers' packets",
                        "kernel",
                        "vxlan inspect pod --namespace lab one",
                        health -> health.asked = new Asked("lab/one", "", List.of(), List.of(), 7)),
                warning(
                        "an agent that does not answer",
                        "kernel",
                        "vxlan inspect pod --namespace lab one",
                        health -> health.asked = new Asked("lab/one", "no answer", List.of(), List.of(), 0)));
    }

    private static PodFacts notReady(String reason) {
        PodFacts pod = Clusters.member("one", "10.0.0.1", "vxeth1", Health.READY);
        PodSnapshot snapshot = pod.snapshot();
        ObservedStatus status = snapshot.observedStatus();
        return new PodFacts(
                new PodSnapshot(
                        snapshot.ref(),
                        snapshot.placement(),
                        snapshot.container(),
                        snapshot.meta(),
                        new ObservedStatus(
                                1,
                                new OverlayStatus(
                                        status.status().networks(),
                                        Optional.of(new ReadyCondition(false, reason, "words"))))),
                pod.prefix(),
                pod.phase(),
                pod.waiting(),
                pod.manifest());
    }

    private static Seen<Workload> tls(String mode) {
        return Health.workload(2, 2, Map.of("KUBEVXLAN_TLS_MODE", mode));
    }

    private static Seen<Workload> workload(int wanted, int ready) {
        return Health.workload(wanted, ready, Map.of());
    }

    private static String status(String ip) {
        return "[{\"name\":\"vxeth1\",\"interface\":\"vxeth1\",\"ips\":[\"" + ip
                + "\"],\"vni\":101,\"state\":\"Ready\",\"uid\":\"UID\"}]";
    }
}
