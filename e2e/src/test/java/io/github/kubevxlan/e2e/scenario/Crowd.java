package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Many members on a node that there never was: for the API server they run and have addresses, but nothing answers
 * behind. Nobody else may play meanwhile.
 */
public final class Crowd implements AutoCloseable {
    private static final String NODE = "e2e-nowhere";
    private static final int AT_ONCE = 16;
    private static final int SUBNET = 250;

    private final Stage stage;
    private final List<String> networks;
    private final int each;

    private Crowd(Stage stage, List<String> networks, int each) {
        this.stage = stage;
        this.networks = networks;
        this.each = each;
    }

    /** So many in each of some networks. */
    public static Crowd gather(Stage stage, List<String> networks, int each) {
        Crowd crowd = new Crowd(stage, List.copyOf(networks), each);
        Cluster.client()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(NODE)
                        .endMetadata()
                        .build())
                .create();
        try (ExecutorService makers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> making = IntStream.range(0, crowd.size())
                    .<Future<?>>mapToObj(i -> makers.submit(() -> crowd.make(i)))
                    .toList();
            for (Future<?> made : making) {
                made.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a member of the crowd could not be made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return crowd;
    }

    /** How many there are in all. */
    public int size() {
        return networks.size() * each;
    }

    /** The addresses in the cluster's network of those in one of the networks. */
    public List<String> addresses(String network) {
        int first = networks.indexOf(network) * each;
        return IntStream.range(first, first + each).mapToObj(Crowd::address).toList();
    }

    @Override
    public void close() {
        // All by one request: the client's own way is one request a pod, one after another.
        Cluster.client()
                .raw(
                        "/api/v1/namespaces/%s/pods?fieldSelector=spec.nodeName%%3D%s"
                                .formatted(stage.namespace(), NODE),
                        "DELETE",
                        Map.of("kind", "DeleteOptions", "apiVersion", "v1", "gracePeriodSeconds", 0));
        Await.until("the crowd is gone", () -> {
            int left = Cluster.client()
                    .pods()
                    .inNamespace(stage.namespace())
                    .withField("spec.nodeName", NODE)
                    .list()
                    .getItems()
                    .size();
            return left == 0 ? Optional.empty() : Optional.of(left + " are there");
        });
        Cluster.client().nodes().withName(NODE).delete();
    }

    private void make(int index) {
        Pod member = Pods.member("crowd-" + index, networks.get(index / each));
        stage.create(new PodBuilder(member)
                .editSpec()
                .withNodeName(NODE)
                .withTolerations(new TolerationBuilder().withOperator("Exists").build())
                .endSpec()
                .build());
        Cluster.client()
                .resource(stage.pod(member.getMetadata().getName()))
                .editStatus(pod -> new PodBuilder(pod)
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP(address(index))
                        .addNewPodIP(address(index))
                        .withInitContainerStatuses(running(Cluster.AGENT))
                        .withContainerStatuses(running(Pods.APP))
                        .endStatus()
                        .build());
    }

    private static ContainerStatus running(String name) {
        return new ContainerStatusBuilder()
                .withName(name)
                .withImage(name)
                .withImageID(name)
                .withContainerID("containerd://" + name)
                .withReady(true)
                .withStarted(true)
                .withRestartCount(0)
                .withNewState()
                .withNewRunning(Instant.now().toString())
                .endState()
                .build();
    }

    /** Of the lab's range for pods, from a part that no node has. */
    private static String address(int index) {
        return "10.201.%d.%d".formatted(8 + index / SUBNET, 1 + index % SUBNET);
    }
}
