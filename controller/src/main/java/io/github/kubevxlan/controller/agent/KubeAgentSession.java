package io.github.kubevxlan.controller.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.github.kubevxlan.common.cluster.Refusal;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.agent.UnreachableException.Hop;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A program in the agent container by the API server's exec, its input and output kept open.
 *
 * <p>It speaks the exec protocol itself: the client library's exec lists and reads the pod before, each tried again for
 * longer than any deadline, tries a refused exec ten times more, and leaves a shell that opens too late to itself. Here
 * opening is one request, which ends with the deadline; a caller that wants more asks again. It has no standard error:
 * scripts print on standard output what their programs complain of, and nothing of a program can come past the bounds.
 */
public final class KubeAgentSession implements AgentSession, WebSocket.Listener {
    /**
     * The largest report that is right lists every entry of a pod's links: of a segment of 1,000 members over IPv6 these
     * are, a member, two forwarding entries of 113 bytes, one that is let through of 44 and a neighbour of 92, 0.36 MB in
     * all. This is five such segments in one report, and what else there is to say of them.
     */
    static final int MOST_BYTES = 2 << 20;

    /** A buffer takes up to twice that: 16 MB of a heap of 205 (40 % of the 512 MiB of the chart's limit). */
    private static final int MOST_BYTES_TOGETHER = 8 << 20;

    private static final String PROTOCOL = "v4.channel.k8s.io";
    private static final byte STDIN = 0;
    private static final byte STDOUT = 1;
    private static final byte EXIT_STATUS = 3;
    private static final int NORMAL_CLOSURE = 1000;
    private static final int INTERNAL_ERROR = 500;
    private static final String ENDED = "the agent's program ended";

    private final ResponseBuffer buffer;
    private final KubernetesSerialization json;
    private volatile boolean open = true;
    private volatile boolean ended;
    private volatile @Nullable WebSocket socket;

    private KubeAgentSession(ByteBudget budget, KubernetesSerialization json) {
        this.buffer = new ResponseBuffer(MOST_BYTES, budget);
        this.json = json;
    }

    /** The way to open sessions with that client's connection to the API server. */
    public static SessionOpener opener(KubernetesClient client) {
        KubernetesSerialization json = client.getKubernetesSerialization();
        ByteBudget budget = new ByteBudget(MOST_BYTES_TOGETHER);
        PodRequests requests = new PodRequests(client);
        return new SessionOpener() {
            @Override
            public AgentSession open(PodSnapshot pod, List<String> command, Duration deadline)
                    throws AgentException, InterruptedException {
                KubeAgentSession session = new KubeAgentSession(budget, json);
                session.connect(requests.http(), requests.exec(pod, command), deadline);
                return session;
            }

            @Override
            public boolean isStaying(PodSnapshot pod, Duration deadline) throws InterruptedException {
                return requests.isStaying(pod, deadline);
            }
        };
    }

    private void connect(HttpClient http, URI uri, Duration deadline) throws AgentException, InterruptedException {
        CompletableFuture<WebSocket> opening = http.newWebSocketBuilder()
                .subprotocol(PROTOCOL)
                .uri(uri)
                .connectTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .buildAsync(this);
        try {
            socket = opening.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw refused(e.getCause(), deadline);
        } catch (TimeoutException e) {
            throw refused(e, deadline);
        } finally {
            if (socket == null) {
                end(new BrokenSessionException("the session did not open"));
                // What opens after this is closed by the client; what has just opened is closed here.
                opening.cancel(true);
                var _ = opening.thenAccept(late -> late.sendClose(NORMAL_CLOSURE, null));
            }
        }
    }

    private AgentException refused(@Nullable Throwable cause, Duration deadline) {
        return switch (cause) {
            case TimeoutException late -> new UnreachableException(Hop.NODE, late(deadline), late);
            case HttpTimeoutException late -> new UnreachableException(Hop.NODE, late(deadline), late);
            case WebSocketHandshakeException answered -> refused(answered);
            case null -> new UnreachableException(Hop.API_SERVER, "exec failed");
            default -> new UnreachableException(Hop.API_SERVER, "exec failed: " + Reason.of(cause), cause);
        };
    }

