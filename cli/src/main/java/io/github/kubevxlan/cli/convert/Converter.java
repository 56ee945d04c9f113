package io.github.kubevxlan.cli.convert;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.cli.manifest.KubeObject;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.cli.manifest.Manifest;
import io.github.kubevxlan.cli.render.Remark;
import io.github.kubevxlan.cli.render.Remark.Severity;
import io.github.kubevxlan.cli.render.Renderer;
import io.github.kubevxlan.cli.render.Rendering;
import io.github.kubevxlan.cli.render.WebhookSettings;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.webhook.WebhookConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns manifests of the older controllers into today's form; the webhook's own code then checks the result. */
public final class Converter {
    /** The key prefix that the older controllers had. */
    public static final String OLDER_PREFIX = "vxlan.openvnf.org";

    private static final JsonPointer METADATA = JsonPointer.compile("/metadata");
    private static final JsonPointer DATA = JsonPointer.compile("/data");

    private final WebhookConfig config;
    private final Keys older;
    private final Keys today;
    private final List<Remark> remarks = new ArrayList<>();

    private Converter(WebhookConfig config, String olderPrefix) {
        this.config = config;
        older = new Keys(olderPrefix);
        today = config.common().keys();
    }

    /**
     * Converts manifests.
     *
     * @param present what the cluster has already, in the old form or today's
     * @param chosen settings of the webhook by name
     * @param olderPrefix of the label and annotations that are converted
     * @throws io.github.kubevxlan.common.util.ConfigException if one of these settings is wrong
     */
    public static Rendering convert(
            List<Manifest> manifests, List<Manifest> present, Map<String, String> chosen, String olderPrefix)
            throws MalformedManifestException {
        List<KubeObject> all = Stream.concat(present.stream(), manifests.stream())
                .flatMap(manifest -> manifest.objects().stream())
                .toList();
        WebhookConfig config = WebhookSettings.read(all, chosen);
        Converter converter = new Converter(config, olderPrefix);
        List<Manifest> converted = converter.convert(manifests);
        List<Manifest> around = new Converter(config, olderPrefix).convert(present);
        Rendering judged = Renderer.render(
                converted.stream().flatMap(Converter::whatComesOf).toList(), around, chosen);
        converter.remarks.addAll(judged.remarks());
        return new Rendering(converted.stream().map(Manifest::root).toList(), converter.remarks);
    }

    /** Tells whether a document that is no Kubernetes object is converted too: values of a chart of that time. */
    public static boolean isValues(ObjectNode document) {
        return !ChartValues.in(document).isEmpty();
    }

    /** What the webhook would see: the document, or the pods that a chart would make of values. */
    private static Stream<Manifest> whatComesOf(Manifest manifest) {
        return manifest.objects().stream()
                .findFirst() // a List may be empty
                .filter(KubeObject::isOther)
                .map(Converter::podsOf)
                .orElseGet(() -> Stream.of(manifest));
    }

    private static Stream<Manifest> podsOf(KubeObject values) {
        return ChartValues.in(values.root()).stream()
                .filter(ChartValues::isEnabled)
                .map(enabled -> new KubeObject(values.place(), enabled.pod(), values.namespace()))
                .map(pod -> new Manifest(pod.root(), List.of(pod)));
    }

    private List<Manifest> convert(List<Manifest> manifests) throws MalformedManifestException {
        List<Manifest> converted = new ArrayList<>();
        for (Manifest manifest : manifests) {
            manifest.changed(this::convert).ifPresent(converted::add);
        }
        return converted;
    }

