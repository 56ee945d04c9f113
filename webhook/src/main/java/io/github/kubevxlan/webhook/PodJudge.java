package io.github.kubevxlan.webhook;

import io.github.kubevxlan.webhook.AdmissionRequest.NewPod;
import java.util.List;
import java.util.Optional;

/**
 * Judges new pods by what is known of the cluster.
 *
 * @param admission what is judged by
 * @param cluster networks and namespaces
 */
record PodJudge(Admission admission, ClusterView cluster) implements Judge {
    @Override
    public Verdict judge(AdmissionRequest request) throws InterruptedException {
        if (!(request.subject() instanceof NewPod(PodTree pod))) {
            return new Verdict.Allow(List.of(), List.of(), SkipReason.NOT_A_NEW_POD.code());
        }
        if (!cluster.isSynced()) {
            return new Verdict.Unknown("networks and namespaces are not read yet: try again");
        }
        Optional<NamespaceFacts> facts = cluster.namespace(request.namespace());
        if (facts.isEmpty()) {
            return new Verdict.Unknown("namespace " + request.namespace() + " is not known yet: try again");
        }
        return admission.judge(request.namespace(), pod, cluster.definitions(), facts.get());
    }
}
