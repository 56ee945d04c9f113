package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers admission requests. A mistake of the caller is a 4xx. If the webhook can't decide, it answers 5xx, and the
 * webhook configuration's failurePolicy decides about the pod. Errors are a sentence of plain text.
 */
final class AdmissionHandler implements Handler {
    /** An AdmissionReview holds an object of at most 1.5 MiB (etcd's limit) twice. */
    static final int MAX_BYTES = 10 * 1024 * 1024;

    private static final int TOO_SLOW = 408;

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionHandler.class);

    private final Judge judge;
    private final AdmissionMetrics metrics;
    private final RequestLimiter limiter;
    private final BodyReader bodies;
    private final BooleanSupplier isClosing;

    /** Ends each connection with its next answer from when {@code isClosing} on. */
    AdmissionHandler(
            Judge judge,
            AdmissionMetrics metrics,
            RequestLimiter limiter,
            BodyReader bodies,
            BooleanSupplier isClosing) {
        this.judge = judge;
        this.metrics = metrics;
        this.limiter = limiter;
        this.bodies = bodies;
        this.isClosing = isClosing;
    }

    @Override
    public void handle(Context context) throws InterruptedException {
        long start = System.nanoTime();
        String outcome = "error";
        if (isClosing.getAsBoolean()) {
            context.header("Connection", "close");
        }
        try {
            outcome = answer(context);
        } catch (MalformedReviewException e) {
            outcome = refuse(context, 400, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            outcome = refuse(context, e.status(), String.valueOf(e.getMessage()));
            boolean isWhole = e.status() != TOO_SLOW && bodies.discard(context.bodyInputStream());
            // A handshake costs more than a review, and there is too much to do already.
            if (!isWhole || e.status() != RequestLimiter.BUSY) {
                context.header("Connection", "close");
            }
        } finally {
            metrics.answered(outcome, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private String answer(Context context) throws InterruptedException, MalformedReviewException, RefusedException {
        checkType(Optional.ofNullable(context.contentType()).orElse(""));
        bodies.check(context.req().getContentLengthLong());
        try (RequestLimiter.BodyBudget budget = limiter.budget()) {
            // The body stays in memory until its namespace is known, so its budget does too.
            byte[] body = bodies.read(context.bodyInputStream(), budget);
            budget.shrinkTo(body.length);
            String namespace;
            try (RequestLimiter.Permit _ = limiter.acquire(body.length)) {
                AdmissionRequest request = AdmissionCodec.decode(body);
                if (!judge.waitsFor(request)) {
                    return judge(context, request);
                }
                namespace = request.namespace();
            }
            limiter.aside(() -> judge.await(namespace));
            try (RequestLimiter.Permit _ = limiter.acquire(body.length)) {
                return judge(context, AdmissionCodec.decode(body));
            }
        }
    }

    private String judge(Context context, AdmissionRequest request) {
        Verdict verdict = judge.judge(request);
        if (verdict instanceof Verdict.Unknown(String reason)) {
            return refuse(context, 503, reason);
        }
        LOG.debug("request {} in namespace {}: {}", request.uid(), request.namespace(), verdict.outcome());
        context.contentType(ContentType.APPLICATION_JSON).result(AdmissionCodec.encode(request.uid(), verdict));
        return verdict.outcome();
    }

    private static void checkType(String contentType) throws RefusedException {
        if (!contentType.split(";", 2)[0].strip().equals(ContentType.JSON)) {
            throw new RefusedException(
                    415,
                    "Content-Type: found " + InvalidValueException.shown("\"" + contentType + "\"") + ", allowed: "
                            + ContentType.JSON);
        }
    }

    private static String refuse(Context context, int status, String reason) {
        context.status(status).contentType(ContentType.TEXT_PLAIN).result(reason + "\n");
        return "http_" + status;
    }
}
