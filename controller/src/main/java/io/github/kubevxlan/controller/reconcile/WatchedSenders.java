package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.RefusedSender;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Another agent, and what it tells of packets that their senders must not send: an Event on the sender for each kind of them.
 * The agent may belong to a tenant and lie. So what it tells counts for networks that it was asked about, of other members
 * of them, and is charged to its own pod's budget of Events.
 */
public final class WatchedSenders implements Agent {
    /** Packets from before the pod was first asked count if they are not older. */
    private static final Duration OLDEST = Duration.ofMinutes(10);

    /** Agents tell whole seconds. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final Agent agent;
    private final Members members;
    private final EventRecorder events;
    private final Ticker ticker;
    private final Map<String, Duration> asked = new ConcurrentHashMap<>();

    /** Takes the agent, who is a member of what, where to tell, and a clock. */
    public WatchedSenders(Agent agent, Members members, EventRecorder events, Ticker ticker) {
        this.agent = agent;
        this.members = members;
        this.events = events;
        this.ticker = ticker;
    }

    @Override
    public ObservedPod run(PodSnapshot pod, Script script) throws AgentException, InterruptedException {
        ObservedPod seen = agent.run(pod, script);
        reported(pod.ref(), script.reportRequest(), seen);
        return seen;
    }

    @Override
    public boolean hasSession(PodSnapshot pod) {
        return agent.hasSession(pod);
    }

    @Override
    public void forget(String uid) {
        agent.forget(uid);
        asked.remove(uid);
    }

    private void reported(PodRef receiver, ReportRequest request, ObservedPod seen) {
        if (seen.filters().isEmpty() || request.secured().isEmpty()) {
            return;
        }
        List<RefusedSender> senders = seen.filters().orElseThrow().security().senders();
        Duration now = ticker.elapsed();
        Optional<Duration> before = Optional.ofNullable(asked.put(receiver.uid(), now));
        Duration since = before.map(last -> now.minus(last).plus(SLACK)).orElse(OLDEST);
        senders.stream()
                .filter(sender -> sender.ago().compareTo(since) <= 0)
                .forEach(sender -> link(request, sender).ifPresent(link -> tell(receiver, link, sender)));
    }

    private static Optional<DesiredLink> link(ReportRequest request, RefusedSender sender) {
        return request.links()
                .filter(link -> link.secured().filter(sender.filter()::equals).isPresent())
                .findFirst();
    }

    /** A VTEP that is no member's may be one outside the cluster, or a member's that has gone. */
    private void tell(PodRef receiver, DesiredLink link, RefusedSender sender) {
        members.checkedSender(sender.filter().segment(), sender.vtep())
                .filter(pod -> !pod.equals(receiver))
                .ifPresent(pod -> events.refused(
                        pod,
                        new RefusedPackets(
                                link.network().name(),
                                receiver,
                                link.network().security().mode(),
                                sender.reason())));
    }
}
