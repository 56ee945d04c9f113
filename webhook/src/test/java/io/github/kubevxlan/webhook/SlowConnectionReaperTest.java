package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

/** Every connection is late: none is allowed any time. */
class SlowConnectionReaperTest {
    private static final Limits NO_TIME =
            new Limits(1, 4, 0, Duration.ZERO, new Limits.Arrival(Duration.ZERO, Duration.ZERO));

    private final Queue<Runnable> scheduled = new ArrayDeque<>();
    private final ServerConnector connector =
            new ServerConnector(new Server(), Runnable::run, new HandPumped(), null, 1, 1, new HttpConnectionFactory());
    private final SlowConnectionReaper connections = new SlowConnectionReaper(connector, NO_TIME);
    private final AtomicInteger closed = new AtomicInteger();

    private final class HandPumped extends AbstractLifeCycle implements Scheduler {
        @Override
        public Task schedule(Runnable task, long delay, TimeUnit unit) {
            scheduled.add(task);
            return () -> scheduled.remove(task);
        }
    }

    @Test
    void oneThatCanNotBeClosedKeepsNoOtherOpenAndIsTriedAgain() throws Exception {
        connections.start();
        for (int i = 0; i < 5; i++) {
            connections.onOpened(connection((_, _, _) -> {
                throw new IllegalStateException("as the test wants");
            }));
            connections.onOpened(connection((_, _, _) -> closed.incrementAndGet()));
        }

        scan();
        assertEquals(5, closed.get());
        scan();
        assertEquals(10, closed.get());
    }

    private void scan() {
        Runnable next = scheduled.poll();
        assertNotNull(next, "nobody looks at connections any more");
        next.run();
    }

    private static Connection connection(InvocationHandler closing) {
        EndPoint endPoint = proxy(EndPoint.class, (proxy, method, arguments) -> {
            assertEquals("close", method.getName());
            closing.invoke(proxy, method, arguments);
            return null;
        });
        return proxy(Connection.class, (proxy, method, _) -> switch (method.getName()) {
            case "getEndPoint" -> endPoint;
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> false;
            case "toString" -> "connection";
            default -> 0L;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
