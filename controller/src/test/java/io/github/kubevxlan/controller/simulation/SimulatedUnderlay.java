package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.Echo;
import io.github.kubevxlan.controller.agent.EchoRequest;
import io.github.kubevxlan.controller.agent.PathAgent;
import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.agent.ProbeRequest;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What lies between the nodes: how large packets may be that pass from one to another, if any pass. */
final class SimulatedUnderlay implements PathAgent {
    static final int FULL = 1450;

    private final SimulatedCluster cluster;
    private final RandomGenerator random;
    private final Map<String, String> uidByToken = new HashMap<>();
    /** By the names of both nodes; what is missing carries the full size. */
    final Map<String, Integer> passes = new HashMap<>();
    /** How many of a hundred requests fail. */
    int failing;

    private final Runnable meanwhile;

    /** Takes what may happen while a probe is under way. */
    SimulatedUnderlay(SimulatedCluster cluster, RandomGenerator random, Runnable meanwhile) {
        this.cluster = cluster;
        this.random = random;
        this.meanwhile = meanwhile;
    }

    /** Whether a pod's agent measures paths; those of older versions do not. */
    static boolean isAble(SimulatedPod pod) {
        return Math.floorMod(pod.ref.uid().hashCode(), 5) > 0;
    }

    int between(String one, String other) {
        return passes.getOrDefault(key(one, other), FULL);
    }

    static String key(String one, String other) {
        return one.compareTo(other) < 0 ? one + " " + other : other + " " + one;
    }

    @Override
    public Optional<Echo> echo(PodSnapshot asked, EchoRequest request) throws AgentException {
        SimulatedPod pod = reached(asked);
        if (!isAble(pod)) {
            return Optional.empty();
        }
        uidByToken.put(request.token(), pod.ref.uid());
        return Optional.of(new Echo(request.address(), 4000, request.token(), FULL));
    }

    @Override
    public Optional<PathReport> probe(PodSnapshot asked, ProbeRequest request) throws AgentException {
        SimulatedPod from = reached(asked);
        meanwhile.run();
        if (!isAble(from)) {
            return Optional.empty();
        }
        String to = uidByToken.getOrDefault(request.to().token(), "");
        int size = cluster.pods().stream()
                .filter(pod -> pod.ref.uid().equals(to) && pod.agent == AgentState.RUNNING && !pod.finished)
                .map(pod -> between(from.snapshot().node(), pod.snapshot().node()))
                .findFirst()
                .orElse(0);
        return Optional.of(new PathReport(
                3,
                size == 0 ? 0 : 3,
                size == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(1)),
                new PathReport.Size(FULL, size),
                0));
    }

    private SimulatedPod reached(PodSnapshot asked) throws AgentException {
        SimulatedPod pod = cluster.pod(asked.ref().toString())
                .filter(one -> one.ref.equals(asked.ref()) && one.agent == AgentState.RUNNING && !one.finished)
                .orElseThrow(() -> new AgentException("exec was refused: not found"));
        if (random.nextInt(100) < failing) {
            throw new AgentException("no answer within 5 s");
        }
        return pod;
    }
}
