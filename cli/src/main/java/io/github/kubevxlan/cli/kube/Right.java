package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.github.kubevxlan.common.util.Reason;
import java.util.Objects;
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

    /** Tells whether a request failed because its sender may not make it. */
    public static boolean isMissing(KubernetesClientException failure) {
        return code(failure) == FORBIDDEN;
    }

    /** Tells whether a request failed because nothing of that name is there. */
    public static boolean isAbsent(KubernetesClientException failure) {
        return code(failure) == NOT_FOUND;
    }

    /** Tells whether RBAC itself refused a creation, as opposed to an admission plugin, whose refusal has the same code. */
    public static boolean isMissingForCreation(KubernetesClientException failure) {
        return isMissing(failure) && Reason.line(failure).contains("cannot create resource");
    }

    /** Why a request that needs this right failed, for the user. */
    public CommandFailure failure(KubernetesClientException failure) {
        int code = code(failure);
        if (code <= 0) {
            return new CommandFailure(
                    "no API server answers: " + Reason.line(failure) + " (see --kubeconfig and --context)", failure);
        }
        return switch (code) {
            case FORBIDDEN ->
                new CommandFailure("you lack a right: " + this + " (kubectl auth can-i " + question() + ")", failure);
            case UNAUTHORIZED ->
                new CommandFailure("the API server does not know you: log in again, or see --context", failure);
            default -> new CommandFailure(this + " failed: " + Reason.line(failure), failure);
        };
    }

    /** A refused exec or attach has the status in the cause alone, since it is the handshake of a WebSocket. */
    private static int code(KubernetesClientException failure) {
        return failure.getCode() > 0
                ? failure.getCode()
                : Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                        .filter(WebSocketHandshakeException.class::isInstance)
                        .map(WebSocketHandshakeException.class::cast)
                        .findFirst()
                        .map(handshake -> handshake.getResponse().code())
                        .orElse(0);
    }

    private String question() {
        return verb + " " + resource + (name.isEmpty() ? "" : "/" + name)
                + (namespace.isEmpty() ? " --all-namespaces" : " --namespace " + namespace);
    }

    @Override
    public String toString() {
        return verb + " " + resource + (name.isEmpty() ? "" : " " + name)
                + (namespace.isEmpty() ? " in all namespaces" : " in namespace " + namespace);
    }
}
