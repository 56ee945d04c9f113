package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.cli.doctor.Facts.AccountRight;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.state.Settings;
import java.util.List;
import java.util.stream.Stream;

/** Asks the API server what the product's service accounts may do. */
final class AccountRights {
    private static final List<String> ON_PODS = List.of(
            "list pods", "watch pods", "create pods/exec", "get pods/exec", "patch pods/status", "create events");

    private final KubernetesClient client;
    private final List<String> notes;

    AccountRights(KubernetesClient client, List<String> notes) {
        this.client = client;
        this.notes = notes;
    }

    /** Those that they need with any settings; the accounts are the Deployments', or the chart's where these are not known. */
    List<AccountRight> of(Release release, Settings settings, Seen<Workload> controller, Seen<Workload> webhook) {
        String controllers = controller.object().map(Workload::account).orElse(release.name());
        String webhooks = webhook.object().map(Workload::account).orElse(release.webhook());
        List<String> namespaces = settings.watched().isEmpty() ? List.of("") : settings.watched();
        Stream<AccountRight> wanted = Stream.concat(
                namespaces.stream()
                        .flatMap(namespace -> ON_PODS.stream().map(right -> wanted(controllers, right, namespace))),
                Stream.of(
                        wanted(controllers, "watch configmaps", release.namespace()),
                        wanted(controllers, "patch leases.coordination.k8s.io", release.namespace()),
                        wanted(webhooks, "watch configmaps", release.namespace())));
        try {
            return wanted.map(right -> asked(right, release)).toList();
        } catch (KubernetesClientException e) {
            notes.add("not checked, "
                    + new Right("create", "subjectaccessreviews.authorization.k8s.io", "", "")
                            .failure(e)
                            .getMessage());
            return List.of();
        }
    }

    private static AccountRight wanted(String account, String right, String namespace) {
        String[] words = right.split(" ", 2);
        return new AccountRight(account, words[0], words[1], namespace, false);
    }

    /** Rights on objects of the product are given by name: that of the release. */
    private AccountRight asked(AccountRight right, Release release) {
        String user = "system:serviceaccount:" + release.namespace() + ":" + right.account();
        String[] resource = right.resource().split("/", 2);
        String[] group = resource[0].split("\\.", 2);
        boolean isOurs = !right.namespace().isEmpty()
                && right.namespace().equals(release.namespace())
                && !group[0].equals("pods")
                && !group[0].equals("events");
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(user)
                .withGroups(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + release.namespace(),
                        "system:authenticated")
                .withNewResourceAttributes()
                .withNamespace(right.namespace())
                .withVerb(right.verb())
                .withGroup(group.length > 1 ? group[1] : "")
                .withResource(group[0])
                .withSubresource(resource.length > 1 ? resource[1] : "")
                .withName(isOurs ? release.name() : "")
                .endResourceAttributes()
                .endSpec()
                .build();
        boolean allowed = client.resource(review).create().getStatus().getAllowed();
        return new AccountRight(right.account(), right.verb(), right.resource(), right.namespace(), allowed);
    }
}
