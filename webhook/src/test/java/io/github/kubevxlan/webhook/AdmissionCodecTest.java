package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.webhook.AdmissionRequest.NewPod;
import io.github.kubevxlan.webhook.AdmissionRequest.Other;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionCodecTest {
    @Test
    void readsPodAndNamespaceOfRequest() throws MalformedReviewException {
        AdmissionRequest request = AdmissionCodec.decode(bytes(Reviews.create("tenant", Reviews.POD)));
        assertEquals(Reviews.UID, request.uid());
        assertEquals("tenant", request.namespace());
        assertEquals(new NewPod(Json.pod(Json.parse(Reviews.POD))), request.subject());
    }

    @Test
    void leavesOutWhatDecidesNothing() throws MalformedReviewException {
        String pod = "{'metadata':{'managedFields':%s,'labels':{'env':'a'}},"
                + "'spec':{'containers':[{'name':'a','env':%s,'image':'b'}]}}";
        String review = Reviews.create("tenant", pod.formatted("[{'a':[1]}]", "[{'name':'c'},{'name':'d'}]"));
        JsonNode left = Json.parse(pod.formatted("[]", "[]"));
        assertEquals(
                new NewPod(Json.pod(left)), AdmissionCodec.decode(bytes(review)).subject());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'operation':'DELETE'", "'resource':{'resource':'nodes'}", "'subResource':'binding'"})
    void findsNoPodInOtherRequests(String instead) throws MalformedReviewException {
        String text = Json.print(Json.parse("{'apiVersion':'admission.k8s.io/v1','kind':'AdmissionReview','request':{"
                + "'uid':'u','namespace':'n','operation':'CREATE','resource':{'resource':'pods'},'object':7," + instead
                + "}}"));
        assertEquals(new Other(), AdmissionCodec.decode(bytes(text)).subject());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | body: found array, allowed: an object",
                "`` | body: found nothing, allowed: an object",
                "{ | body, line 1, column 2: found no JSON or not all of it, allowed: an AdmissionReview as JSON",
                "{} {} | body, line 1, column 4: found no JSON or not all of it, allowed: an AdmissionReview as JSON",
                "{'env':[1,]} | body, line 1, column 11: found no JSON or not all of it, allowed: an AdmissionReview as"
                        + " JSON",
                "{} | apiVersion: found \"\", allowed: admission.k8s.io/v1",
                "{'apiVersion':'admission.k8s.io/v1beta1'} | apiVersion: found \"admission.k8s.io/v1beta1\","
                        + " allowed: admission.k8s.io/v1",
                "{'apiVersion':'admission.k8s.io/v1','kind':'Pod'} | kind: found \"Pod\", allowed: AdmissionReview",
            })
    void refusesWhatIsNoReview(String body, String message) {
        assertRefused(message, body.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | request.object: found array, allowed: an object",
                "{} | request.object.metadata: found nothing, allowed: an object",
                "{'metadata':{}} | request.object.spec: found nothing, allowed: an object",
                "{'metadata':{'labels':[]},'spec':{}} | request.object.metadata.labels: found array, allowed: an object"
                        + " of strings",
                "{'metadata':{'labels':{'env':{}}},'spec':{}} | request.object.metadata.labels.*: found object,"
                        + " allowed: a string",
                "{'metadata':{'annotations':{'a':1}},'spec':{}} | request.object.metadata.annotations.*: found number,"
                        + " allowed: a string",
                "{'metadata':{},'spec':{'initContainers':{}}} | request.object.spec.initContainers: found object,"
                        + " allowed: a list of objects",
                "{'metadata':{},'spec':{'volumes':['a']}} | request.object.spec.volumes[]: found string, allowed: an"
                        + " object",
            })
    void refusesWhatHasNotTheShapeOfPod(String pod, String message) {
        assertRefused(message, Reviews.create("default", pod));
    }

    @Test
    void refusesNamespaceAndUidThatAreNone() {
        assertRefused(
                "request.namespace: found \"../x\", allowed: a namespace's name", Reviews.create("../x", Reviews.POD));
        assertRefused(
                "request.uid: found \"\", allowed: a UID",
                Reviews.create("default", Reviews.POD).replace(Reviews.UID, ""));
    }

    @Test
    void writesPatchAndWarnings() {
        PatchOp remove = new PatchOp.Remove(PatchOp.path("metadata", "a/b~c"));
        JsonNode response = encode(new Verdict.Allow(List.of(remove), List.of("careful"), "x"));
        String patch =
                new String(Base64.getDecoder().decode(response.path("patch").textValue()), StandardCharsets.UTF_8);
        assertEquals(Json.parse("[{'op':'remove','path':'/metadata/a~1b~0c'}]"), Json.parse(patch));
        assertEquals(Json.parse("['careful']"), response.path("warnings"));
        assertEquals("JSONPatch", response.path("patchType").textValue());
    }

    @Test
    void writesNoPatchWhereNothingChanges() {
        assertEquals(Json.parse("{'uid':'u','allowed':true}"), encode(new Verdict.Allow(List.of(), List.of(), "x")));
    }

    @Test
    void writesRefusalWithReason() {
        assertEquals(
                Json.parse("{'uid':'u','allowed':false,"
                        + "'status':{'code':400,'reason':'BadRequest','message':'no \"that\"\\n'}}"),
                encode(new Verdict.Deny("no \"that\"\n")));
    }

    private static JsonNode encode(Verdict verdict) {
        JsonNode review = Json.parse(new String(AdmissionCodec.encode("u", verdict), StandardCharsets.UTF_8));
        assertEquals("admission.k8s.io/v1", review.path("apiVersion").textValue());
        assertEquals("AdmissionReview", review.path("kind").textValue());
        return review.path("response");
    }

    private static void assertRefused(String message, String body) {
        assertEquals(
                message,
                assertThrows(MalformedReviewException.class, () -> AdmissionCodec.decode(bytes(body)))
                        .getMessage());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
