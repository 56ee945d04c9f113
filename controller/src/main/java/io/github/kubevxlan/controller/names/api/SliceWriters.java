package io.github.kubevxlan.controller.names.api;

import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.names.SliceChange;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.WorkQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Writes slices: those of one namespace one after the other, and in turn with those of other namespaces, of which a few are
 * written at once. So no namespace waits for another that has many, or whose writes hang.
 */
final class SliceWriters {
    /** So many writes at once. */
    static final int MOST = 8;

    private final Predicate<SliceChange> write;
    private final Consumer<Boolean> done;
    private final WorkQueue namespaces;
    private final Map<String, Pending> pendingByNamespace = new HashMap<>();

    private static final class Pending {
        private final Deque<SliceChange> left = new ArrayDeque<>();
        private final Set<ServiceRef> failed = new HashSet<>();
        private boolean isOutdated;
    }

    /**
     * Takes what does the work.
     *
     * @param write writes one change, and tells whether it did
     * @param done takes, when all of a namespace was tried, whether it has to be compared again, since it was left out
     *     meanwhile
     */
    SliceWriters(Predicate<SliceChange> write, Consumer<Boolean> done, Dependencies dependencies) {
        this.write = write;
        this.done = done;
        this.namespaces = WorkQueue.of(this::writeNext, MOST, dependencies);
    }

    /** The namespaces that are being written, which a comparison that begins now leaves out. */
    synchronized Set<String> leaveOutBusy() {
        pendingByNamespace.values().forEach(pending -> pending.isOutdated = true);
        return busy();
    }

    /** The namespaces that are being written. */
    synchronized Set<String> busy() {
        return Set.copyOf(pendingByNamespace.keySet());
    }

    /** Writes these soon; none of them is of a namespace that is being written. */
    void write(List<SliceChange> changes) {
        Set<String> added = new LinkedHashSet<>();
        synchronized (this) {
            for (SliceChange change : changes) {
                String namespace = namespace(change);
                pendingByNamespace
                        .computeIfAbsent(namespace, _ -> new Pending())
                        .left
                        .add(change);
                added.add(namespace);
            }
        }
        added.forEach(namespaces::add);
    }

    private void writeNext(String namespace) {
        SliceChange change = take(namespace);
        boolean written = false;
        try {
            written = write.test(change);
        } finally { // whatever it throws, the others of the namespace are written
            next(change, written);
        }
    }

    private synchronized SliceChange take(String namespace) {
        return Objects.requireNonNull(pendingByNamespace.get(namespace)).left.remove();
    }

    /** After a failure the rest of the Service waits for the next comparison. */
    private void next(SliceChange change, boolean written) {
        String namespace = namespace(change);
        boolean isOutdated;
        synchronized (this) {
            Pending pending = Objects.requireNonNull(pendingByNamespace.get(namespace));
            if (!written) {
                pending.failed.add(change.slice().service());
            }
            pending.left.removeIf(other -> pending.failed.contains(other.slice().service()));
            if (!pending.left.isEmpty()) {
                namespaces.add(namespace);
                return;
            }
            pendingByNamespace.remove(namespace);
            isOutdated = pending.isOutdated;
        }
        done.accept(isOutdated);
    }

    private static String namespace(SliceChange change) {
        return change.slice().service().namespace();
    }
}