    /**
     * The API server answers with these words where it can't reach the kubelet. It passes on what a kubelet answers, so one
     * over 500 may be the kubelet's.
     */
    private AgentException refused(WebSocketHandshakeException answered) {
        int code = answered.getResponse().code();
        String words = Refusal.body(answered)
                .flatMap(body -> Refusal.words(json, body))
                .map(said -> ": " + said)
                .orElse("");
        String message = "exec was refused: the API server answered " + code + words;
        return code > INTERNAL_ERROR || words.contains("dialing backend")
                ? new UnreachableException(Hop.NODE, message, answered)
                : new AgentException(message, answered);
    }

    private static String late(Duration deadline) {
        return "exec did not open within " + seconds(deadline);
    }

    /** To a tenth: what is left of a deadline differs by some microseconds each time, and the words should not. */
    private static String seconds(Duration deadline) {
        return BigDecimal.valueOf(deadline.toMillis(), 3)
                        .setScale(1, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                + " s";
    }

    @Override
    public String run(String text, Pattern end, int expected, Duration deadline)
            throws AgentException, InterruptedException {
        CompletableFuture<String> printed = buffer.expect(end, expected, deadline);
        WebSocket current = socket;
        boolean answered = false;
        try {
            if (ended) {
                throw programEnded();
            }
            if (!open || current == null) {
                throw new BrokenSessionException("the session is closed");
            }
            if (!current.send(input(text))) {
                throw new BrokenSessionException("the session broke: the script could not be sent");
            }
            String output = printed.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            answered = true;
            return output;
        } catch (ExecutionException e) {
            throw ended ? programEnded() : failed(e);
        } catch (TimeoutException e) {
            throw new UnreachableException(Hop.NODE, "no answer within " + seconds(deadline), e);
        } finally {
            if (!answered) {
                close();
            }
        }
    }

    private static AgentException failed(ExecutionException e) {
        String reason = Reason.of(e.getCause());
        return e.getCause() instanceof BrokenSessionException
                ? new BrokenSessionException(reason, e)
                : new AgentException(reason, e);
    }

    private static ByteBuffer input(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + bytes.length).put(STDIN).put(bytes).flip();
    }

    @Override
    public void done() {
        buffer.drop();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        end(new BrokenSessionException("the session was closed"));
        WebSocket current = socket;
        if (current != null) {
            current.sendClose(NORMAL_CLOSURE, null);
        }
    }

    @Override
    public void onMessage(WebSocket from, ByteBuffer message) {
        byte channel = message.hasRemaining() ? message.get() : STDOUT;
        if (channel == EXIT_STATUS) {
            ended = true;
            end(programEnded());
            from.sendClose(NORMAL_CLOSURE, null);
        } else if (!isWelcome(channel, message)) {
            end(new AgentException("the agent prints what nobody asked for"));
            from.sendClose(NORMAL_CLOSURE, null);
            return;
        }
        from.request();
    }

    /** What comes on another channel, as a node's kubelet may send it unasked, is dropped, and so much of it alone. */
    private boolean isWelcome(byte channel, ByteBuffer message) {
        if (channel != STDOUT) {
            return buffer.ignore(message.remaining());
        }
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return buffer.print(bytes);
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        end(new BrokenSessionException(Reason.of(failure)));
    }

    @Override
    public void onClose(WebSocket from, int code, String reason) {
        end(new BrokenSessionException(ENDED + (reason.isEmpty() ? "" : ": " + reason)));
    }

    private static ProgramEndedException programEnded() {
        return new ProgramEndedException(ENDED);
    }

    private void end(AgentException reason) {
        open = false;
        buffer.fail(reason);
    }
}
