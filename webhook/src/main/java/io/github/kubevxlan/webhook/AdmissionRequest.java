package io.github.kubevxlan.webhook;

import java.util.Optional;

/**
 * What the API server asks (AdmissionReview v1).
 *
 * @param uid to be given back with the answer
 * @param namespace the one the object is made in; what the object says of itself doesn't count
 * @param pod the pod to be created; empty if the request is about anything else
 */
public record AdmissionRequest(String uid, String namespace, Optional<PodTree> pod) {}
