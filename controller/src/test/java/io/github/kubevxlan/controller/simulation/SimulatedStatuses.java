package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.controller.plan.NetworkStatus;
import io.github.kubevxlan.controller.plan.OverlayStatus;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** One controller's writes of pods' status, each done later than it was asked for, if it is not refused. */
final class SimulatedStatuses implements StatusStore {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final SimulatedCluster cluster;
    private final SimulatedTime time;
    private final RandomGenerator random;
    private final Map<String, List<NetworkStatus>> wanted = new HashMap<>();
    /** How many of a hundred writes fail. */
    int failing;

    SimulatedStatuses(SimulatedCluster cluster, SimulatedTime time, RandomGenerator random) {
        this.cluster = cluster;
        this.time = time;
        this.random = random;
    }

    @Override
    public void write(PodRef pod, OverlayStatus status) {
        wanted.put(pod.uid(), status.networks());
        time.execute(() -> attempt(pod));
    }

    @Override
    public void seen(PodSnapshot pod) {}

    @Override
    public void forget(String uid) {
        wanted.remove(uid);
    }

    /** Its process is gone: of the writes that are under way some still arrive. */
    void end() {
        Map<String, List<NetworkStatus>> late = Map.copyOf(wanted);
        late.forEach((uid, networks) -> cluster.pods().stream()
                .filter(pod -> pod.ref.uid().equals(uid) && random.nextBoolean())
                .forEach(pod -> put(pod, networks)));
        wanted.clear();
        failing = 100;
    }

    private void attempt(PodRef ref) {
        List<NetworkStatus> networks = wanted.get(ref.uid());
        if (networks == null || failing == 100) {
            return;
        }
        if (random.nextInt(100) < failing) {
            var _ = time.timer.schedule(() -> attempt(ref), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        cluster.pod(ref.toString()).filter(pod -> pod.ref.equals(ref)).ifPresent(pod -> put(pod, networks));
    }

    private void put(SimulatedPod pod, List<NetworkStatus> networks) {
        if (!pod.status.equals(networks)) {
            cluster.subnets.count(pod.status, networks);
            pod.status = networks;
            cluster.changed(pod);
        }
    }
}
