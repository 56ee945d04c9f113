package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.webhook.AdmissionRequest.NewPod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** Any body: as it is, and as the pod, the old or the new ConfigMap in a review that is sound otherwise. */
public final class FuzzReviews {
    private static final ConfigMapJudge CONFIG_MAPS =
            new ConfigMapJudge(CommonConfig.read(new EnvConfig(Map.of())), () -> true);
    private static final String REVIEW =
            "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u\",";
    private static final String POD = REVIEW
            + "\"namespace\":\"default\",\"operation\":\"CREATE\",\"resource\":{\"resource\":\"pods\"},\"object\":";
    private static final String EDIT = REVIEW
            + "\"namespace\":\"kube-system\",\"operation\":\"UPDATE\",\"resource\":{\"resource\":\"configmaps\"},"
            + "\"oldObject\":{\"metadata\":{\"name\":\"kube-vxlan-controller\"}},\"object\":";

    private FuzzReviews() {}

    /** Throws if what holds of every body doesn't of this one. */
    public static void fuzzerTestOneInput(byte[] input) throws InterruptedException {
        check(input);
        check(wrap(POD, input));
        check(wrap(EDIT, input));
    }

    private static void check(byte[] body) throws InterruptedException {
        AdmissionRequest request;
        try {
            request = AdmissionCodec.decode(body);
        } catch (MalformedReviewException e) {
            String message = Objects.requireNonNull(e.getMessage());
            assertTrue(
                    !message.isBlank()
                            && message.length() < 1000
                            && message.lines().count() == 1,
                    message);
            return;
        }
        for (AgentMode mode : AgentMode.values()) {
            Admission admission = new Admission(TestAdmission.KEYS, TestAdmission.AGENT, mode, false);
            Verdict verdict = new PodJudge(admission, new FakeCluster()).judge(request);
            checkAnswer(request, verdict);
            if (request.subject() instanceof NewPod(PodTree pod)
                    && request.namespace().equals("default")
                    && verdict instanceof Verdict.Allow allow) {
                PodProperties.check(mode, pod.root(), allow);
            }
        }
        checkAnswer(request, CONFIG_MAPS.judge(request));
    }

    private static void checkAnswer(AdmissionRequest request, Verdict verdict) {
        if (verdict instanceof Verdict.Unknown) {
            return;
        }
        JsonNode answer = Json.parse(new String(AdmissionCodec.encode(request.uid(), verdict), StandardCharsets.UTF_8));
        assertEquals(request.uid(), answer.at("/response/uid").textValue());
        assertEquals(
                verdict instanceof Verdict.Allow, answer.at("/response/allowed").booleanValue());
        if (verdict instanceof Verdict.Deny(String message)) {
            assertTrue(!message.isBlank());
            assertInstanceOf(String.class, answer.at("/response/status/message").textValue());
        }
    }

    private static byte[] wrap(String head, byte[] object) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(object);
        body.writeBytes("}}".getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }
}
