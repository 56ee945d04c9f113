package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.controller.overlay.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Operations that succeed or fail together. Somebody else may have made a device since the agent reported; so a link
 * that is to be made is a transaction of its own, in which nothing is done after a failure: the device of that name is
 * not ours then.
 *
 * @param makes the link that the transaction makes; empty for changes to what was there, of which none hinders another
 * @param ops in order
 */
public record Transaction(Optional<IfName> makes, List<NetOp> ops) {
    public Transaction {
        ops = List.copyOf(ops);
    }

    /** Splits a script's operations; what was there comes first, since it may be in the way. */
    static List<Transaction> of(List<NetOp> ops) {
        Map<IfName, List<NetOp>> made = new LinkedHashMap<>();
        List<NetOp.OnLink> changes = new ArrayList<>();
        ops.forEach(op -> {
            if (op instanceof NetOp.OnLink change && op.phase() == NetOp.Phase.CHANGE) {
                changes.add(change);
            }
        });
        changes.stream().filter(Transaction::makes).forEach(op -> made.put(op.link(), new ArrayList<>()));
        List<NetOp> others = new ArrayList<>();
        changes.forEach(op -> (op instanceof NetOp.DelLink ? others : made.getOrDefault(op.link(), others)).add(op));
        List<Transaction> transactions = new ArrayList<>();
        transactions.add(of(ops, NetOp.Phase.ADMIT));
        transactions.add(new Transaction(Optional.empty(), others));
        made.forEach((link, own) -> transactions.add(new Transaction(Optional.of(link), own)));
        transactions.add(of(ops, NetOp.Phase.CLOSE));
        return transactions;
    }

    private static Transaction of(List<NetOp> ops, NetOp.Phase phase) {
        return new Transaction(
                Optional.empty(), ops.stream().filter(op -> op.phase() == phase).toList());
    }

    /** What {@code nft} does, in order, all of it or nothing. */
    public List<NetOp> forNft() {
        return ops.stream().filter(Transaction::isForNft).toList();
    }

    /** What {@code ip} does, in order. */
    public List<NetOp> forIp() {
        return ops.stream()
                .filter(op -> !isForBridge(op) && !isForNft(op) && !isForTc(op))
                .toList();
    }

    /** What {@code tc} does, in order, after {@code ip}. */
    public List<NetOp> forTc() {
        return ops.stream().filter(Transaction::isForTc).toList();
    }

    /** What {@code bridge} does, in order, after {@code ip}. */
    public List<NetOp> forBridge() {
        return ops.stream().filter(Transaction::isForBridge).toList();
    }

    private static boolean makes(NetOp op) {
        return op instanceof NetOp.AddLink || op instanceof NetOp.Rename;
    }

    private static boolean isForNft(NetOp op) {
        return op.phase() != NetOp.Phase.CHANGE;
    }

    private static boolean isForTc(NetOp op) {
        return op instanceof NetOp.PutQdisc || op instanceof NetOp.DelQdisc;
    }

    private static boolean isForBridge(NetOp op) {
        return switch (op) {
            case NetOp.PutEntry(var link, Entry entry) -> isForwarding(entry);
            case NetOp.DelEntry(var link, Entry entry) -> isForwarding(entry);
            default -> false;
        };
    }

    private static boolean isForwarding(Entry entry) {
        return entry instanceof Entry.Flood || entry instanceof Entry.Unicast;
    }
}
