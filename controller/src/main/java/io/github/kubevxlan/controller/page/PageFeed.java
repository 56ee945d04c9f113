package io.github.kubevxlan.controller.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every browser know what the controller knows: everything at first, then some times a second what is new, all
 * changes of that time in one message. While nobody follows, nothing is read.
 */
final class PageFeed implements AutoCloseable {
    static final int MOST_CLIENTS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(PageFeed.class);
    private static final Duration PERIOD = Duration.ofMillis(250);

    private final Supplier<PageModel> source;
    private final RecentChanges changes;
    private final LongSupplier now;
    private final List<PageClient> clients = new ArrayList<>();
    private @Nullable Sent sent;
    private boolean isOver;

    /** What every browser knows. */
    private record Sent(PageModel model, long change) {}

    PageFeed(Supplier<PageModel> source, RecentChanges changes, LongSupplier now) {
        this.source = source;
        this.changes = changes;
        this.now = now;
    }

    /** A browser that follows from now on; empty if there are too many. */
    synchronized Optional<PageClient> connect() {
        clients.removeIf(PageClient::isOver);
        if (isOver || clients.size() >= MOST_CLIENTS) {
            return Optional.empty();
        }
        PageClient client = new PageClient();
        publish();
        client.offer(snapshot(Objects.requireNonNull(sent)));
        clients.add(client);
        notifyAll();
        return Optional.of(client);
    }

    /** A browser is gone. */
    synchronized void disconnect(PageClient client) {
        client.end();
        clients.remove(client);
        if (clients.isEmpty()) {
            sent = null;
        }
    }

    /** Publishes until it is closed or interrupted; waits while nobody follows. */
    void run() {
        try {
            while (awaitClient()) {
                try {
                    publish();
                } catch (RuntimeException e) {
                    LOG.error("the live page could not be brought up to date, to be tried again", e);
                }
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends what is new. */
    synchronized void publish() {
        Sent last = sent;
        long change = changes.last();
        PageModel model = source.get();
        Sent next = new Sent(model, change);
        sent = next;
        if (last != null) {
            send(last, next);
        }
    }

    private void send(Sent last, Sent next) {
        if (!last.model().leader().equals(next.model().leader())) {
            offer(snapshot(next));
            return;
        }
        PageDelta delta = PageDelta.between(last.model(), next.model());
        List<PageChange> happened = changes.between(last.change(), next.change());
        List<String> podsWithEvents = changes.podsWithEvents(last.change(), next.change());
        if (!delta.isEmpty() || !happened.isEmpty() || !podsWithEvents.isEmpty()) {
            offer(PageJson.delta(delta, happened, podsWithEvents, now.getAsLong()));
        }
    }

    private byte[] snapshot(Sent all) {
        return PageJson.snapshot(all.model(), changes.between(0, all.change()), now.getAsLong());
    }

    private void offer(byte[] message) {
        clients.forEach(client -> client.offer(message));
        clients.removeIf(PageClient::isOver);
    }

    private synchronized boolean awaitClient() throws InterruptedException {
        while (clients.isEmpty() && !isOver) {
            sent = null;
            wait();
        }
        return !isOver;
    }

    @Override
    public synchronized void close() {
        isOver = true;
        clients.forEach(PageClient::end);
        clients.clear();
        notifyAll();
    }
}
