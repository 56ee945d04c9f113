package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.PeerTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one script for a pod of whose links only entries for other pods changed: its length grows with the change, its report is a
 * digest a link, or what failed.
 *
 * @param script what to do
 * @param expected the digest that each changed link must report
 */
public record IncrementalUpdate(Script script, Map<IfName, String> expected) {
    public IncrementalUpdate {
        expected = Map.copyOf(expected);
    }

    /** Whether entries for other pods lead from one want to another, and none of these pods is or was in the way of it. */
    public static boolean suffices(DesiredPod last, DesiredPod want) {
        return want.differsInPeersOnly(last) && !Underlay.isCovered(want) && !Underlay.isCovered(last);
    }

    /** Takes two wants of one pod that differ in such entries only. */
    public static IncrementalUpdate between(DesiredPod last, DesiredPod want) {
        List<NetOp> ops = new ArrayList<>();
        List<DesiredLink> changed = new ArrayList<>();
        Map<IfName, String> expected = new LinkedHashMap<>();
        for (int i = 0; i < want.links().size(); i++) {
            DesiredLink link = want.links().get(i);
            PeerTable before = last.links().get(i).peers();
            if (!link.peers().equals(before)) {
                ops.addAll(EntryDiff.delta(link, link.peers().since(before)));
                changed.add(link);
                expected.put(link.name(), link.peers().digest());
            }
        }
        ReportRequest reportRequest = new ReportRequest(false, changed, List.of());
        return new IncrementalUpdate(new Script(ops, false, reportRequest), expected);
    }

    /** Whether every changed link reported what it should hold, or that all of the change was done. */
    public boolean isDone(ObservedPod seen) {
        return expected.entrySet().stream()
                .allMatch(entry -> switch (seen.fdb().get(entry.getKey().value())) {
                    case FdbView.Digest(String sha256) -> sha256.equals(entry.getValue());
                    case FdbView.Changed() -> true;
                    case FdbView.Listed _ -> false;
                    case null -> false;
                });
    }
}
