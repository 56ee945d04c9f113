package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.reconcile.PodReadException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Asks for single pods past the watches, for a few at once: many may leave together. */
final class PodLookup {
    private static final int AT_ONCE = 16;

    private final KubernetesClient client;
    private final Keys keys;
    private final Semaphore places = new Semaphore(AT_ONCE);

    PodLookup(KubernetesClient client, Keys keys) {
        this.client = client;
        this.keys = keys;
    }

    /** The pod, if it is there and no other came under its name. */
    Optional<Pod> find(PodRef ref) throws PodReadException {
        places.acquireUninterruptibly();
        try {
            return Optional.ofNullable(client.pods()
                            .inNamespace(ref.namespace())
                            .withName(ref.name())
                            .get())
                    .filter(pod -> PodMapper.ref(pod).equals(ref));
        } catch (KubernetesClientException e) {
            throw new PodReadException("the pod can't be read: " + Reason.of(e), e);
        } finally {
            places.release();
        }
    }

    boolean isLabelled(Pod pod) {
        return Keys.LABELLED.equals(pod.getMetadata().getLabels().get(keys.label()));
    }
}
