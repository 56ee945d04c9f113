package io.github.kubevxlan.certs.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.certs.CertStore.Conflict;
import io.github.kubevxlan.certs.CertStore.StoreException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Explains errors of the API server, and refuses objects that belong to others. */
final class ApiErrors {
    private ApiErrors() {}

    /** Explains a refused write; one of the codes in {@code conflicts} means that somebody else wrote first. */
    static StoreException write(String step, KubernetesClientException failure, int... conflicts) throws Conflict {
        if (IntStream.of(conflicts).anyMatch(code -> code == failure.getCode())) {
            throw new Conflict(step + ": " + reason(failure));
        }
        return read(step, failure);
    }

    static StoreException read(String step, KubernetesClientException failure) {
        return new StoreException(step + ": " + reason(failure), failure);
    }

    /** What the server said, or what kept it from being asked; the client's own message is a page long. */
    private static String reason(KubernetesClientException failure) {
        Status status = failure.getStatus();
        if (status != null && status.getMessage() != null) {
            return failure.getCode() + " " + status.getMessage();
        }
        return Stream.<Throwable>iterate(
                        failure.getCause() == null ? failure : failure.getCause(),
                        Objects::nonNull,
                        Throwable::getCause)
                .map(Throwable::toString)
                .collect(Collectors.joining(", by "));
    }

    /** Refuses to touch what cert-manager looks after: two owners would undo each other's work for ever. */
    static void refuseForeign(String what, Map<String, String> annotations, String prefix) {
        Optional<String> foreign = annotations.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .findFirst();
        if (foreign.isPresent()) {
            throw new StoreException(what + " belongs to cert-manager (annotation " + foreign.get()
                    + ") and is left alone; use TLS mode cert-manager, or delete the annotation");
        }
    }
}
