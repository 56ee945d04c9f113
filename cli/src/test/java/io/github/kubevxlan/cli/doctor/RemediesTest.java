package io.github.kubevxlan.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.doctor.Facts.Hook;
import io.github.kubevxlan.cli.doctor.Facts.Replicas;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.TrialResult;
import io.github.kubevxlan.cli.doctor.Facts.Warning;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.check.Checks;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.state.PodFacts.Manifest;
import io.github.kubevxlan.cli.state.PodFacts.Owner;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Users run a finding's command as it is printed, so it has no text that somebody else could choose freely. */
class RemediesTest {
    private static final List<String> HOSTILE =
            List.of("x; touch y", "$(id)", "x$(id)", "`id`", "x y", "x\ny", "--all");

    @ParameterizedTest
    @MethodSource("places")
    void commandHasNoTextThatIsNoName(String place, BiConsumer<Health, String> put, String text, String remedy) {
        Health health = new Health();
        put.accept(health, text);

        List<String> remedies =
                Checks.findings(health.facts()).stream().map(Finding::remedy).toList();

        assertTrue(remedies.stream().noneMatch(each -> each.contains(text)), () -> place + remedies);
        assertTrue(remedies.contains(remedy), () -> place + remedies);
    }

    private static Stream<Arguments> places() {
        return Stream.of(
                        place(
                                "the policy that an Event names",
                                "vxlan inspect pod --namespace lab one",
                                (health, text) -> health.warnings = failed(
                                        "ValidatingAdmissionPolicy '" + text + "' with binding 'all' denied request")),
                        place("the kind of an owner", "kubectl --namespace lab describe pod one", (health, text) -> {
                            health.state = Clusters.of(Map.of("vxeth1", "101"), owned(new Owner(text, "web")));
                            health.warnings = failed("its agent lacks the capability NET_ADMIN");
                        }),
                        place("the name of an owner", "kubectl --namespace lab describe pod one", (health, text) -> {
                            health.state = Clusters.of(Map.of("vxeth1", "101"), owned(new Owner("deployment", text)));
                            health.warnings = failed("its agent lacks the capability NET_ADMIN");
                        }),
                        place(
                                "the agent's image",
                                "vxlan inspect pod --namespace lab one",
                                (health, text) -> health.webhook =
                                        Health.workload(2, 2, Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:" + text))),
                        place(
                                "the certificate's Secret",
                                "kubectl --namespace kube-system get deployment kube-vxlan-controller-webhook --output"
                                        + " 'jsonpath={.spec.template.spec.volumes}'",
                                (health, text) -> {
                                    health.controller = Health.workload(2, 2, Map.of("KUBEVXLAN_TLS_MODE", "files"));
                                    health.webhook = new Seen.There<>(new Workload(
                                            new Replicas(2, 2), "account", Map.of(), Map.of("tls", text), ""));
                                    health.certificate = new Seen.Absent<>();
                                }),
                        place(
                                "a label of the webhook's namespaceSelector",
                                "kubectl get mutatingwebhookconfiguration kube-vxlan-controller --output yaml",
                                (health, text) -> {
                                    health.state = Clusters.of(
                                            Map.of("vxeth1", "101"),
                                            Clusters.pod("one", "10.0.0.1", "", "", AgentState.NONE));
                                    health.injector = new Seen.There<>(new Hook(
                                            Optional.of(Health.validFor(300)),
                                            new Selector(Map.of("team", text), List.of()),
                                            false));
                                    health.plain = new TrialResult.NotAsked("");
                                    health.labelled = new TrialResult.Unselected(Map.of());
                                }),
                        place(
                                "the quota that a refusal names",
                                "kubectl --namespace lab edit resourcequota",
                                (health, text) -> health.labelled = new TrialResult.Refused(
                                        "exceeded quota: " + text + ", requested: memory=20Mi")),
                        place("the Helm release", "kubectl apply --filename k8s.yaml", (health, text) -> {
                            health.release = new Release("kube-system", "kube-vxlan-controller")
                                    .installedBy(Map.of("meta.helm.sh/release-name", text));
                            health.controller = new Seen.Absent<>();
                        }),
                        place(
                                "the namespace of the Helm release",
                                "kubectl apply --filename k8s.yaml",
                                (health, text) -> {
                                    health.release = new Release("kube-system", "kube-vxlan-controller")
                                            .installedBy(Map.of(
                                                    "meta.helm.sh/release-name",
                                                    "ours",
                                                    "meta.helm.sh/release-namespace",
                                                    text));
                                    health.controller = new Seen.Absent<>();
                                }))
                .flatMap(place -> HOSTILE.stream().map(text -> place.with(text)));
    }

    private record Place(String where, String remedy, BiConsumer<Health, String> put) {
        Arguments with(String text) {
            return Arguments.of(where, put, text, remedy);
        }
    }

    private static Place place(String where, String remedy, BiConsumer<Health, String> put) {
        return new Place(where, remedy, put);
    }

    private static List<Warning> failed(String message) {
        return List.of(new Warning("lab/one", "AgentFailed", message));
    }

    private static PodFacts owned(Owner owner) {
        PodFacts pod = Clusters.member("one", "10.0.0.1", "vxeth1", Health.READY);
        return new PodFacts(
                pod.snapshot(),
                pod.prefix(),
                pod.phase(),
                pod.waiting(),
                new Manifest("agent:1", "containers", Optional.of(owner), false));
    }
}
