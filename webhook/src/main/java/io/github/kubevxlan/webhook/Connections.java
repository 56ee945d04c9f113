package io.github.kubevxlan.webhook;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/**
 * Ends connections that Jetty would bear with: those whose next request is too long in coming once it has begun,
 * octet by octet, and, while no more can be opened, those on which nothing is asked.
 */
final class Connections extends AbstractLifeCycle implements Connection.Listener {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final ServerConnector connector;
    private final Limits limits;
    private final Map<Connection, Progress> open = new ConcurrentHashMap<>();

    /**
     * How far a connection has come.
     *
     * @param requests whose header is complete
     * @param octets received
     * @param since nanoTime when it came so far
     * @param hasBegun whether part of the next request is there, or the first is awaited
     */
    private record Progress(long requests, long octets, long since, boolean hasBegun) {
        /** What has become of it; the time starts anew with each answer and with each request's beginning. */
        static Progress of(Connection connection, Progress last, long now) {
            long requests = connection.getMessagesIn();
            long octets = connection.getBytesIn();
            if (requests > connection.getMessagesOut() || requests > last.requests) {
                return new Progress(requests, octets, now, false);
            }
            return last.hasBegun || octets == last.octets ? last : new Progress(requests, octets, now, true);
        }
    }

    /** Looks after a connector's connections for as long as that runs. */
    Connections(ServerConnector connector, Limits limits) {
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
        connector.getScheduler().schedule(this::look, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        boolean isFull = open.size() >= limits.connections();
        open.replaceAll((connection, last) -> Progress.of(connection, last, now));
        open.forEach((connection, progress) -> {
            Duration allowed = progress.hasBegun ? limits.header() : PAUSE;
            if ((progress.hasBegun || isFull) && now - progress.since > allowed.toNanos()) {
                connection.getEndPoint().close();
            }
        });
        schedule();
    }
}
