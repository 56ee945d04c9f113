package io.github.kubevxlan.cli.render;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.cli.manifest.KubeObject;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.cli.manifest.Manifest;
import io.github.kubevxlan.cli.render.Remark.Severity;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.webhook.Admission;
import io.github.kubevxlan.webhook.AdmissionRequest;
import io.github.kubevxlan.webhook.AdmissionRequest.EditedConfigMap;
import io.github.kubevxlan.webhook.AgentMode;
import io.github.kubevxlan.webhook.ConfigMapJudge;
import io.github.kubevxlan.webhook.MalformedReviewException;
import io.github.kubevxlan.webhook.PatchOp;
import io.github.kubevxlan.webhook.PodTree;
import io.github.kubevxlan.webhook.Verdict;
import io.github.kubevxlan.webhook.WebhookConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Does with manifests what the webhook would do if you applied them: its {@link Admission} judges the pods, its {@link
 * ConfigMapJudge} the networks.
 */
public final class Renderer {
    private final GivenCluster cluster;
    private final Map<String, String> networksBefore;
    private final Definitions definitions;
    private final Admission admission;
    private final List<Remark> remarks = new ArrayList<>();
    private boolean isAnyLabelled;

    private Renderer(GivenCluster cluster, Map<String, String> networksBefore) throws MalformedManifestException {
        WebhookConfig config = cluster.config();
        this.cluster = cluster;
        this.networksBefore = networksBefore;
        definitions = cluster.definitions();
        admission = new Admission(
                config.common().keys(),
                config.injection().agent(),
                config.injection().mode().orElse(AgentMode.NATIVE),
                config.injection().refusesUnknown());
    }

    /**
     * Renders manifests.
     *
     * @param manifests what would be applied
     * @param present what the cluster has already; only the webhook's Deployment, its ConfigMap and Namespaces are read
     * @param chosen settings of the webhook by name, which win over those of its Deployment and the chart's
     * @throws io.github.kubevxlan.common.util.ConfigException if one of these settings is wrong
     */
    public static Rendering render(List<Manifest> manifests, List<Manifest> present, Map<String, String> chosen)
            throws MalformedManifestException {
        List<KubeObject> there = objects(present);
        List<KubeObject> all =
                Stream.concat(there.stream(), objects(manifests).stream()).toList();
        GivenCluster cluster = GivenCluster.of(all, chosen);
        Map<String, String> networksBefore = Map.of();
        boolean isOfUse = there.isEmpty();
        for (KubeObject object : there) {
            if (cluster.isNetworks(object)) {
                networksBefore = GivenCluster.data(object);
            }
            isOfUse |= cluster.isNetworks(object) || object.isCore("Namespace") || WebhookSettings.isIn(object);
        }
        if (!isOfUse) {
            throw new MalformedManifestException(
                    there.getFirst().title(),
                    "nothing that the webhook reads",
                    "ConfigMap %s of namespace %s, Namespaces, the webhook's Deployment"
                            .formatted(
                                    cluster.config().common().configMap(),
                                    cluster.config().common().namespace()));
        }
        return new Renderer(cluster, networksBefore).render(manifests);
    }

    private static List<KubeObject> objects(List<Manifest> manifests) {
        return manifests.stream()
                .flatMap(manifest -> manifest.objects().stream())
                .toList();
    }

    private Rendering render(List<Manifest> manifests) throws MalformedManifestException {
        List<ObjectNode> documents = new ArrayList<>();
        for (Manifest manifest : manifests) {
            manifest.changed(this::render).map(Manifest::root).ifPresent(documents::add);
        }
        Keys keys = cluster.config().common().keys();
        if (!isAnyLabelled) {
            note("no pod has label " + keys.label() + ": \"true\", so the webhook changes none");
        } else if (cluster.networks().isEmpty()) {
            note("no ConfigMap %s in namespace %s is given: assuming the networks that the chart starts with"
                    .formatted(
                            cluster.config().common().configMap(),
                            cluster.config().common().namespace()));
        }
        return new Rendering(documents, remarks);
    }

    private Optional<ObjectNode> render(KubeObject object) throws MalformedManifestException {
        if (cluster.isNetworks(object)) {
            return judged(object, judgeNetworks(object)).map(_ -> object.root());
        }
        Optional<JsonPointer> place = object.pod();
        return place.isEmpty() ? Optional.of(object.root()) : renderPod(object, place.get());
    }

    private Optional<ObjectNode> renderPod(KubeObject object, JsonPointer place) throws MalformedManifestException {
        PodTree arriving = pod(object, object.object(place));
        Keys keys = cluster.config().common().keys();
        if (!Keys.LABELLED.equals(arriving.labels().get(keys.label()))) {
            return Optional.of(object.root());
        }
        isAnyLabelled = true;
        if (!cluster.watches(object.namespace())) {
            remark(
                    Severity.NOTE,
                    object,
                    "the webhook does not see pods of namespace " + object.namespace()
                            + ", because watchNamespaces does not include it");
            return Optional.of(object.root());
        }
        Verdict verdict = admission.judge(object.namespace(), arriving, definitions, cluster.facts(object.namespace()));
        return judged(object, verdict).map(patch -> {
            ObjectNode changed = object.root().deepCopy();
            ArrivingPod.patch(changed.at(place), patch);
            return changed;
        });
    }

    private static PodTree pod(KubeObject object, ObjectNode pod) throws MalformedManifestException {
        try {
            return PodTree.of(ArrivingPod.completed(pod), "pod");
        } catch (MalformedReviewException e) {
            throw new MalformedManifestException(object.title(), String.valueOf(e.getMessage()));
        }
    }

    private Verdict judgeNetworks(KubeObject object) throws MalformedManifestException {
        EditedConfigMap edit = new EditedConfigMap(object.name(), networksBefore, GivenCluster.data(object));
        return new ConfigMapJudge(cluster.config().common(), () -> false)
                .judge(new AdmissionRequest("render", cluster.config().common().namespace(), edit));
    }

    /** Takes down what the user is to know; gives what is to be changed in the object, nothing if it is refused. */
    private Optional<List<PatchOp>> judged(KubeObject object, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow(List<PatchOp> patch, List<String> warnings, var _) -> {
                warnings.forEach(warning -> remark(Severity.WARNING, object, warning));
                yield Optional.of(patch);
            }
            case Verdict.Deny(String message) -> {
                message.lines().forEach(line -> remark(Severity.REFUSAL, object, line));
                yield Optional.empty();
            }
            case Verdict.Unknown(String reason) -> throw new IllegalStateException(reason);
        };
    }

    private void note(String text) {
        remarks.add(new Remark(Severity.NOTE, "", text));
    }

    private void remark(Severity severity, KubeObject object, String text) {
        remarks.add(new Remark(severity, object.title(), text));
    }
}
