package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A pod and the overlay it should have.
 *
 * @param pod as last seen; it has an address
 * @param desired what it should have
 * @param claims addresses that are to be written on the pod before it is given them
 */
public record Target(PodSnapshot pod, DesiredPod desired, Claims claims) {
    /** Whether all of that is written on it. */
    public boolean isClaimed() {
        return claims.areIn(pod.observedStatus().status().networks());
    }

    /**
     * What the pod can have as long as some of its claims are not written on it. A link of such a network stays what it
     * last was, and follows its peers; where that is not known, it stays altogether. The pod's other links are as wanted.
     *
     * @param last what the pod last reported to have; empty if that is not known
     */
    public Target meanwhile(Optional<DesiredPod> last) {
        List<DesiredLink> links = new ArrayList<>();
        List<NetworkProblem> missing = new ArrayList<>(desired.missing());
        Set<String> retained = new HashSet<>(desired.retained().networks());
        for (DesiredLink link : desired.links()) {
            String network = link.network().name();
            if (isWritten(network)) {
                links.add(link);
                continue;
            }
            missing.add(new NetworkProblem(
                    network, "network " + network + ": its addresses are not in the pod's status yet"));
            retained.add(network);
            last.flatMap(known -> known.links().stream()
                            .filter(before -> before.name().equals(link.name())
                                    && before.segment().equals(link.segment()))
                            .findFirst())
                    .ifPresent(before -> links.add(link.with(before.network())));
        }
        RetainedLinks stays = new RetainedLinks(
                desired.retained().all(), retained, desired.retained().closed());
        return new Target(pod, new DesiredPod(links, stays, missing), claims);
    }

    private boolean isWritten(String network) {
        List<IpAddr> written = pod.observedStatus().status().networks().stream()
                .filter(one -> one.name().equals(network))
                .flatMap(one -> one.ips().stream())
                .toList();
        return written.containsAll(claims.of(network));
    }
}
