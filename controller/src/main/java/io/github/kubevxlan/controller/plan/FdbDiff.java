package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The all-zero entries of one link: one for each VTEP of the segment but the pod's own. Entries come before they go. */
final class FdbDiff {
    private FdbDiff() {}

    /** Operations for what was reported; empty if the report does not tell what the table holds. */
    static Optional<List<NetOp>> ops(DesiredLink wanted, IpAddr local, FdbView view, Optional<Vteps> confirmed) {
        return switch (view) {
            case FdbView.Listed(Vteps listed) -> Optional.of(ops(wanted, local, listed));
            case FdbView.Digest(String sha256) -> {
                if (sha256.equals(wanted.vteps().digest())) {
                    yield Optional.of(List.of());
                }
                yield confirmed
                        .filter(before -> sha256.equals(before.digest()))
                        .map(before ->
                                delta(wanted.name(), local, wanted.vteps().since(before)));
            }
        };
    }

    /** Operations for a table that holds just these destinations. */
    static List<NetOp> ops(DesiredLink wanted, IpAddr local, Vteps listed) {
        List<NetOp> ops = new ArrayList<>(delta(wanted.name(), local, Vteps.Delta.between(listed, wanted.vteps())));
        if (listed.all().contains(local)) {
            ops.add(new NetOp.DelFdb(wanted.name(), local));
        }
        return ops;
    }

    /** Operations for a difference; the pod's own address is never an entry. */
    static List<NetOp> delta(IfName link, IpAddr local, Vteps.Delta delta) {
        List<NetOp> ops = new ArrayList<>();
        delta.added().stream()
                .filter(vtep -> !vtep.equals(local))
                .forEach(vtep -> ops.add(new NetOp.AppendFdb(link, vtep)));
        delta.removed().stream()
                .filter(vtep -> !vtep.equals(local))
                .forEach(vtep -> ops.add(new NetOp.DelFdb(link, vtep)));
        return ops;
    }
}
