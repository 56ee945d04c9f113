package io.github.kubevxlan.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.webhook.AgentSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Values of the chart cgw (openvnf/cgw 1.6), whose pods the older controllers served. Its section {@code vxlanController}
 * gives the pod's label, its networks and the image of both agents. What {@code ip} and {@code staticRoutes} list there a
 * container of the chart sets by iproute2, once and without telling anybody. The annotation can say most of it too, so that
 * the controller sets it, tells peers and repairs it.
 */
final class ChartValues {
    private static final String SECTION = "vxlanController";
    private static final String LABEL = "metadataKey";
    private static final String ANNOTATION = "annotationKey";
    private static final String NAMES = "names";
    private static final String IP = "ip";
    private static final String ROUTES = "staticRoutes";
    private static final Keys OF_THE_CHART = new Keys(Converter.OLDER_PREFIX);
    private static final String NAMES_OF_THE_CHART = "vxeth0, vxeth1";
    private static final String IMAGE_OF_THE_CHART = "quay.io/openvnf/kube-vxlan-controller-agent";

    private final ObjectNode section;

    private ChartValues(ObjectNode section) {
        this.section = section;
    }

    /** The sections of such values, also where the chart is one of several in another; none in anything else. */
    static List<ChartValues> in(JsonNode values) {
        List<ChartValues> found = new ArrayList<>();
        values.properties().forEach(entry -> {
            if (entry.getKey().equals(SECTION) && entry.getValue() instanceof ObjectNode section) {
                found.add(new ChartValues(section));
            } else if (entry.getValue().isObject()) {
                found.addAll(in(entry.getValue()));
            }
        });
        return found;
    }

    /**
     * Changes the section so that today's controller serves the chart's pods.
     *
     * @param older keys that are replaced
     * @param today keys that replace them
     * @param note takes what is done, a sentence each
     * @param warn takes what is not carried over, a sentence each
     */
    void convert(Keys older, Keys today, Consumer<String> note, Consumer<String> warn) {
        Keys its = new Keys(section.path(LABEL).asText(OF_THE_CHART.label()));
        String annotation = section.path(ANNOTATION).asText(OF_THE_CHART.networks());
        if (!(its.equals(older) || its.equals(today)) || !annotation.equals(its.networks())) {
            warn.accept("%s is %s and %s is %s, not %s and %s: the section stays as it is"
                    .formatted(LABEL, its.label(), ANNOTATION, annotation, older.label(), older.networks()));
            return;
        }
        section.put(LABEL, today.label());
        section.put(ANNOTATION, today.networks());
        String before = names();
        ChartNetworks networks = ChartNetworks.read(before, warn);
        boolean isAddressMoved = take(IP, networks::takeInterface, note);
        boolean isRouteMoved = take(ROUTES, networks::takeRoute, note);
        if (isAddressMoved || isRouteMoved || !networks.toString().equals(before)) {
            section.put(NAMES, networks.toString());
        }
    }

    /** Tells which of a list's elements the annotation says now, and keeps the others in the list. */
    private boolean take(String list, Predicate<JsonNode> taken, Consumer<String> note) {
        if (!(section.path(list) instanceof ArrayNode elements)) {
            return false;
        }
        ArrayNode left = section.arrayNode();
        elements.forEach(element -> {
            if (!taken.test(element)) {
                left.add(element);
            }
        });
        int moved = elements.size() - left.size();
        if (moved > 0) {
            section.set(list, left);
            note.accept("%s: %d of %d are in %s now, so that the controller sets and repairs them"
                    .formatted(list, moved, elements.size(), NAMES));
        }
        left.forEach(element -> note.accept(list + ": " + element + " stays, because the controller does not do that"));
        return moved > 0;
    }

    /** Tells whether the chart would make pods with the label. */
    boolean isEnabled() {
        return section.path("enabled").asBoolean();
    }

    /** What matters to the webhook of a pod that the chart would make. */
    ObjectNode pod() {
        ObjectNode pod = section.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata").put("name", "cgw");
        metadata.putObject("labels").put(section.path(LABEL).asText(OF_THE_CHART.label()), Keys.LABELLED);
        metadata.putObject("annotations").put(section.path(ANNOTATION).asText(OF_THE_CHART.networks()), names());
        ObjectNode spec = pod.putObject("spec");
        spec.putArray("initContainers")
                .addObject()
                .put("name", Keys.AGENT_INIT_CONTAINER)
                .put("image", image());
        ArrayNode containers = spec.putArray("containers");
        containers.addObject().put("name", "app").put("image", "app");
        containers.addObject().put("name", Keys.AGENT_CONTAINER).put("image", image());
        return pod;
    }

    /** Warns if the webhook would keep the chart's agents. */
    void checkAgent(AgentSettings settings, Consumer<String> warn) {
        if (!settings.replaces(image())) {
            warn.accept("image.repository is %s, not that of an older agent: it stays, and the webhook adds none"
                    .formatted(image()));
        }
    }

    private String image() {
        return section.path("image").path("repository").asText(IMAGE_OF_THE_CHART);
    }

    /** As the chart's template has them: in quotes, where YAML makes a blank of a line end. */
    private String names() {
        return section.path(NAMES).asText(NAMES_OF_THE_CHART).strip().replaceAll("\\s+", " ");
    }
}
