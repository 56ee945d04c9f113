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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the EndpointSlices to what the Services want, for the leader. Whatever changes, all of it is compared a moment
 * later, so that changes that come together cost one comparison. A comparison waits until the watch shows what the last
 * one wrote.
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
            isDue = true;
            var _ = schedule(GATHER, () -> dependencies.executor().execute(this::run));
        }
    }

    /** Looks once more after a while; there is one such time, the last that was said. */
    private synchronized void lookAfter(Duration pause) {
        if (look != null) {
            look.cancel(false);
        }
        look = schedule(pause, this::changed);
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
            compare(view.get());
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
            changed();
        }
    }

    private void compare(NamesView view) {
        if (!written.areShown(view.slices())) {
            lookAfter(WrittenSlices.PERIOD);
            return;
        }
        NamesPlan plan = NamesPlan.of(keys, view);
        plan.problems().forEach(events::refused);
        retries.retain(
                plan.changes().stream().map(change -> change.slice().service()).collect(Collectors.toSet()));
        Map<ServiceRef, Boolean> tried = new HashMap<>();
        for (SliceChange change : plan.changes()) {
            ServiceRef service = change.slice().service();
            if (retries.isDue(service) && tried.getOrDefault(service, true)) {
                tried.put(service, write(change));
            }
        }
        tried.forEach(retries::add);
        retries.next().ifPresent(this::lookAfter);
    }

    private boolean write(SliceChange change) {
        try {
            written.add(change, slices.write(change));
            return true;
        } catch (SliceWriteException e) {
            LOG.warn("EndpointSlice {} could not be written: {}", change.slice().key(), e.getMessage());
            events.unwritten(change.slice().service(), String.valueOf(e.getMessage()));
            return false;
        }
    }
}
