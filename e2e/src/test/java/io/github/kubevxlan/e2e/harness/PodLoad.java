package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Makes labelled pods again and again until it is closed, each through the API server's whole admission, and tries none
 * twice: what a user is refused is seen. One maker stores pods, for no scheduler, and deletes them; others make dry runs
 * that go as far as the store, for the rate. The makers leave the machine time for what is tested meanwhile.
 */
public final class PodLoad implements AutoCloseable {
    private static final int DRY_RUNNERS = 2;
    private static final Duration TURN = Duration.ofMillis(50);

    private final KubernetesClient client = withoutRetries();
    private final String namespace;
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger tried = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> makers;
    private volatile boolean closed;

    private PodLoad(String namespace) {
        this.namespace = namespace;
        makers = Stream.concat(Stream.of(true), Stream.generate(() -> false).limit(DRY_RUNNERS))
                .map(stores -> Thread.ofVirtual().unstarted(() -> makePods(stores)))
                .toList();
    }

    /** Begins. */
    public static PodLoad start(Stage stage) {
        PodLoad load = new PodLoad(stage.namespace());
        load.makers.forEach(Thread::start);
        return load;
    }

    /** How many pods were stored. */
    public int stored() {
        return stored.get();
    }

    /** How many creations were answered, dry runs and refused ones included. */
    public int tried() {
        return tried.get();
    }

    /** What went wrong, with the time. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Ends after the creations that are under way. */
    @Override
    public void close() {
        closed = true;
        try {
            for (Thread maker : makers) {
                maker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }

    private void makePods(boolean stores) {
        while (!closed) {
            String name = "load-" + tried.incrementAndGet();
            Instant begun = Instant.now();
            long next = System.nanoTime() + TURN.toNanos();
            try {
                make(name, stores);
            } catch (KubernetesClientException e) {
                failures.add("%s, from %s to %s: %s".formatted(name, begun, Instant.now(), e.getMessage()));
            }
            Await.until(
                    "it is time for the next pod",
                    () -> System.nanoTime() - next >= 0 ? Optional.empty() : Optional.of("not yet"));
        }
    }

    private void make(String name, boolean stores) {
        PodResource resource = client.pods().inNamespace(namespace).resource(unscheduled(name));
        Pod made = stores ? resource.create() : resource.dryRun(true).create();
        if (!Pods.hasAgent(made)) {
            failures.add(name + " has no agent");
        }
        if (stores) {
            stored.incrementAndGet();
            resource.withGracePeriod(0).delete();
        }
    }

    private static Pod unscheduled(String name) {
        return new PodBuilder(Pods.member(name, "vxeth0"))
                .editSpec()
                .withSchedulerName("none")
                .endSpec()
                .build();
    }

    private static KubernetesClient withoutRetries() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Cluster.client().getConfiguration())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }
}
