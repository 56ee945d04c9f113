package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that are for some namespaces, and what only the ConfigMap may say. */
class TenantsIT {
    private static final String OURS = "e2e-ours";
    private static final String SHARED = "e2e-shared";

    @RegisterExtension
    static final Stage stage = Stage.named("tenants");

    @RegisterExtension
    static final Stage others = Stage.named("others");

    @RegisterExtension
    static final Stage declaring = Stage.named("declaring");

    @BeforeAll
    static void defineNetworks() {
        stage.define(OURS, "id=8600 namespaces=" + stage.namespace());
        stage.define(SHARED, "8601");
    }

    @Test
    void podOfAnotherNamespaceThatGotPastTheWebhookStaysOutAndIsToldWhy() {
        Pod member = stage.start(Pods.onNode(0, Pods.member("member", OURS + ", " + SHARED)))
                .getFirst();
        others.start(Pods.onNode(
                1,
                Pods.withOwnAgent(
                        Pods.annotated(Pods.plain("intruder", "exec hold"), "networks", OURS + ", " + SHARED),
                        List.of("NET_ADMIN"))));
        others.label("intruder");

        String message = others.event("intruder", "NetworkUnavailable");
        assertTrue(
                message.contains("found \"%s\", allowed: a network that pods of namespace %s may join"
                        .formatted(OURS, others.namespace())),
                message);
        Declared.nothing()
                .and(member, Net.of(OURS, 8600), Net.of(SHARED, 8601))
                .and(others.pod("intruder"), Net.of(SHARED, 8601))
                .awaitExact();
    }

    @Test
    void anEditTakesRunningPodsOutAndAnotherLetsThemIn() {
        String network = "e2e-edit";
        Net net = Net.of(network, 8602);
        stage.define(network, "8602");
        Pod stays = stage.start(Pods.onNode(0, Pods.member("stays", network))).getFirst();
        Pod leaves =
                others.start(Pods.onNode(1, Pods.member("leaves", network))).getFirst();
        Declared together = Declared.nothing().and(stays, net).and(leaves, net);
        together.awaitExact();

        stage.define(network, "id=8602 namespaces=" + stage.namespace());
        Declared.nothing().and(stays, net).and(leaves).awaitExact();
        String message = others.event("leaves", "NetworkUnavailable");
        assertTrue(message.contains("a network that pods of namespace " + others.namespace() + " may join"), message);

        stage.define(network, "id=8602 namespaces=%s;%s".formatted(stage.namespace(), others.namespace()));
        together.awaitExact();
        assertEquals(0, Pods.restarts(others.pod("leaves"), Pods.APP));
    }

    @Test
    void podsOfOneNameInTwoNamespacesAreTwoMembers() {
        String network = "e2e-namesakes";
        Net net = Net.of(network, 8603);
        stage.define(network, "8603");
        Pod one = stage.start(Pods.onNode(0, Pods.member("namesake", network))).getFirst();
        Pod other =
                others.start(Pods.onNode(1, Pods.member("namesake", network))).getFirst();
        Declared.nothing().and(one, net).and(other, net).awaitExact();

        stage.delete("namesake");
        Declared.nothing().and(other, net).awaitExact();
        others.delete("namesake");
    }

    /** Those that AdmissionIT leaves out. */
    @ParameterizedTest
    @ValueSource(strings = {"subnet=10.90.0.0/24", "range=10.90.0.1-10.90.0.9", "forwarding=static", "family=ipv6"})
    void whatIsTheOperatorsIsRefusedInAPod(String option) {
        String message = refusal(Pods.member("bad", SHARED + " " + option));
        assertTrue(message.contains(found("annotation vxlan.travelping.com/networks", option)), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id=8600",
                "dstport=4789",
                "subnet=10.90.0.0/24",
                "range=10.90.0.1-10.90.0.9",
                "forwarding=static",
                "family=ipv6",
                "peer=192.0.2.1",
                "namespaces=any",
                "default=true",
            })
    void whatIsTheOperatorsIsRefusedInANamespace(String option) {
        declaring.annotate("networks", SHARED + " " + option);
        awaitRefusal(
                option.startsWith("id=")
                        ? "found \"id=8600\""
                        : found("networks of namespace " + declaring.namespace(), option));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ip=10.90.0.1/24 route=0.0.0.0/0:10.90.0.2", "ip=fd90::1/64 route=[::/0]:[fd90::2]"})
    void aNamespaceTakesNoDefaultRouteThroughANetwork(String options) {
        declaring.annotate("networks", SHARED + " " + options);
        awaitRefusal("no default route; only the ConfigMap may set one");
    }

    @Test
    void aNamespaceJoinsNoNetworkThatIsNotForIt() {
        declaring.annotate("networks", OURS);
        awaitRefusal("a network that pods of namespace " + declaring.namespace() + " may join");
    }

    /** Where an option stands, and that it is found there; the position is that of the first option of a network. */
    private static String found(String where, String option) {
        return "%s, line 1, column %d: found \"%s\""
                .formatted(where, SHARED.length() + 2, option.substring(0, option.indexOf('=')));
    }

    /** The webhook may hear of a namespace's annotation a moment later. */
    private static void awaitRefusal(String message) {
        Pod pod = Pods.labelled(Pods.plain("told", "exec hold"));
        Await.until("a refusal that says: " + message, () -> {
            try {
                declaring.dryRun(pod);
                return Optional.of("the pod was admitted");
            } catch (KubernetesClientException refused) {
                String said = String.valueOf(refused.getMessage());
                return said.contains(message) ? Optional.empty() : Optional.of(said);
            }
        });
    }

    private static String refusal(Pod pod) {
        return String.valueOf(assertThrows(KubernetesClientException.class, () -> stage.dryRun(pod))
                .getMessage());
    }
}