    private Optional<ObjectNode> convert(KubeObject given) throws MalformedManifestException {
        if (OlderObjects.isOfTheController(given)) {
            remark(
                    Severity.NOTE,
                    given,
                    "it belongs to the older controller and is left out: delete it before you install today's"
                            + " controller");
            return Optional.empty();
        }
        KubeObject object = given.with(given.root().deepCopy());
        if (object.isOther()) {
            convertValues(object);
            return Optional.of(object.root());
        }
        OlderObjects.modernize(object.root())
                .ifPresent(version -> remark(Severity.NOTE, given, "its apiVersion is " + version + " now"));
        if (WebhookSettings.isNetworks(object, config)) {
            convertNetworks(object);
        }
        if (object.isCore("Namespace")) {
            rename(object, METADATA, "annotations", older.prefix() + "/", today.prefix() + "/");
        }
        Optional<JsonPointer> pod = object.pod();
        if (pod.isPresent()) {
            convertPod(object, pod.get());
        }
        convertSelectors(object);
        if (!older.equals(today) && object.root().toString().contains("\"" + older.label() + "\"")) {
            remark(
                    Severity.WARNING,
                    object,
                    older.label() + " stays in it, where it selects no converted pod any more: write " + today.label()
                            + " there");
        }
        return Optional.of(object.root());
    }

    private void convertValues(KubeObject object) {
        for (ChartValues values : ChartValues.in(object.root())) {
            values.checkAgent(config.injection().agent(), lost -> remark(Severity.WARNING, object, lost));
            values.convert(
                    older,
                    today,
                    done -> remark(Severity.NOTE, object, done),
                    lost -> remark(Severity.WARNING, object, lost));
        }
    }

    private void convertPod(KubeObject object, JsonPointer place) throws MalformedManifestException {
        JsonPointer metadata = place.append(METADATA);
        JsonNode labels = object.root().at(metadata).path("labels");
        if (!labels.has(older.label()) && !labels.has(today.label())) {
            return;
        }
        rename(object, metadata, "labels", older.label(), today.label());
        rename(object, metadata, "annotations", older.prefix() + "/", today.prefix() + "/");
        if (object.root().at(metadata).path("annotations") instanceof ObjectNode annotations
                && annotations.path(today.networks()).isTextual()) {
            String text = annotations.path(today.networks()).asText();
            annotations.put(
                    today.networks(), OlderNotation.networks(text, lost -> remark(Severity.WARNING, object, lost)));
        }
        if (object.object(place).path("spec") instanceof ObjectNode spec) {
            OlderAgents.takeOut(spec, config.injection().agent(), lost -> remark(Severity.WARNING, object, lost));
        }
    }

    private void convertNetworks(KubeObject object) throws MalformedManifestException {
        if (object.root().path("data") instanceof ObjectNode data) {
            object.strings(DATA)
                    .forEach((network, text) -> data.put(
                            network,
                            OlderNotation.definition(network, text, lost -> remark(Severity.WARNING, object, lost))));
        }
    }

    private void convertSelectors(KubeObject object) {
        for (JsonPointer selector : OlderObjects.selectors(object)) {
            boolean isRenamed = object.root().at(selector) instanceof ObjectNode labels
                    && labels.has(older.label())
                    && !older.equals(today);
            if (isRenamed) {
                rename(object, selector.head(), selector.last().getMatchingProperty(), older.label(), today.label());
                if (!object.isCore("Service")) {
                    remark(
                            Severity.NOTE,
                            object,
                            "its selector has the new label, and Kubernetes does not change the selector of an"
                                    + " existing object: delete it before you apply this");
                }
            }
        }
    }

    /** Renames the members of an object whose name begins so, in their places. */
    private void rename(KubeObject object, JsonPointer parent, String member, String from, String to) {
        if (from.equals(to)
                || !(object.root().at(parent) instanceof ObjectNode holder)
                || !(holder.path(member) instanceof ObjectNode old)) {
            return;
        }
        ObjectNode renamed = holder.objectNode();
        old.properties().forEach(entry -> {
            String key = entry.getKey();
            boolean isOurs = key.equals(from) || key.startsWith(from.endsWith("/") ? from : from + "/");
            String newKey = isOurs ? to + key.substring(from.length()) : key;
            if (!newKey.equals(key) && old.has(newKey)) {
                remark(Severity.NOTE, object, member + " have " + key + " and " + newKey + ": the latter applies");
            } else {
                renamed.set(newKey, entry.getValue());
            }
        });
        holder.set(member, renamed);
    }

    private void remark(Severity severity, KubeObject object, String text) {
        remarks.add(new Remark(severity, object.title(), text));
    }
}
