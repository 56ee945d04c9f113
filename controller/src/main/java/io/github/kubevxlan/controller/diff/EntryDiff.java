package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.PeerTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The entries of one link: all of its segment but those for the pod itself. Entries come before they go. */
final class EntryDiff {
    private EntryDiff() {}

    /** Operations for what was reported; empty if the report does not tell what the tables hold. */
    static Optional<List<NetOp>> ops(DesiredLink wanted, FdbView view, Optional<PeerTable> verified) {
        return switch (view) {
            case FdbView.Listed(PeerTable listed) -> Optional.of(ops(wanted, listed));
            case FdbView.Changed() -> Optional.empty();
            case FdbView.Digest(String sha256) -> {
                if (sha256.equals(wanted.peers().digest())) {
                    yield Optional.of(List.of());
                }
                yield verified.filter(before -> sha256.equals(before.digest()))
                        .map(before -> delta(wanted, wanted.peers().since(before)));
            }
        };
    }

    /** Operations for tables that hold just these entries. */
    static List<NetOp> ops(DesiredLink wanted, PeerTable listed) {
        List<NetOp> ops = new ArrayList<>(delta(wanted, PeerTable.Delta.between(listed, wanted.peers())));
        wanted.own().stream()
                .filter(listed::contains)
                .forEach(entry -> ops.add(new NetOp.DelEntry(wanted.name(), entry)));
        return ops;
    }

    /** Operations for a difference; entries for the pod itself are passed over, and those of sets that go as a whole. */
    static List<NetOp> delta(DesiredLink wanted, PeerTable.Delta delta) {
        List<NetOp> ops = new ArrayList<>();
        Set<String> replaced = new HashSet<>();
        for (Entry entry : delta.added()) {
            if (!wanted.own().contains(entry)) {
                ops.add(new NetOp.PutEntry(wanted.name(), entry));
                if (!entry.isOneOfMany()) {
                    replaced.add(entry.key());
                }
            }
        }
        delta.removed().stream()
                .filter(entry -> !wanted.own().contains(entry) && !replaced.contains(entry.key()))
                .filter(entry -> !(entry instanceof Entry.Permitted) || wanted.security() != Security.OFF)
                .forEach(entry -> ops.add(new NetOp.DelEntry(wanted.name(), entry)));
        return ops;
    }

    /** Operations for all wanted entries of a kind, such as those that the kernel or somebody dropped. */
    static List<NetOp> all(DesiredLink wanted, Class<? extends Entry> kind) {
        return wanted.peers().all().stream()
                .filter(entry -> kind.isInstance(entry) && !wanted.own().contains(entry))
                .<NetOp>map(entry -> new NetOp.PutEntry(wanted.name(), entry))
                .toList();
    }
}
