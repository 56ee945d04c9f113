package io.github.kubevxlan.cli.convert;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.cli.manifest.KubeObject;
import io.github.kubevxlan.webhook.ImageName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Objects of the older controllers themselves, and of API versions of their time. */
final class OlderObjects {
    private static final String NAME = "kube-vxlan-controller";
    private static final List<ImageName> IMAGES =
            List.of(ImageName.parse("openvnf/" + NAME), ImageName.parse("aialferov/" + NAME));
    private static final Set<String> KINDS =
            Set.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");
    private static final JsonPointer TEMPLATE_LABELS = JsonPointer.compile("/spec/template/metadata/labels");
    private static final Map<String, String> TODAY = Map.of(
            "extensions/v1beta1", "apps/v1",
            "apps/v1beta1", "apps/v1",
            "apps/v1beta2", "apps/v1",
            "batch/v1beta1", "batch/v1",
            "batch/v2alpha1", "batch/v1");
    private static final Set<String> MOVED =
            Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob", "Job");

    private OlderObjects() {}

    /** Tells whether an object is a part of an older controller's installation, its network definitions aside. */
    static boolean isOfTheController(KubeObject object) {
        if (object.isCore("ConfigMap")) {
            return object.name().equals(NAME + "-config");
        }
        boolean isAPart = KINDS.contains(object.kind())
                || (object.kind().equals("Deployment") && runsTheController(object.root()));
        return isAPart && object.name().equals(NAME);
    }

    private static boolean runsTheController(JsonNode deployment) {
        for (JsonNode container : deployment.at("/spec/template/spec/containers")) {
            ImageName image = ImageName.parse(container.path("image").asText());
            if (IMAGES.stream().anyMatch(image::isFrom)) {
                return true;
            }
        }
        return false;
    }

    /** Gives an object the API version that took the place of its own; tells which, or nothing if it stays. */
    static Optional<String> modernize(ObjectNode object) {
        String today = TODAY.get(object.path("apiVersion").asText());
        if (today == null || !MOVED.contains(object.path("kind").asText())) {
            return Optional.empty();
        }
        object.put("apiVersion", today);
        if (today.equals("apps/v1")
                && object.path("spec") instanceof ObjectNode spec
                && !spec.has("selector")
                && object.at(TEMPLATE_LABELS) instanceof ObjectNode labels) {
            spec.putObject("selector").set("matchLabels", labels.deepCopy());
        }
        return Optional.of(today);
    }

    /** Where an object selects pods by labels. */
    static List<JsonPointer> selectors(KubeObject object) {
        return object.isCore("Service")
                ? List.of(JsonPointer.compile("/spec/selector"))
                : List.of(JsonPointer.compile("/spec/selector/matchLabels"));
    }
}
