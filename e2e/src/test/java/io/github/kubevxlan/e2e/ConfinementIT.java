package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import io.github.kubevxlan.e2e.harness.Tokens;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a thief of the controller's token can do with it, on a pod that the controller itself passes over. */
class ConfinementIT {
    @RegisterExtension
    static final Stage stage = Stage.named("confinement");

    private static KubernetesClient controller;
    private static Pod pod;

    @BeforeAll
    static void start() {
        controller = Tokens.clientOf(Cluster.SYSTEM, Cluster.CONTROLLER);
        pod = stage.start(Pods.plain("victim", "exec hold")).getFirst();
    }

    @AfterAll
    static void close() {
        controller.close();
    }

    @Test
    void theControllerWritesItsAnnotationAndItsCondition() {
        patch(controller, "status", """
            {"metadata":{"annotations":{"%s/status":"[]"}},
             "status":{"conditions":[{"type":"%s/ready","status":"True"}]}}
            """.formatted(Cluster.PREFIX, Cluster.PREFIX));

        Pod written = stage.pod("victim");
        assertEquals("[]", written.getMetadata().getAnnotations().get(Status.KEY));
        assertTrue(written.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals(Cluster.PREFIX + "/ready")));
        assertTrue(Pods.notReady(written).isEmpty(), "the kubelet's conditions are there");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "may change no label                    | {'metadata':{'labels':{'vxlan.travelping.com':'true'}}}",
                "nothing else of a pod's metadata       | {'metadata':{'finalizers':['example.com/stay']}}",
                "may change no annotation but           |"
                        + " {'metadata':{'annotations':{'vxlan.travelping.com/names':'x'}}}",
                "may change no annotation but           | {'metadata':{'annotations':{'example.com/other':'x'}}}",
                "nothing of a pod's status but          | {'status':{'phase':'Failed'}}",
                "nothing of a pod's status but          | {'status':{'message':'x'}}",
                "no condition but vxlan.travelping.com/ |"
                        + " {'status':{'conditions':[{'type':'Ready','status':'False'}]}}",
                "no condition but vxlan.travelping.com/ |"
                        + " {'status':{'conditions':[{'type':'Ready','$patch':'delete'}]}}",
            })
    void theControllerWritesNothingElseOfAStatus(String message, String patch) {
        assertRefused(message, controller, "status", patch);
    }

    @Test
    void anImageInAStatusWriteChangesNothing() {
        patch(controller, "status", "{'spec':{'containers':[{'name':'app','image':'example.com/other'}]}}");

        assertEquals(
                pod.getSpec().getContainers().getFirst().getImage(),
                stage.pod("victim").getSpec().getContainers().getFirst().getImage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                  | {'spec':{'containers':[{'name':'app','image':'example.com/other'}]}}",
                "''                  | {'metadata':{'labels':{'vxlan.travelping.com':'true'}}}",
                "''                  | {'metadata':{'annotations':{'vxlan.travelping.com/status':'[]'}}}",
                "ephemeralcontainers | {'spec':{'ephemeralContainers':[{'name':'more','image':'example.com/other'}]}}",
                "resize              | {'spec':{'containers':[{'name':'app','resources':{'limits':{'cpu':'1'}}}]}}",
            })
    void theControllerChangesNoPod(String subresource, String patch) {
        assertRefused("cannot patch resource", controller, subresource, patch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attach", "portforward", "proxy", "log"})
    void theControllerReachesAnAppByNoOtherWay(String subresource) {
        String answer = refusal(() -> controller.raw(path("victim/" + subresource)));
        assertTrue(answer.contains("cannot get resource \"pods/" + subresource + "\""), answer);
    }

    @Test
    void theControllerRunsNothingInAnApp() {
        assertTrue(exec(Pods.APP).contains("may only run commands in an agent container"), exec(Pods.APP));
        assertFalse(exec(Cluster.AGENT).contains("may only run"), exec(Cluster.AGENT));
    }

    @ParameterizedTest
    @CsvSource({
        "bootstrap-token-abcdef, bootstrap.kubernetes.io/token",
        "any, Opaque",
        "kube-vxlan-controller, Opaque",
        "kube-vxlan-controller-ca, kubernetes.io/service-account-token",
        "kube-vxlan-controller-ca, bootstrap.kubernetes.io/token",
    })
    void theControllerMakesNoSecretOfAnotherNameOrType(String name, String type) {
        String refusal = refusal(() -> controller
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(Cluster.SYSTEM)
                        .addToAnnotations("kubernetes.io/service-account.name", "default")
                        .endMetadata()
                        .withType(type)
                        .addToStringData("token-id", "abcdef")
                        .addToStringData("token-secret", "0123456789abcdef")
                        .addToStringData("usage-bootstrap-authentication", "true")
                        .build())
                .dryRun(true)
                .create());
        assertTrue(refusal.contains("the controller may only create"), refusal);
    }

    @Test
    void theControllerMakesNoOtherConfigMapOrLease() {
        String map = refusal(() -> controller
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("coredns-custom")
                        .withNamespace(Cluster.SYSTEM)
                        .endMetadata()
                        .build())
                .dryRun(true)
                .create());
        assertTrue(map.contains("the controller may only create"), map);
        String lease = refusal(() -> controller
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withGenerateName("any-")
                        .withNamespace(Cluster.SYSTEM)
                        .endMetadata()
                        .build())
                .dryRun(true)
                .create());
        assertTrue(lease.contains("the controller may only create"), lease);
    }

    @ParameterizedTest
    @CsvSource({"''", "status"})
    void nobodyElseWritesAStatus(String subresource) {
        assertRefused(
                "only the controller writes",
                Cluster.client(),
                subresource,
                "{'metadata':{'annotations':{'vxlan.travelping.com/status':'[{}]'}}}");
    }

    /** What one may change by these is set by the API server, however much more a request has. */
    @ParameterizedTest
    @ValueSource(strings = {"ephemeralcontainers", "resize"})
    void noOtherSubresourceReachesAStatus(String subresource) {
        patch(Cluster.client(), subresource, "{'metadata':{'annotations':{'vxlan.travelping.com/status':'[{}]'}}}");

        assertNotEquals(
                "[{}]", stage.pod("victim").getMetadata().getAnnotations().get(Status.KEY));
    }

    /** The annotations of a binding become the pod's. */
    @ParameterizedTest
    @CsvSource({"pods/unbound/binding", "bindings"})
    void nobodyGivesAPodItsStatusWithItsNode(String resource) {
        if (stage.find("unbound").isEmpty()) {
            stage.create(new PodBuilder(Pods.plain("unbound", "exec hold"))
                    .editSpec()
                    .withSchedulerName("nobody")
                    .endSpec()
                    .build());
        }
        String answer = refusal(() -> bind(resource, Status.KEY));
        assertTrue(answer.contains("only the controller writes the annotation"), answer);
        assertEquals(
                "", Objects.requireNonNullElse(stage.pod("unbound").getSpec().getNodeName(), ""));
    }

    @Test
    void aBindingMayHaveAnyOtherAnnotation() {
        stage.create(new PodBuilder(Pods.plain("bound", "exec hold"))
                .editSpec()
                .withSchedulerName("nobody")
                .endSpec()
                .build());
        bind("pods/bound/binding", "example.com/by");
        assertEquals(
                "[{}]",
                stage.ready("bound").getFirst().getMetadata().getAnnotations().get("example.com/by"));
    }

    private static void bind(String resource, String annotation) {
        String name = resource.contains("/bound/") ? "bound" : "unbound";
        Cluster.client()
                .raw(
                        "/api/v1/namespaces/%s/%s".formatted(stage.namespace(), resource),
                        "POST",
                        new BindingBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .addToAnnotations(annotation, "[{}]")
                                .endMetadata()
                                .withNewTarget()
                                .withKind("Node")
                                .withName(Cluster.nodes().getFirst())
                                .endTarget()
                                .build());
    }

    private static void assertRefused(String message, KubernetesClient client, String subresource, String patch) {
        String refusal = refusal(() -> patch(client, subresource, patch));
        assertTrue(refusal.contains(message), refusal);
    }

    private static void patch(KubernetesClient client, String subresource, String patch) {
        Tokens.patch(client, pod, subresource, patch.replace('\'', '"'));
    }

    /** The answer to a request that the policy sees and that no shell can come of: it asks for no upgrade. */
    private static String exec(String container) {
        return refusal(() -> controller.raw(path("victim/exec?command=true&stdout=true&container=" + container)));
    }

    private static String refusal(Executable request) {
        return String.valueOf(
                assertThrows(KubernetesClientException.class, request).getMessage());
    }

    private static String path(String pod) {
        return "/api/v1/namespaces/%s/pods/%s".formatted(stage.namespace(), pod);
    }
}
