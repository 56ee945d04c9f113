package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One of the product's Deployments.
 *
 * @param name of the Deployment
 * @param component of its pods, as their label {@code app.kubernetes.io/component} says
 */
record Rollout(String name, String component) {
    RollableScalableResource<Deployment> deployment() {
        return Cluster.client().apps().deployments().inNamespace(Cluster.SYSTEM).withName(name);
    }

    /** Its pods, those that go included. */
    FilterWatchListDeletable<Pod, PodList, PodResource> pods() {
        return Cluster.client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withLabel("app.kubernetes.io/name", "kube-vxlan-controller")
                .withLabel("app.kubernetes.io/component", component);
    }

    /** Returns when it has no pod and, as it was scaled to none, will make none. */
    void awaitNone() {
        Await.until(
                "no " + component + " runs",
                () -> replicaSetThatMayMakePods().or(() -> {
                    List<Pod> left = pods().list().getItems();
                    return left.isEmpty() ? Optional.empty() : Optional.of(left.size() + " pods are left");
                }));
    }

    /** Returns when all pods that it should have are ready, as it is now, and no other is left. */
    void awaitReady() {
        Await.until("each " + component + " is ready", () -> {
            Deployment now = deployment().require();
            int replicas = now.getSpec().getReplicas();
            if (now.getStatus().getObservedGeneration() < now.getMetadata().getGeneration()) {
                return Optional.of("its last edit was not seen yet");
            } else if (Optional.ofNullable(now.getStatus().getUpdatedReplicas()).orElse(0) != replicas) {
                return Optional.of("not all are as its last edit has them");
            }
            List<Pod> pods = pods().list().getItems();
            if (pods.size() != replicas) {
                return Optional.of(pods.size() + " pods");
            }
            return pods.stream()
                    .flatMap(pod -> Pods.stays(pod)
                            ? Pods.notReady(pod).stream()
                            : Stream.of(pod.getMetadata().getName() + " is ending"))
                    .findFirst();
        });
    }

    /** Until it has seen that none is wanted, a ReplicaSet makes a pod, as pods were before, for each one that is killed. */
    private Optional<String> replicaSetThatMayMakePods() {
        return Cluster.client()
                .apps()
                .replicaSets()
                .inNamespace(Cluster.SYSTEM)
                .withLabelSelector(deployment().require().getSpec().getSelector())
                .list()
                .getItems()
                .stream()
                .filter(set -> set.getSpec().getReplicas() > 0
                        || set.getStatus().getObservedGeneration()
                                < set.getMetadata().getGeneration())
                .findFirst()
                .map(set -> set.getMetadata().getName() + " may make pods");
    }
}
