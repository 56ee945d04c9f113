package io.github.kubevxlan.webhook;

import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers admission requests. A mistake of the caller's is a 4xx; where we can't tell, a 5xx leaves it to the
 * webhook configuration's failurePolicy what becomes of the pod. Errors are a sentence of plain text.
 */
final class AdmissionHandler implements Handler {
    /** An AdmissionReview holds an object of at most 1.5 MiB (etcd's limit) twice. */
    static final int MAX_OCTETS = 10 * 1024 * 1024;

    /** As much more is read and thrown away, so that the caller gets to read why. */
    private static final int DISCARDED_OCTETS = 64 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionHandler.class);

    private final Judge judge;
    private final Metrics metrics;
    private final BooleanSupplier isClosing;

    /** Ends each connection with its next answer from when {@code isClosing} on. */
    AdmissionHandler(Judge judge, Metrics metrics, BooleanSupplier isClosing) {
        this.judge = judge;
        this.metrics = metrics;
        this.isClosing = isClosing;
    }

    @Override
    public void handle(Context context) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String outcome = "error";
        if (isClosing.getAsBoolean()) {
            context.header("Connection", "close");
        }
        try {
            outcome = answer(context);
        } catch (MalformedReviewException e) {
            outcome = refuse(context, 400, String.valueOf(e.getMessage()));
        } finally {
            metrics.answered(outcome, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private String answer(Context context) throws IOException, InterruptedException, MalformedReviewException {
        String contentType = Optional.ofNullable(context.contentType()).orElse("");
        if (!contentType.split(";", 2)[0].strip().equals(ContentType.JSON)) {
            return refuse(context, 415, "Content-Type: found \"" + contentType + "\", allowed: " + ContentType.JSON);
        }
        byte[] body = read(context.bodyInputStream());
        if (body.length > MAX_OCTETS) {
            return refuse(context, 413, "body: found more, allowed: " + MAX_OCTETS + " octets");
        }
        AdmissionRequest request = AdmissionCodec.decode(body);
        Verdict verdict = judge.judge(request);
        if (verdict instanceof Verdict.Unknown(String reason)) {
            return refuse(context, 503, reason);
        }
        LOG.debug("request {} in namespace {}: {}", request.uid(), request.namespace(), verdict.outcome());
        context.contentType(ContentType.APPLICATION_JSON).result(AdmissionCodec.encode(request.uid(), verdict));
        return verdict.outcome();
    }

    private static byte[] read(InputStream body) throws IOException {
        byte[] octets = body.readNBytes(MAX_OCTETS + 1);
        if (octets.length > MAX_OCTETS) {
            body.skip(DISCARDED_OCTETS);
        }
        return octets;
    }

    private static String refuse(Context context, int status, String reason) {
        context.status(status).contentType(ContentType.TEXT_PLAIN).result(reason + "\n");
        return "http_" + status;
    }
}
