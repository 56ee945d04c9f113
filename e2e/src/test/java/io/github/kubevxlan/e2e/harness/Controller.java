package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.List;
import java.util.Optional;

/** The controller's own Deployment. For classes that say {@code @Isolated} only. */
public final class Controller {
    private Controller() {}

    /** Kills every controller, with no time to say goodbye, and lets none come back; returns when none is left. */
    public static void kill() {
        scale(0);
        pods().withGracePeriod(0).delete();
        Await.until("no controller runs", () -> {
            List<Pod> left = pods().list().getItems();
            return left.isEmpty() ? Optional.empty() : Optional.of(left.size() + " pods are left");
        });
    }

    /** Lets a controller start; returns when it is ready. */
    public static void start() {
        scale(1);
        awaitReady();
    }

    /** Returns when all controllers that should run are ready and no other is left. */
    public static void awaitReady() {
        Await.until("the controller is ready", () -> {
            List<Pod> running = pods().list().getItems();
            return running.size() == 1 ? Pods.notReady(running.getFirst()) : Optional.of(running.size() + " pods");
        });
    }

    private static void scale(int replicas) {
        Cluster.client()
                .apps()
                .deployments()
                .inNamespace(Cluster.SYSTEM)
                .withName(Cluster.CONTROLLER)
                .scale(replicas);
    }

    private static FilterWatchListDeletable<Pod, PodList, PodResource> pods() {
        return Cluster.client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withLabel("app.kubernetes.io/name", "kube-vxlan-controller")
                .withLabel("app.kubernetes.io/component", "controller");
    }
}
