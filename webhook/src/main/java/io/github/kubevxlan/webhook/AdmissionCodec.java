package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.webhook.AdmissionRequest.DeletedConfigMap;
import io.github.kubevxlan.webhook.AdmissionRequest.EditedConfigMap;
import io.github.kubevxlan.webhook.AdmissionRequest.NewPod;
import io.github.kubevxlan.webhook.AdmissionRequest.Other;
import io.github.kubevxlan.webhook.AdmissionRequest.Subject;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads and writes AdmissionReview, version {@code admission.k8s.io/v1}. A pod stays a tree, so that fields newer than
 * this program pass by; {@link ReviewReader} says what of it is left out.
 */
public final class AdmissionCodec {
    /** A pod as big as the API server takes, of average density, has some 100,000. */
    static final int MAX_TOKENS = 250_000;

    private static final int MAX_DEPTH = 500;
    private static final String ALLOWED = "JSON of %d tokens, %d deep, with names of %d characters and numbers of %d"
            .formatted(
                    MAX_TOKENS,
                    MAX_DEPTH,
                    StreamReadConstraints.DEFAULT_MAX_NAME_LEN,
                    StreamReadConstraints.DEFAULT_MAX_NUM_LEN);

    private static final String VERSION = "admission.k8s.io/v1";
    private static final String KIND = "AdmissionReview";
    private static final Pattern UID = Pattern.compile("[-_.a-zA-Z0-9]{1,128}");
    private static final Pattern NAMESPACE = Pattern.compile("[-a-z0-9]{1,63}");

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MAX_TOKENS)
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .build();

    private AdmissionCodec() {}

    /** Reads a request; throws if it is none or its pod has not the shape of a pod. */
    public static AdmissionRequest decode(byte[] body) throws MalformedReviewException {
        JsonNode review = parse(body);
        Shape.object(review, "body");
        require(review, "apiVersion", VERSION);
        require(review, "kind", KIND);
        JsonNode request = review.path("request");
        Shape.object(request, "request");
        return new AdmissionRequest(
                text(request, "uid", UID, "a UID"),
                text(request, "namespace", NAMESPACE, "a namespace's name"),
                subject(request));
    }

    /** Writes the answer to the request of that UID. */
    public static byte[] encode(String uid, Verdict verdict) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("apiVersion", VERSION).put("kind", KIND);
        ObjectNode response = review.putObject("response").put("uid", uid);
        switch (verdict) {
            case Verdict.Allow allow -> {
                response.put("allowed", true);
                if (!allow.patch().isEmpty()) {
                    response.put("patchType", "JSONPatch").put("patch", write(JsonPatch.toJson(allow.patch())));
                }
                if (!allow.warnings().isEmpty()) {
                    ArrayNode list = response.putArray("warnings");
                    allow.warnings().forEach(list::add);
                }
            }
            case Verdict.Unknown(String reason) ->
                throw new IllegalArgumentException("no answer to a request can be " + reason);
            case Verdict.Deny(String message) -> {
                response.put("allowed", false);
                response.putObject("status")
                        .put("code", 400)
                        .put("reason", "BadRequest")
                        .put("message", message);
            }
        }
        return write(review);
    }

    private static Subject subject(JsonNode request) throws MalformedReviewException {
        JsonNode resource = request.path("resource");
        boolean isOfCore = resource.path("group").asText().isEmpty()
                && request.path("subResource").asText().isEmpty();
        String what = isOfCore
                ? request.path("operation").asText() + " "
                        + resource.path("resource").asText()
                : "";
        return switch (what) {
            case "CREATE pods" -> new NewPod(PodTree.of(request.path("object"), "request.object"));
            case "CREATE configmaps" -> configMap(request, Map.of());
            case "UPDATE configmaps" -> configMap(request, data(request, "oldObject"));
            case "DELETE configmaps" -> deletedConfigMap(request.path("oldObject"));
            default -> new Other();
        };
    }

    private static EditedConfigMap configMap(JsonNode request, Map<String, String> before)
            throws MalformedReviewException {
        String name = request.path("object").path("metadata").path("name").asText();
        return new EditedConfigMap(name, before, data(request, "object"));
    }

    private static DeletedConfigMap deletedConfigMap(JsonNode last) throws MalformedReviewException {
        Shape.object(last, "request.oldObject");
        JsonNode annotations = last.path("metadata").path("annotations");
        Shape.strings(annotations, "request.oldObject.metadata.annotations");
        return new DeletedConfigMap(last.path("metadata").path("name").asText(), Shape.strings(annotations));
    }

    private static Map<String, String> data(JsonNode request, String field) throws MalformedReviewException {
        Shape.object(request.path(field), "request." + field);
        JsonNode data = request.path(field).path("data");
        Shape.strings(data, "request." + field + ".data");
        return Shape.strings(data);
    }

    private static JsonNode parse(byte[] body) throws MalformedReviewException {
        try (JsonParser parser = MAPPER.createParser(body)) {
            return ReviewReader.read(parser);
        } catch (StreamConstraintsException e) {
            throw new MalformedReviewException("body", "more", ALLOWED);
        } catch (JacksonException e) {
            String at = "body, line %d, column %d"
                    .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
            throw new MalformedReviewException(at, "no JSON or not all of it", "an " + KIND + " as JSON");
        } catch (IOException e) {
            throw new MalformedReviewException("body", "text in no encoding of JSON", "UTF-8");
        }
    }

    private static void require(JsonNode review, String field, String value) throws MalformedReviewException {
        String found = review.path(field).asText();
        if (!found.equals(value)) {
            throw new MalformedReviewException(field, "\"" + found + "\"", value);
        }
    }

    private static String text(JsonNode request, String field, Pattern shape, String allowed)
            throws MalformedReviewException {
        String found = request.path(field).asText();
        if (!shape.matcher(found).matches()) {
            throw new MalformedReviewException("request." + field, "\"" + found + "\"", allowed);
        }
        return found;
    }

    private static byte[] write(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that we made can't be written", e);
        }
    }
}
