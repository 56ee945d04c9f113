package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.cli.doctor.Facts.Access;
import io.github.kubevxlan.cli.doctor.Facts.AccountRight;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.NeededRights;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.state.Settings;
import java.util.List;

/** Asks the API server what the product's service accounts may do. */
final class AccountRights {
    private final KubernetesClient client;
    private final List<String> notes;

    AccountRights(KubernetesClient client, List<String> notes) {
        this.client = client;
        this.notes = notes;
    }

    /** Those that they need. */
    List<AccountRight> of(Release release, Settings settings, Seen<Workload> controller, Seen<Workload> webhook) {
        try {
            return Parallel.each(
                    NeededRights.of(release, settings, controller, webhook),
                    right -> asked(right, release.namespace()));
        } catch (KubernetesClientException e) {
            notes.add("not checked, "
                    + new Right("create", "subjectaccessreviews.authorization.k8s.io", "", "")
                            .failure(e)
                            .getMessage());
            return List.of();
        }
    }

    private AccountRight asked(AccountRight right, String home) {
        Access access = right.access();
        String[] resource = access.resource().split("/", 2);
        String[] group = resource[0].split("\\.", 2);
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser("system:serviceaccount:" + home + ":" + right.account())
                .withGroups("system:serviceaccounts", "system:serviceaccounts:" + home, "system:authenticated")
                .withNewResourceAttributes()
                .withNamespace(access.namespace())
                .withVerb(access.verb())
                .withGroup(group.length > 1 ? group[1] : "")
                .withResource(group[0])
                .withSubresource(resource.length > 1 ? resource[1] : "")
                .withName(access.name())
                .endResourceAttributes()
                .endSpec()
                .build();
        return new AccountRight(
                right.account(),
                access,
                client.resource(review).create().getStatus().getAllowed());
    }
}
