package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.github.kubevxlan.cli.doctor.Facts.AccountRight;
import io.github.kubevxlan.cli.doctor.Facts.Replicas;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.Release;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountRightsTest {
    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @BeforeEach
    void allowAll() {
        cluster.server()
                .expect()
                .post()
                .withPath("/apis/authorization.k8s.io/v1/subjectaccessreviews")
                .andReturn(
                        201,
                        new SubjectAccessReviewBuilder()
                                .withNewStatus()
                                .withAllowed(true)
                                .endStatus()
                                .build())
                .always();
    }

    @Test
    void accountsAreTheDeploymentsOwn() {
        assertEquals(Set.of("one", "two"), accounts(workload("one"), workload("two")));
    }

    @Test
    void accountsAreTheChartsWhereTheDeploymentsAreNotKnown() {
        assertEquals(
                Set.of("kube-vxlan-controller", "kube-vxlan-controller-webhook"),
                accounts(new Seen.Hidden<>(), new Seen.Absent<>()));
    }

    private Set<String> accounts(Seen<Workload> controller, Seen<Workload> webhook) {
        return new AccountRights(cluster.client(), new ArrayList<>())
                .of(new Release("net", "kube-vxlan-controller"), Clusters.SETTINGS, controller, webhook).stream()
                        .map(AccountRight::account)
                        .collect(Collectors.toSet());
    }

    private static Seen<Workload> workload(String account) {
        return new Seen.There<>(new Workload(new Replicas(1, 1), account, Map.of(), Map.of(), ""));
    }
}
