/**
 * Admission: an AdmissionReview comes in, is decided on and answered with a patch. What is decided is pure; the server
 * and {@code cluster}, which follows the API, are around it.
 */
@NullMarked
package io.github.kubevxlan.webhook;

import org.jspecify.annotations.NullMarked;
