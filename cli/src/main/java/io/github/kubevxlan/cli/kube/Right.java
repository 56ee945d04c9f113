package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.github.kubevxlan.cli.state.ApiNames;
import io.github.kubevxlan.common.cluster.Refusal;
import io.github.kubevxlan.common.util.Reason;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The right that a request needs, in RBAC's words.
 *
 * @param verb {@code get}, {@code list} or {@code create}
 * @param resource with its API group, as {@code deployments.apps} or {@code pods/exec}
 * @param name of one object; empty for all
 * @param namespace empty for all namespaces, or for an object of the cluster
 */
public record Right(String verb, String resource, String name, String namespace) {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    /** Tells whether the API server refused a request: mostly its sender may not make it. */
    public static boolean isMissing(KubernetesClientException failure) {
        return code(failure) == FORBIDDEN;
    }

    /** Tells whether a request failed because nothing of that name is there. */
    public static boolean isAbsent(KubernetesClientException failure) {
        return code(failure) == NOT_FOUND;
    }

    /** Tells whether RBAC itself refused a creation, as opposed to an admission plugin, whose refusal has the same code. */
    public static boolean isMissingForCreation(KubernetesClientException failure) {
        return isMissing(failure) && words(failure).contains("cannot create resource");
    }

    /** Tells whether RBAC refused that something is read, which the Kubernetes client does before it starts a command. */
    static boolean isMissingForReading(KubernetesClientException failure) {
        return isMissing(failure) && words(failure).contains("cannot get resource \"pods\" ");
    }

    /** Why a request that needs this right failed, for the user. */
    public CommandFailure failure(KubernetesClientException failure) {
        int code = code(failure);
        if (code <= 0) {
            return new CommandFailure(
                    "no API server answers: " + Reason.line(failure) + " (see --kubeconfig and --context)", failure);
        }
        return switch (code) {
            case FORBIDDEN -> refusal(failure);
            case UNAUTHORIZED ->
                new CommandFailure("the API server does not know you: log in again, or see --context", failure);
            default -> new CommandFailure(this + " failed: " + Reason.line(failure), failure);
        };
    }

    /** A webhook or an admission plugin such as Pod Security refuses with the same status as RBAC, in other words. */
    private CommandFailure refusal(KubernetesClientException failure) {
        String words = words(failure);
        return words.isEmpty() || words.contains("cannot " + verb + " ")
                ? new CommandFailure("you lack a right: " + this + " (kubectl auth can-i " + question() + ")", failure)
                : new CommandFailure(this + " was refused: " + words, failure);
    }

    /** The API server's words; empty if it gives none. */
    static String words(KubernetesClientException failure) {
        return handshake(failure)
                .map(Right::words)
                .or(() -> Optional.ofNullable(failure.getStatus()).map(Status::getMessage))
                .orElseGet(() -> Reason.line(failure));
    }

    /** Those of a proxy, which are no Status, as they are. */
    private static String words(WebSocketHandshakeException handshake) {
        return Refusal.body(handshake)
                .map(body -> Refusal.words(new KubernetesSerialization(), body).orElse(body))
                .orElse("");
    }

    /** A refused exec or attach has the status in the cause alone, since it is the handshake of a WebSocket. */
    private static int code(KubernetesClientException failure) {
        return failure.getCode() > 0
                ? failure.getCode()
                : handshake(failure)
                        .map(handshake -> handshake.getResponse().code())
                        .orElse(0);
    }

    private static Optional<WebSocketHandshakeException> handshake(KubernetesClientException failure) {
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(WebSocketHandshakeException.class::isInstance)
                .map(WebSocketHandshakeException.class::cast)
                .findFirst();
    }

    /** kubectl takes what follows a slash for a name. */
    private String question() {
        String[] parts = resource.split("/", 2);
        return verb + " " + parts[0] + (ApiNames.isName(name) ? "/" + name : "")
                + (parts.length > 1 ? " --subresource=" + parts[1] : "")
                + (namespace.isEmpty() ? " --all-namespaces" : " --namespace " + namespace);
    }

    @Override
    public String toString() {
        return verb + " " + resource + (name.isEmpty() ? "" : " " + name)
                + (namespace.isEmpty() ? " in all namespaces" : " in namespace " + namespace);
    }
}
