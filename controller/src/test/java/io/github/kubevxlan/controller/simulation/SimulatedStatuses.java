package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** One controller's writes of pods' status, each done later than it was asked for, if it is not refused. */
final class SimulatedStatuses implements StatusStore {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final SimulatedCluster cluster;
    private final SimulatedTime time;
    private final RandomGenerator random;
    private final Map<String, OverlayStatus> wanted = new HashMap<>();
    private final Set<String> last = new HashSet<>();
    /** How many of a hundred writes fail. */
    int failing;
    /** A pod that can't be written on, by its name. */
    String full = "";

    SimulatedStatuses(SimulatedCluster cluster, SimulatedTime time, RandomGenerator random) {
        this.cluster = cluster;
        this.time = time;
        this.random = random;
    }

    @Override
    public void write(PodRef pod, OverlayStatus status) {
        last.remove(pod.uid());
        want(pod, status);
    }

    @Override
    public void writeLast(PodRef pod, OverlayStatus status) {
        last.add(pod.uid());
        want(pod, status);
    }

    private void want(PodRef pod, OverlayStatus status) {
        wanted.put(pod.uid(), status);
        time.execute(() -> attempt(pod));
    }

    @Override
    public void seen(PodSnapshot pod) {}

    @Override
    public void expect(String uid) {}

    @Override
    public void forget(String uid) {
        if (!last.contains(uid)) {
            wanted.remove(uid);
        }
    }

    /** Its process is gone: of the writes that are under way some still arrive, and no condition that is older than the pod. */
    void end() {
        Map<String, OverlayStatus> late = Map.copyOf(wanted);
        late.forEach((uid, status) -> cluster.pods().stream()
                .filter(pod -> pod.ref.uid().equals(uid) && random.nextBoolean())
                .forEach(pod -> put(pod, new OverlayStatus(status.networks(), Optional.empty()))));
        wanted.clear();
        failing = 100;
    }

    private void attempt(PodRef ref) {
        OverlayStatus status = wanted.get(ref.uid());
        if (status == null || failing == 100 || ref.name().equals(full)) {
            return;
        }
        if (random.nextInt(100) < failing) {
            var _ = time.timer.schedule(() -> attempt(ref), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        cluster.pod(ref.toString()).filter(pod -> pod.ref.equals(ref)).ifPresent(pod -> put(pod, status));
        if (last.remove(ref.uid())) {
            wanted.remove(ref.uid());
        }
    }

    private void put(SimulatedPod pod, OverlayStatus status) {
        if (pod.written().covers(status)) {
            return;
        }
        cluster.subnets.count(pod.status, status.networks());
        pod.write(status);
        cluster.changed(pod);
    }
}
