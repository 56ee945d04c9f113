package io.github.kubevxlan.controller.names.api;

import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.names.NamesEvents;
import io.github.kubevxlan.controller.names.NamesPlan;
import io.github.kubevxlan.controller.names.NamesView;
import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.names.SliceChange;
import io.github.kubevxlan.controller.names.SliceStore;
import io.github.kubevxlan.controller.names.SliceWriteException;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the EndpointSlices to what the Services want, for the leader. Whatever changes, all of it is compared a moment
 * later, so that changes that come together cost one comparison. What was written counts before the watch shows it; a
 * namespace that is being written is compared when that is done.
 */
public final class NamesController {
    static final Duration GATHER = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(NamesController.class);

    private final Keys keys;
    private final SliceStore slices;
    private final NamesEvents events;
    private final Dependencies dependencies;
    private final WrittenSlices written;
    private final SliceRetries retries;
    private final SliceWriters writers;
    private @Nullable Supplier<NamesView> source;
    private @Nullable ScheduledFuture<?> look;
    private boolean isDue;
    private boolean isRunning;
    private boolean isStale;

    /** Takes the annotations' keys, where slices are, and what records Events. */
    public NamesController(Keys keys, SliceStore slices, NamesEvents events, Dependencies dependencies) {
        this.keys = keys;
        this.slices = slices;
        this.events = events;
        this.dependencies = dependencies;
        this.written = new WrittenSlices(dependencies.ticker());
        this.retries = new SliceRetries(dependencies.ticker(), dependencies.random());
        this.writers = new SliceWriters(this::write, this::wrote, dependencies);
    }

    /** Works from now on, on what the watches show. */
    public void start(Supplier<NamesView> view) {
        synchronized (this) {
            source = view;
        }
        changed();
    }

    /** Something that names follow from may have changed. */
    public synchronized void changed() {
        if (source != null && !isDue) {
            runAfter(GATHER);
        }
    }

    private synchronized void runAfter(Duration pause) {
        isDue = true;
        var _ = schedule(pause, () -> dependencies.executor().execute(this::run));
    }

    /** Looks once more after the shortest of these pauses, if any; what was said before no longer holds. */
    private synchronized void lookAfter(Stream<Duration> pauses) {
        if (look != null) {
            look.cancel(false);
        }
        Optional<Duration> pause = pauses.min(Duration::compareTo);
        look = pause.isPresent() ? schedule(pause.get(), this::changed) : null;
    }

    private @Nullable ScheduledFuture<?> schedule(Duration pause, Runnable task) {
        try {
            return dependencies.timer().schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // the program ends: there is nothing more to do, and nothing to say of it
            return null;
        }
    }

    private void run() {
        Supplier<NamesView> view = begin();
        if (view == null) {
            return;
        }
        try {
            compare(view);
        } catch (RuntimeException e) {
            LOG.error("names could not be compared, to be tried again with the next change", e);
        } finally {
            end();
        }
    }

    private synchronized @Nullable Supplier<NamesView> begin() {
        isDue = false;
        if (isRunning) {
            isStale = true;
            return null;
        }
        isRunning = true;
        return source;
    }

    private synchronized void end() {
        isRunning = false;
        if (isStale) {
            isStale = false;
            runAfter(Duration.ZERO);
        }
    }

    private void compare(Supplier<NamesView> source) {
        Set<String> busy = writers.leaveOutBusy();
        NamesView view = source.get();
        NamesPlan plan = NamesPlan.of(keys, view.with(written.over(view.slices())));
        plan.problems().forEach(events::refused);
        retries.retain(
                plan.changes().stream().map(change -> change.slice().service()).collect(Collectors.toSet()));
        writers.write(plan.changes().stream()
                .filter(change -> !busy.contains(change.slice().service().namespace())
                        && retries.isDue(change.slice().service()))
                .toList());
        checkLater();
    }

    /** All slices of a namespace were tried. */
    private void wrote(boolean isOutdated) {
        if (isOutdated) {
            runAfter(Duration.ZERO);
        } else {
            checkLater();
        }
    }

    /** A namespace that is being written is looked at when that is done. */
    private synchronized void checkLater() {
        lookAfter(Stream.of(retries.next(writers.busy()), written.next()).flatMap(Optional::stream));
    }

    private boolean write(SliceChange change) {
        ServiceRef service = change.slice().service();
        try {
            written.add(change, slices.write(change));
            retries.add(service, true);
            return true;
        } catch (SliceWriteException e) {
            failed(change);
            LOG.warn("EndpointSlice {} could not be written: {}", change.slice().key(), e.getMessage());
            events.unwritten(service, String.valueOf(e.getMessage()));
            return false;
        } catch (RuntimeException e) {
            failed(change);
            LOG.error(
                    "EndpointSlice {}: unexpected failure, to be tried again",
                    change.slice().key(),
                    e);
            return false;
        }
    }

    private void failed(SliceChange change) {
        written.forget(change);
        retries.add(change.slice().service(), false);
    }
}
