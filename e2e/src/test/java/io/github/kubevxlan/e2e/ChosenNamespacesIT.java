package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An installation that serves two namespaces and may do nothing in others; pods in it may choose their VNI. */
@Alone("changes the namespaces that are served")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChosenNamespacesIT {
    private static final String NETWORK = "e2e-chosen";
    private static final Net NET = Net.of(NETWORK, 8610);
    private static final String CLOSED = "e2e-chosen-closed";

    @RegisterExtension
    static final Stage chosen = Stage.named("chosen");

    @RegisterExtension
    static final Stage elsewhere = Stage.named("elsewhere");

    private static final Stage removed = Stage.named("removed");
    private static Release before;

    @BeforeAll
    static void choose() {
        removed.open();
        chosen.define(NETWORK, "8610");
        chosen.define(CLOSED, "id=8611 namespaces=" + elsewhere.namespace());
        before = Release.with(
                "--set=watchNamespaces={%s,%s}".formatted(chosen.namespace(), removed.namespace()),
                "--set=allowPodNetworkId=true");
    }

    @AfterAll
    static void serveAllAgain() {
        before.close();
        removed.close();
        Await.until("pods get an agent everywhere", () -> elsewhere.refused(Pods.member("any", NETWORK)));
    }

    @Test
    void podsOfAChosenNamespaceBecomeMembersAndOthersStayUntouched() {
        assertTrue(elsewhere.refused(Pods.member("any", NETWORK)).isPresent(), "the webhook is not asked");
        Pod untouched = elsewhere
                .start(Pods.withOwnAgent(Pods.member("untouched", NETWORK), List.of("NET_ADMIN")))
                .getFirst();
        chosen.annotate("names", NETWORK);
        Pod unnamed = Pods.onNode(1, Pods.labelled(Pods.plain("by-namespace", "exec hold")));
        Pod first = chosen.start(Pods.onNode(0, Pods.member("first", NETWORK + " ip=10.91.0.1/24")))
                .getFirst();
        Pod byNamespace = chosen.start(unnamed).getFirst();

        Declared.nothing()
                .and(first, Net.of(NETWORK, 8610, "10.91.0.1/24"))
                .and(byNamespace, NET)
                .and(untouched)
                .awaitExact();
        assertEquals(Map.of(), elsewhere.events("kube-vxlan-controller"));
        assertFalse(elsewhere.pod("untouched").getMetadata().getAnnotations().containsKey(Status.KEY));
        chosen.clear();
        elsewhere.clear();
    }

    @Test
    void aLabelTakenOffIsSeen() {
        Pod leaves =
                chosen.start(Pods.onNode(0, Pods.member("leaves", NETWORK))).getFirst();
        Pod stays = chosen.start(Pods.onNode(1, Pods.member("stays", NETWORK))).getFirst();
        Declared.nothing().and(leaves, NET).and(stays, NET).awaitExact();
        chosen.unlabel("leaves");
        Declared.nothing().and(leaves).and(stays, NET).awaitExact();
        chosen.clear();
    }

    @Test
    void theControllerHasNoRightToPodsElsewhere() {
        for (String right : List.of("list pods", "watch pods", "get pods", "create pods/exec", "patch pods/status")) {
            String[] parts = right.split(" ");
            assertTrue(may(chosen.namespace(), parts), right);
            assertFalse(may(elsewhere.namespace(), parts), right + " elsewhere");
            assertFalse(may("", parts), right + " in the whole cluster");
        }
        assertFalse(Cluster.mayDo(Cluster.CONTROLLER, "", "list", "namespaces", ""), "list all namespaces");
        assertFalse(Cluster.mayDo(Cluster.WEBHOOK, "", "list", "namespaces", ""), "list all namespaces");
    }

    /** Its Role is gone with it, so that a new controller can't list its pods. */
    @Test
    void aChosenNamespaceThatIsGoneHoldsNobodyUp() {
        List<Pod> pods =
                chosen.start(Pods.onNode(0, Pods.member("one", NETWORK)), Pods.onNode(1, Pods.member("two", NETWORK)));
        removed.close();
        Await.until(
                "the namespace is gone",
                () -> Optional.ofNullable(Cluster.client()
                                .namespaces()
                                .withName(removed.namespace())
                                .get())
                        .map(left -> left.getStatus().getPhase()));
        Controller.kill();
        Controller.start();
        chosen.beginDeleting("two");
        Pod three = chosen.start(Pods.onNode(1, Pods.member("three", NETWORK))).getFirst();
        Declared.nothing().and(pods.getFirst(), NET).and(three, NET).awaitExact();
        chosen.clear();
    }

    @Test
    void aVniThatAPodChoosesIsThatOfANetworkItMayJoin() {
        KubernetesClientException refused = assertThrows(
                KubernetesClientException.class, () -> chosen.dryRun(Pods.member("any", NETWORK + " id=8611")));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains("found \"id=8611\", allowed: a network that pods of namespace " + chosen.namespace()
                                + " may join"),
                refused::toString);
        Pod pod = chosen.start(Pods.member("free", NETWORK + " id=8612")).getFirst();
        Declared.nothing().and(pod, Net.of(NETWORK, 8612)).awaitExact();
        chosen.clear();
    }

    private static boolean may(String namespace, String[] right) {
        return Cluster.mayDo(Cluster.CONTROLLER, namespace, right[0], right[1], "");
    }
}
