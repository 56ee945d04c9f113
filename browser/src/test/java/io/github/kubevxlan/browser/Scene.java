package io.github.kubevxlan.browser;

import io.github.kubevxlan.controller.page.PageChange;
import io.github.kubevxlan.controller.page.PageLeader;
import io.github.kubevxlan.controller.page.PageMember;
import io.github.kubevxlan.controller.page.PageModel;
import io.github.kubevxlan.controller.page.PageNetwork;
import io.github.kubevxlan.controller.page.RecentChanges;
import io.github.kubevxlan.controller.pod.PodRef;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A cluster that does what a test says, as the controller would show it. */
final class Scene {
    private final RecentChanges changes = new RecentChanges(Clock.systemUTC());
    private final Map<String, Integer> vnis = new TreeMap<>();
    private final Map<String, PageMember> members = new TreeMap<>();
    private PageLeader leader = new PageLeader(true, "kube-vxlan-controller-7d4b9c-x2x4q", "");

    RecentChanges changes() {
        return changes;
    }

    synchronized PageModel model() {
        if (!leader.leads()) {
            return PageModel.waiting(leader);
        }
        List<PageNetwork> networks = vnis.entrySet().stream()
                .map(entry -> network(entry.getKey(), entry.getValue()))
                .toList();
        return PageModel.of(leader, networks, members.values());
    }

    synchronized Scene network(String name, int vni, String... pods) {
        vnis.put(name, vni);
        for (String pod : pods) {
            put(pod, name, "ready", "");
        }
        return this;
    }

    synchronized void waits(String holder) {
        leader = new PageLeader(false, "kube-vxlan-controller-7d4b9c-x2x4q", holder);
    }

    void join(String pod, String network) {
        put(pod, network, "waiting", "the controller has not set it up yet");
        tell(PageChange.Kind.JOINED, pod, network, "");
    }

    void ready(String pod, String network) {
        put(pod, network, "ready", "");
        tell(PageChange.Kind.READY, pod, network, "");
    }

    void fail(String pod, String network, String reason) {
        put(pod, network, "failed", reason);
        tell(PageChange.Kind.FAILED, pod, network, reason);
        event(pod, "AgentFailed", reason);
    }

    /** Nothing else happens to the pod. */
    void event(String pod, String reason, String message) {
        changes.addEvent(ref(pod), reason, message);
    }

    void degrade(String pod, String network, String reason) {
        put(pod, network, "degraded", reason);
        tell(PageChange.Kind.DEGRADED, pod, network, reason);
    }

    void repair(String pod, String network) {
        put(pod, network, "ready", "");
        tell(PageChange.Kind.REPAIRED, pod, network, "");
    }

    synchronized void leave(String pod, String network) {
        members.remove(key(pod, network));
        tell(PageChange.Kind.LEFT, pod, network, "");
    }

    private void tell(PageChange.Kind kind, String pod, String network, String text) {
        changes.add(kind, ref(pod), network, text);
    }

    private synchronized void put(String pod, String network, String state, String reason) {
        PodRef ref = ref(pod);
        int number = Math.floorMod(pod.hashCode(), 60_000);
        boolean isThere = !state.equals("waiting");
        members.put(
                key(pod, network),
                new PageMember(
                        new PageMember.Identity(
                                ref.uid(),
                                ref.namespace(),
                                ref.name(),
                                "node-" + (char) ('a' + Math.floorMod(pod.hashCode(), 3)),
                                List.of("10.244." + number / 250 + "." + number % 250)),
                        network,
                        new PageMember.Link(
                                isThere ? network : "",
                                List.of("192.168." + number / 250 + "." + number % 250),
                                isThere ? "02:58:%02x:%02x:00:01".formatted(number / 256, number % 256) : ""),
                        state,
                        reason));
    }

    private PageNetwork network(String name, int vni) {
        List<PageMember> its = members.values().stream()
                .filter(member -> member.network().equals(name))
                .toList();
        int ready = (int)
                its.stream().filter(member -> member.state().equals("ready")).count();
        return new PageNetwork(
                name, new PageNetwork.Segment(vni, 14789, ""), new PageNetwork.Pods(its.size(), ready), "");
    }

    /** A pod is NAMESPACE/NAME. */
    private static PodRef ref(String pod) {
        int slash = pod.indexOf('/');
        return new PodRef("uid-" + pod.replace('/', '-'), pod.substring(0, slash), pod.substring(slash + 1));
    }

    private static String key(String pod, String network) {
        return network + "\n" + pod;
    }
}
