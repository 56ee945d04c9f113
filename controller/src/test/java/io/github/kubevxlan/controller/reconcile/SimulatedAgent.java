package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.UnreachableException;
import io.github.kubevxlan.controller.agent.UnreachableException.Hop;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.diff.SimulatedKernel;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.Claims;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One pod's agent over a simulated kernel; fails as often as it is told to. */
public final class SimulatedAgent implements Agent {
    public static final PodSnapshot POD = pod("uid-1", "10.244.1.1");

    /** Where time does not matter. */
    public static final AttemptDeadline NEVER_LATE = new AttemptDeadline(() -> Duration.ZERO, Duration.ofSeconds(10));

    public final List<Script> scripts = new ArrayList<>();
    public final Reconciler reconciler =
            new Reconciler(Nets.PREFIX, this, new AttemptDeadline(this::elapsed, Duration.ofSeconds(10)));
    public Duration callTakes = Duration.ZERO;
    public Optional<Runnable> undoing = Optional.empty();
    public int failures;
    public boolean losesAnswers;
    public boolean session = true;

    private final SimulatedKernel kernel;
    private Duration now = Duration.ZERO;

    private SimulatedAgent(SimulatedKernel kernel) {
        this.kernel = kernel;
    }

    public static SimulatedAgent of(SimulatedKernel kernel) {
        return new SimulatedAgent(kernel);
    }

    public static PodSnapshot pod(String uid, String ip) {
        return pod(uid, ip, AgentState.RUNNING, "containerd://" + uid);
    }

    /** {@link #POD} when all its other containers have ended. */
    public static PodSnapshot alone() {
        return pod("uid-1", "10.244.1.1", AgentState.ALONE, "containerd://uid-1");
    }

    /** A pod that was deleted and whose containers still run. */
    public static PodSnapshot ending(PodSnapshot pod) {
        return new PodSnapshot(
                pod.ref(),
                new PodSnapshot.Placement(pod.node(), pod.ips(), pod.hostNetwork(), pod.finished(), true),
                pod.container(),
                pod.meta(),
                pod.observedStatus());
    }

    /** {@link #POD} with another agent. */
    static PodSnapshot restarted() {
        return pod("uid-1", "10.244.1.1", AgentState.RUNNING, "containerd://second");
    }

    private static PodSnapshot pod(String uid, String ip, AgentState state, String agentId) {
        return new PodSnapshot(
                new PodRef(uid, "default", uid),
                new PodSnapshot.Placement("node1", List.of(IpAddr.parse(ip)), false, false),
                new PodSnapshot.AgentContainer(state, "vxlan-controller-agent", agentId, "image"),
                new PodSnapshot.PodMeta(Map.of()),
                ObservedStatus.NOTHING);
    }

    @Override
    public ObservedPod run(PodSnapshot pod, Script script) throws AgentException {
        if (failures > 0) {
            failures--;
            if (losesAnswers) {
                kernel.run(script);
            }
            throw new UnreachableException(Hop.NODE, "no answer within 10 s");
        }
        scripts.add(script);
        now = now.plus(callTakes);
        ObservedPod done = kernel.run(script);
        if (undoing.isEmpty()) {
            return done;
        }
        undoing.get().run();
        return kernel.run(new Script(List.of(), false, script.reportRequest()));
    }

    private Duration elapsed() {
        return now;
    }

    @Override
    public boolean hasSession(PodSnapshot pod) {
        return session;
    }

    @Override
    public void forget(String uid) {}

    /** One attempt that compares in full. */
    public Outcome settle(DesiredPod want) {
        return attempt(want, true);
    }

    /** One attempt. */
    public Outcome attempt(DesiredPod want, boolean check) {
        try {
            return reconciler.reconcile(new Target(POD, want, Claims.NONE), check);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
