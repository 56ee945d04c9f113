package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.github.kubevxlan.cli.state.Release;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderPageTest {
    private static final Release RELEASE = new Release(Release.USUAL_NAMESPACE, Release.USUAL_NAME);
    private static final String POD = "kube-vxlan-controller-7d4b9c-x2x4q";

    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void isThatOfThePodWhichTheLeaseNames() {
        lease(POD + "-0123456789abcdef");
        pod("true", "8091");

        assertEquals(new LeaderPage(POD, 8091), LeaderPage.find(cluster.client(), RELEASE));
    }

    @Test
    void withoutALeaderThereIsNone() {
        assertTrue(failure().contains("no controller leads"), this::failure);
        lease("");
        assertTrue(failure().contains("no controller leads"), this::failure);
    }

    @Test
    void aLeaderThatIsNoPodOrHasNoPageSaysSo() {
        lease("laptop-0123456789abcdef");
        assertTrue(failure().contains("laptop is no pod in namespace kube-system"), this::failure);
        cluster.client().leases().inNamespace(RELEASE.namespace()).delete();
        lease(POD + "-0123456789abcdef");
        pod("false", "8091");
        assertTrue(failure().contains("controller.page.enabled is false"), this::failure);
    }

    @Test
    void aRightThatIsMissingIsNamed() {
        cluster.server()
                .expect()
                .get()
                .withPath("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-vxlan-controller")
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withMessage("leases.coordination.k8s.io \"kube-vxlan-controller\" is forbidden: User"
                                        + " \"u\" cannot get resource \"leases\" in API group \"coordination.k8s.io\"")
                                .build())
                .once();
        assertTrue(
                failure()
                        .contains("you lack a right: get leases.coordination.k8s.io kube-vxlan-controller in namespace"
                                + " kube-system"),
                this::failure);
    }

    @Test
    void aRightThatIsMissingForTheWayThereIsNamedWhenItIsFirstUsed() throws Exception {
        LeaderPage page = new LeaderPage(POD, 8091);
        cluster.server()
                .expect()
                .get()
                .withPath("/api/v1/namespaces/kube-system/pods/" + POD + "/portforward?ports=8091")
                .andReturn(403, "")
                .always();
        try (LocalPortForward forward = page.forward(cluster.client(), RELEASE, 0)) {
            PageCheck check = PageCheck.of(forward.getLocalPort());
            String message =
                    String.valueOf(assertThrows(CommandFailure.class, () -> check.orFail(page.right(RELEASE), forward))
                            .getMessage());
            assertTrue(message.contains("you lack a right: create pods/portforward " + POD), message);
        }
    }

    private String failure() {
        return String.valueOf(assertThrows(CommandFailure.class, () -> LeaderPage.find(cluster.client(), RELEASE))
                .getMessage());
    }

    private void lease(String holder) {
        cluster.client()
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace(RELEASE.namespace())
                        .withName(RELEASE.name())
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity(holder)
                        .endSpec()
                        .build())
                .createOr(there -> there.update());
    }

    private void pod(String isOn, String port) {
        cluster.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(RELEASE.namespace())
                        .withName(POD)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("controller")
                        .withEnv(List.of(
                                new EnvVar("KUBEVXLAN_PAGE", isOn, null),
                                new EnvVar("KUBEVXLAN_PAGE_PORT", port, null)))
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }
}
