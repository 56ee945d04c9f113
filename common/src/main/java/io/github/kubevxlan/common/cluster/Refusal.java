package io.github.kubevxlan.common.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why the API server refuses a request: in the words of its answer, those of a policy among them. */
public final class Refusal {
    private Refusal() {}

    /** The body of the answer that refused a WebSocket: only the JDK's own exception, the cause of the client's, has it. */
    public static Optional<String> body(WebSocketHandshakeException refused) {
        return refused.getCause() instanceof java.net.http.WebSocketHandshakeException own
                        && own.getResponse() != null
                        && own.getResponse().body() instanceof String body
                ? Optional.of(body)
                : Optional.empty();
    }

    /** The message in an answer's body; empty if the body is no Status, as from a proxy. */
    public static Optional<String> words(KubernetesSerialization json, @Nullable String body) {
        try {
            return Optional.ofNullable(body)
                    .map(text -> json.unmarshal(text, Status.class))
                    .map(Status::getMessage)
                    .map(message -> message.replaceAll("\\s+", " ").strip())
                    .filter(message -> !message.isEmpty());
        } catch (RuntimeException e) { // whatever the parser throws
            return Optional.empty();
        }
    }
}
