package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.UnreachableException;
import io.github.kubevxlan.controller.agent.UnreachableException.Hop;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Native agents of one large segment that take their time, on nodes that may be lost. They keep the digest of what they were
 * told and no table, so that what is measured of the heap is the controller's.
 */
final class LatentAgents implements Agent {
    static final Duration DEADLINE = Duration.ofSeconds(10);
    static final Duration OPENING = Duration.ofMillis(400);
    static final Duration ANSWER = Duration.ofMillis(100);
    private static final Duration LATE = Duration.ofSeconds(9);
    private static final Duration REFUSAL = Duration.ofMillis(50);
    private static final int SESSIONS = 256;

    /** By UID. */
    final Map<String, Integer> scripts = new HashMap<>();

    /** Scripts that told a member of somebody who was gone when they were sent. */
    final List<String> late = new ArrayList<>();

    final Set<String> answered = new HashSet<>();
    Predicate<PodSnapshot> silent = _ -> false;
    /** They answer just in time, and tell that nothing is there. */
    Predicate<PodSnapshot> unsettled = _ -> false;

    int mostUnsettled;
    boolean refused;
    int calls;
    int mostCalls;

    private int unsettledCalls;
    private final Members members;
    private final SimulatedThreads threads;
    private final Map<String, String> digests = new HashMap<>();
    private final Set<String> marked = new HashSet<>();
    private final Set<String> sessions = new HashSet<>();

    LatentAgents(Members members, SimulatedThreads threads) {
        this.members = members;
        this.threads = threads;
    }

    /** What a pod's kernel holds before the controller begins: everything. */
    void settle(String uid) {
        digests.put(uid, link(uid).orElseThrow().peers().digest());
        marked.add(uid);
    }

    @Override
    public ObservedPod run(PodSnapshot pod, Script script) throws AgentException {
        mostCalls = Math.max(mostCalls, ++calls);
        try {
            return answer(pod, script);
        } finally {
            calls--;
        }
    }

    private ObservedPod answer(PodSnapshot pod, Script script) throws AgentException {
        String uid = pod.ref().uid();
        if (refused) {
            threads.sleep(REFUSAL);
            throw new UnreachableException(Hop.API_SERVER, "exec failed: Connection refused");
        }
        if (silent.test(pod)) {
            threads.sleep(DEADLINE);
            throw new UnreachableException(Hop.NODE, "no answer within 10 s");
        }
        if (unsettled.test(pod)) {
            mostUnsettled = Math.max(mostUnsettled, ++unsettledCalls);
            threads.sleep(LATE);
            unsettledCalls--;
            digests.remove(uid);
            return report(pod, script, link(uid).orElseThrow());
        }
        scripts.merge(uid, 1, Integer::sum);
        note(uid, script);
        boolean open = sessions.contains(uid) || (sessions.size() < SESSIONS && !sessions.add(uid));
        threads.sleep(open ? ANSWER : OPENING.plus(ANSWER));
        DesiredLink link = link(uid).orElseThrow(() -> new AgentException("exec was refused: not found"));
        if (script.ops().stream().anyMatch(NetOp.AddLink.class::isInstance)
                || (digests.containsKey(uid) && !script.ops().isEmpty())) {
            script.reportRequest()
                    .digests()
                    .forEach(told -> digests.put(uid, told.peers().digest()));
        }
        if (script.mark()) {
            marked.add(uid);
        }
        answered.add(uid);
        return report(pod, script, link);
    }

    private ObservedPod report(PodSnapshot pod, Script script, DesiredLink link) {
        String digest = digests.get(pod.ref().uid());
        String name = link.name().value();
        Map<String, FdbView> fdb = new HashMap<>();
        if (script.reportRequest().isOfChangeAlone()) {
            script.reportRequest().digests().forEach(told -> fdb.put(told.name().value(), new FdbView.Changed()));
        } else if (digest != null) {
            fdb.put(name, new FdbView.Digest(digest));
            script.reportRequest().lists().forEach(listed -> {
                fdb.put(name, new FdbView.Listed(listed.peers()));
                digests.put(pod.ref().uid(), listed.peers().digest());
            });
        }
        boolean devices = script.reportRequest().devices();
        return new ObservedPod(
                new ObservedPod.Devices(
                        devices
                                ? SharedTables.devices(
                                        pod,
                                        link,
                                        digest != null,
                                        marked.contains(pod.ref().uid()))
                                : List.of(),
                        Set.of()),
                new ObservedPod.Routing(List.of(), List.of()),
                Optional.of(SharedTables.filters(link, digest != null)),
                fdb,
                new ObservedPod.Diagnostics(List.of(), Optional.of("1.0.0")));
    }

    /** A joiner's own table may change before it is sent; what its peers are told is about one or a few others. */
    private void note(String uid, Script script) {
        if (!script.reportRequest().isOfChangeAlone()) {
            return;
        }
        link(uid)
                .ifPresent(link -> script.ops().stream()
                        .filter(op -> op instanceof NetOp.PutEntry put
                                && !link.peers().contains(put.entry()))
                        .findFirst()
                        .ifPresent(op -> late.add(uid + " " + op)));
    }

    private Optional<DesiredLink> link(String uid) {
        return members.target(uid)
                .map(Target::desired)
                .map(desired -> desired.links().getFirst());
    }

    @Override
    public boolean hasSession(PodSnapshot pod) {
        return sessions.contains(pod.ref().uid());
    }

    @Override
    public void forget(String uid) {
        digests.remove(uid);
        marked.remove(uid);
        sessions.remove(uid);
    }
}
