package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one script for a pod of whose links only entries for other pods changed: its length grows with the change, its report is a
 * digest a link.
 *
 * @param script what to do
 * @param expected the digest that each changed link must report
 */
public record VtepWave(Script script, Map<IfName, String> expected) {
    public VtepWave {
        expected = Map.copyOf(expected);
    }

    /** Takes two wants of one pod that differ in such entries only. */
    public static VtepWave between(DesiredPod last, DesiredPod want) {
        List<NetOp> ops = new ArrayList<>();
        List<DesiredLink> changed = new ArrayList<>();
        Map<IfName, String> expected = new LinkedHashMap<>();
        for (int i = 0; i < want.links().size(); i++) {
            DesiredLink link = want.links().get(i);
            Vteps before = last.links().get(i).vteps();
            if (!link.vteps().equals(before)) {
                ops.addAll(EntryDiff.delta(link, link.vteps().since(before)));
                changed.add(link);
                expected.put(link.name(), link.vteps().digest());
            }
        }
        Ask ask = new Ask(false, changed, List.of());
        return new VtepWave(new Script(ops, false, ask), expected);
    }

    /** Whether every changed link reported what it should hold. */
    public boolean isDone(ObservedPod seen) {
        return expected.entrySet().stream()
                .allMatch(entry -> new FdbView.Digest(entry.getValue())
                        .equals(seen.fdb().get(entry.getKey().value())));
    }
}
