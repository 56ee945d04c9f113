package io.github.kubevxlan.webhook;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections that Jetty would keep: those whose next request arrives too slowly, byte by byte, and, while no
 * more can be opened, idle ones.
 */
final class SlowConnectionReaper extends AbstractLifeCycle implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(SlowConnectionReaper.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final ServerConnector connector;
    private final Limits limits;
    private final Map<Connection, Progress> open = new ConcurrentHashMap<>();

    /**
     * How far a connection has come.
     *
     * @param requests whose header is complete
     * @param bytes received
     * @param since nanoTime when it came so far
     * @param hasBegun whether part of the next request is there, or the first is awaited
     */
    private record Progress(long requests, long bytes, long since, boolean hasBegun) {
        /** The progress now; the time starts again with each answer and with the beginning of each request. */
        static Progress of(Connection connection, Progress last, long now) {
            long requests = connection.getMessagesIn();
            long bytes = connection.getBytesIn();
            if (requests > connection.getMessagesOut() || requests > last.requests) {
                return new Progress(requests, bytes, now, false);
            }
            return last.hasBegun || bytes == last.bytes ? last : new Progress(requests, bytes, now, true);
        }
    }

    /** Looks after a connector's connections for as long as that runs. */
    SlowConnectionReaper(ServerConnector connector, Limits limits) {
        this.connector = connector;
        this.limits = limits;
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) {
            open.put(connection, new Progress(0, 0, System.nanoTime(), true));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    @Override
    protected void doStart() {
        schedule();
    }

    private void schedule() {
        connector.getScheduler().schedule(this::scan, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void scan() {
        long now = System.nanoTime();
        boolean isFull = open.size() >= limits.connections();
        try {
            open.forEach((connection, last) -> scan(connection, last, now, isFull));
        } finally {
            schedule();
        }
    }

    /** One that can't be checked or closed must not keep the others open. */
    private void scan(Connection connection, Progress last, long now, boolean isFull) {
        try {
            Progress progress = Progress.of(connection, last, now);
            open.replace(connection, last, progress);
            Duration allowed = progress.hasBegun ? limits.arrival().header() : PAUSE;
            if ((progress.hasBegun || isFull) && now - progress.since > allowed.toNanos()) {
                connection.getEndPoint().close();
            }
        } catch (RuntimeException e) {
            LOG.warn("A slow connection could not be closed; the next scan tries again", e);
        }
    }
}
