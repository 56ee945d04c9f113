package io.github.kubevxlan.webhook;

import io.github.kubevxlan.webhook.AdmissionRequest.NewPod;
import java.util.List;

/**
 * Judges new pods by the current knowledge of the cluster.
 *
 * @param admission what is judged by
 * @param cluster networks and namespaces
 */
record PodJudge(Admission admission, ClusterView cluster) implements Judge {
    @Override
    public Verdict judge(AdmissionRequest request) {
        if (!(request.subject() instanceof NewPod(PodTree pod))) {
            return new Verdict.Allow(List.of(), List.of(), SkipReason.NOT_A_NEW_POD.code());
        }
        if (!cluster.isSynced()) {
            return new Verdict.Unknown("the webhook has not read networks and namespaces yet: try again");
        }
        NamespaceFacts facts = cluster.namespace(request.namespace()).orElse(NamespaceFacts.NONE);
        return admission.judge(request.namespace(), pod, cluster.definitions(), facts);
    }

    @Override
    public boolean waitsFor(AdmissionRequest request) {
        return request.subject() instanceof NewPod
                && cluster.isSynced()
                && cluster.namespace(request.namespace()).isEmpty();
    }

    @Override
    public void await(String namespace) throws InterruptedException {
        cluster.awaitNamespace(namespace);
    }
}
