package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The controller's own Deployment. For classes that say {@link Alone} only. */
public final class Controller {
    /** As the chart has it. */
    public static final int LIVENESS_FAILURES = 3;

    /** As many as the chart installs: one works, one waits. */
    private static final int REPLICAS = 2;

    private static final String CONTAINER = "controller";

    private static final Rollout ROLLOUT = new Rollout(Cluster.CONTROLLER, "controller");

    private Controller() {}

    /** Kills every controller, with no time to say goodbye, and lets none come back; returns when none is left. */
    public static void kill() {
        scale(0);
        pods().withGracePeriod(0).delete();
        ROLLOUT.awaitNone();
    }

    /** Ends every controller, which gives its Lease back, and lets none come back; returns when none is left. */
    static void stop() {
        scale(0);
        ROLLOUT.awaitNone();
    }

    /** Lets the controllers start; returns when they are ready. */
    public static void start() {
        scale(REPLICAS);
        awaitReady();
    }

    /** Returns when all controllers that should run are ready and no other is left. */
    public static void awaitReady() {
        ROLLOUT.awaitReady();
    }

    /** Stops the process of one that waits, until {@link #resume}; gives its pod. */
    public static Pod pauseStandby() {
        String leader = leader();
        Pod standby = pods().list().getItems().stream()
                .filter(pod -> !pod.getMetadata().getName().equals(leader))
                .findFirst()
                .orElseThrow(() -> new AssertionError("none waits"));
        Lab.signal("STOP", standby, CONTAINER);
        return standby;
    }

    /** Lets the processes of all controllers go on. */
    public static void resume() {
        pods().list().getItems().stream()
                .filter(pod -> Pods.isRunning(pod, CONTAINER))
                .forEach(pod -> Lab.signal("CONT", pod, CONTAINER));
    }

    /** Stops the process of the one that works, until {@link #resume}; gives its pod. */
    public static Pod pauseLeader() {
        Pod leader = pod(leader());
        Lab.signal("STOP", leader, CONTAINER);
        return leader;
    }

    /** A controller's pod as it is now. */
    public static Pod pod(String name) {
        return Cluster.client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withName(name)
                .require();
    }

    /** How often a controller's process was started again. */
    public static int restarts(Pod pod) {
        return Pods.restarts(pod(pod.getMetadata().getName()), CONTAINER);
    }

    /** The status with which a controller's process ended before it was started again. */
    public static Optional<Integer> lastExit(Pod pod) {
        return Pods.lastExit(pod(pod.getMetadata().getName()), CONTAINER);
    }

    /** Has all members compared in full that often, as Helm value controller.resync; returns when all controllers do. */
    public static void setResync(String period) {
        set("KUBEVXLAN_RESYNC", period);
    }

    /** Has members filter packets or not, as Helm value peerFilter; returns when all controllers know. */
    public static void setPeerFilter(boolean filter) {
        set("KUBEVXLAN_PEER_FILTER", Boolean.toString(filter));
    }

    /** Of how many members of a network the others are told the addresses, as Helm value controller.neighbours. */
    static int neighbours() {
        return ROLLOUT
                .deployment()
                .require()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv()
                .stream()
                .filter(env -> env.getName().equals("KUBEVXLAN_NEIGHBOURS"))
                .map(env -> Integer.parseInt(env.getValue()))
                .findFirst()
                .orElseThrow();
    }

    /** Sets what {@link #neighbours} gives; returns when all controllers know. */
    public static void setNeighbours(int members) {
        set("KUBEVXLAN_NEIGHBOURS", Integer.toString(members));
    }

    /**
     * After how many failed liveness checks, one each ten seconds, a kubelet ends a controller; returns when all have it. With
     * the chart's three, the kubelet ends a controller that a test pauses.
     */
    public static void setLivenessFailures(int failures) {
        set(container -> container
                .editLivenessProbe()
                .withFailureThreshold(failures)
                .endLivenessProbe()
                .build());
    }

    private static void set(String variable, String value) {
        set(container -> container
                .editMatchingEnv(env -> env.getName().equals(variable))
                .withValue(value)
                .endEnv()
                .build());
    }

    /** All controllers end and start at once, which takes half of the time of a rolling update. */
    private static void set(Function<ContainerBuilder, Container> edit) {
        stop();
        Cluster.edit(
                ROLLOUT.deployment(),
                before -> new DeploymentBuilder(before)
                        .editSpec()
                        .withReplicas(REPLICAS)
                        .editTemplate()
                        .editSpec()
                        .withContainers(edit.apply(new ContainerBuilder(before.getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .getFirst())))
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
        awaitReady();
        awaitLeader();
    }

    /**
     * Kills the one that works, and its pod; gives its name. A pod deleted with no grace gets two seconds all the same,
     * enough to give the Lease back, so the process ends first.
     */
    public static String killLeader() {
        awaitLeader();
        String leader = leader();
        Lab.signal("KILL", pod(leader), CONTAINER);
        Cluster.client()
                .pods()
                .inNamespace(Cluster.SYSTEM)
                .withName(leader)
                .withGracePeriod(0)
                .delete();
        return leader;
    }

    private static void awaitLeader() {
        Await.until("who holds the Lease is there", () -> {
            String holder = Optional.ofNullable(lease().getHolderIdentity()).orElse("");
            return listed().stream()
                            .anyMatch(pod -> holder.startsWith(pod.getMetadata().getName() + "-"))
                    ? Optional.empty()
                    : Optional.of(holder + " is gone");
        });
    }

    /** Waits until another leads; gives the time from the last renewal of the one before to when that one took over. */
    public static Duration awaitAnotherThan(String leader) {
        AtomicReference<ZonedDateTime> last = new AtomicReference<>(lease().getRenewTime());
        Await.until("another leads", () -> {
            LeaseSpec now = lease();
            if (leader.equals(leader(now))) {
                last.set(now.getRenewTime());
                return Optional.of("it is the same");
            }
            return Optional.empty();
        });
        return Duration.between(last.get(), lease().getAcquireTime());
    }

    /** How long the Lease lasts after a renewal. */
    public static Duration leaseDuration() {
        return Duration.ofSeconds(lease().getLeaseDurationSeconds());
    }

    /** The name of the pod that holds the Lease. */
    public static String leader() {
        return leader(lease());
    }

    private static String leader(LeaseSpec lease) {
        String identity = lease.getHolderIdentity();
        return identity.substring(0, identity.lastIndexOf('-'));
    }

    /** Waits until the Lease was renewed so many times. */
    public static void awaitRenewals(int count) {
        Set<ZonedDateTime> seen = new HashSet<>();
        Await.until(count + " renewals of the Lease", () -> {
            seen.add(lease().getRenewTime());
            return seen.size() > count ? Optional.empty() : Optional.of(seen.size() - 1 + " by now");
        });
    }

    private static LeaseSpec lease() {
        return Cluster.client()
                .leases()
                .inNamespace(Cluster.SYSTEM)
                .withName(Cluster.CONTROLLER)
                .get()
                .getSpec();
    }

    /** Its pods, those that go included. */
    public static List<Pod> listed() {
        return pods().list().getItems();
    }

    private static void scale(int replicas) {
        ROLLOUT.deployment().scale(replicas);
    }

    private static FilterWatchListDeletable<Pod, PodList, PodResource> pods() {
        return ROLLOUT.pods();
    }
}
