package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Namespaces whose quotas and limits an agent has to fit into. */
class AgentResourcesIT {
    private static final String NETWORK = "e2e-resources";
    private static final String QUOTA = "team";

    @RegisterExtension
    static final Stage quota = Stage.named("quota");

    @RegisterExtension
    static final Stage limits = Stage.named("limits");

    @Test
    void aQuotaOverAllFourNumbersTakesMembersAndKeepsAGuaranteedPodSo() {
        quota.define(NETWORK, "8180");
        quota.create(new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName(QUOTA)
                .endMetadata()
                .withNewSpec()
                .addToHard(amounts("2", "2Gi", "requests."))
                .addToHard(amounts("4", "4Gi", "limits."))
                .endSpec()
                .build());
        Await.until(
                "the quota is in force",
                () -> Optional.ofNullable(Cluster.client()
                                        .resourceQuotas()
                                        .inNamespace(quota.namespace())
                                        .withName(QUOTA)
                                        .require()
                                        .getStatus())
                                .filter(status -> !status.getHard().isEmpty())
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of("it counts nothing yet"));

        List<Pod> members = quota.start(
                withResources(Pods.member("burstable", NETWORK), "50m", "32Mi", "100m", "64Mi"),
                withResources(Pods.member("guaranteed", NETWORK), "100m", "64Mi", "100m", "64Mi"));

        assertEquals(
                List.of("Burstable", "Guaranteed"),
                members.stream().map(pod -> pod.getStatus().getQosClass()).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | {'type':'Container','min':{'cpu':'10m','memory':'10Mi'}}",
                "2 | {'type':'Container','maxLimitRequestRatio':{'cpu':'4','memory':'4'},"
                        + "'default':{'cpu':'200m','memory':'128Mi'}}",
                "3 | {'type':'Container','max':{'memory':'1Gi'},'default':{'memory':'48Mi'}}",
                "4 | {'type':'Pod','max':{'cpu':'500m','memory':'256Mi'}}",
            })
    void aLimitRangeTakesMembers(int number, String item) {
        limit(number, item);
        assertTrue(Pods.hasAgent(limits.dryRun(limited("app"))));
    }

    @Test
    void aPodsAnnotationMakesItsAgentFitWhereTheDefaultsDoNot() {
        limit(5, "{'type':'Container','min':{'cpu':'50m'}}");
        Pod pod = limited("app");

        String refusal = String.valueOf(assertThrows(KubernetesClientException.class, () -> limits.dryRun(pod))
                .getMessage());

        assertTrue(refusal.contains("minimum cpu usage per Container is 50m, but request is 10m"), refusal);
        assertDoesNotThrow(() -> limits.dryRun(Pods.annotated(pod, "agent-cpu-request", "50m")));
    }

    /** Puts one limit in force; a second one, which is seen after it, marks that by what pods get of it. */
    private static void limit(int number, String item) {
        String mark = number + "Gi";
        put("limit", item);
        put("mark", "{'type':'Container','default':{'ephemeral-storage':'%s'}}".formatted(mark));
        Pod plain = withResources(Pods.plain("plain", "exit"), "100m", "64Mi", "200m", "128Mi");
        Await.until("the limit is in force", () -> {
            Quantity found = limits.dryRun(plain)
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .getResources()
                    .getLimits()
                    .get("ephemeral-storage");
            return new Quantity(mark).equals(found) ? Optional.empty() : Optional.of("a pod gets " + found);
        });
    }

    private static void put(String name, String item) {
        String text = "{'apiVersion':'v1','kind':'LimitRange','metadata':{'name':'%s'},'spec':{'limits':[%s]}}"
                .formatted(name, item)
                .replace('\'', '"');
        Cluster.client()
                .limitRanges()
                .inNamespace(limits.namespace())
                .resource(Cluster.client().getKubernetesSerialization().unmarshal(text, LimitRange.class))
                .createOr(NonDeletingOperation::update);
    }

    private static Pod limited(String name) {
        return withResources(Pods.member(name, NETWORK), "100m", "64Mi", "200m", "128Mi");
    }

    private static Pod withResources(
            Pod pod, String cpuRequest, String memoryRequest, String cpuLimit, String memoryLimit) {
        return new PodBuilder(pod)
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .withRequests(amounts(cpuRequest, memoryRequest, ""))
                .withLimits(amounts(cpuLimit, memoryLimit, ""))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }

    private static Map<String, Quantity> amounts(String cpu, String memory, String prefix) {
        return Map.of(prefix + "cpu", new Quantity(cpu), prefix + "memory", new Quantity(memory));
    }
}
