package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Pods of all shapes, the same for the same seed; labelled, and none refused. */
final class RandomPods {
    private final Random random;

    RandomPods(long seed) {
        random = new Random(seed);
    }

    ObjectNode next() {
        ObjectNode pod = object();
        ObjectNode metadata = pod.putObject("metadata");
        metadata.putObject("labels").put("vxlan.travelping.com", "true");
        if (random.nextBoolean()) {
            metadata.put("generateName", "a-");
        }
        ObjectNode annotations = metadata.putObject("annotations").put("other/key~0", "x");
        String[] texts = {"vxeth0", "vxeth0 ip=10.0.0.1/8", "nowhere", "", "vxeth0, nowhere"};
        annotations.put("vxlan.travelping.com/networks", texts[random.nextInt(texts.length)]);
        maybe(() -> annotations.put("vxlan.travelping.com/wait", random.nextBoolean() + ""));
        maybe(() -> annotations.put("vxlan.travelping.com/inject", random.nextBoolean() + ""));
        maybe(() -> annotations.put("vxlan.travelping.com/status", "[]"));
        ObjectNode spec = pod.putObject("spec");
        fill(spec);
        spec.set("containers", containers(1 + random.nextInt(3), "app"));
        maybe(() -> spec.set("initContainers", containers(random.nextInt(3), "init")));
        maybe(() -> spec.set("volumes", containers(random.nextInt(3), "volume")));
        maybe(() -> spec.putObject("resources").putObject("limits").put("cpu", "1"));
        maybe(() -> fill(pod.putObject("fieldOfTheFuture")));
        return pod;
    }

    private ArrayNode containers(int count, String name) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < count; i++) {
            ObjectNode container = list.addObject().put("name", name + i).put("image", "app");
            if (random.nextInt(8) == 0) {
                container
                        .put("name", "vxlan-controller-agent" + (random.nextBoolean() ? "-init" : ""))
                        .put("image", random.nextInt(4) == 0 ? "own" : "openvnf/kube-vxlan-controller-agent:2.1.0");
            }
            fill(container);
            if (random.nextBoolean()) {
                ObjectNode limits = container.putObject("resources").putObject("limits");
                maybe(() -> limits.put("cpu", "1"));
                maybe(() -> limits.put("memory", "1Gi"));
            }
        }
        return list;
    }

    private void fill(ObjectNode object) {
        maybe(() -> object.put("text", "ä\u2028\"\\"));
        maybe(() -> object.put("number", random.nextLong()));
        maybe(() -> object.putNull("nothing"));
        maybe(() -> object.putArray("list").add(1.5).add(true).addObject().put("a/b~c", 1));
    }

    private void maybe(Runnable change) {
        if (random.nextBoolean()) {
            change.run();
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Takes away all that the webhook may put in or take out; what is left must never change. */
    static JsonNode withoutOurs(JsonNode pod) {
        ObjectNode copy = pod.deepCopy();
        ((ObjectNode) copy.at("/metadata/annotations")).remove("vxlan.travelping.com/status");
        ObjectNode spec = (ObjectNode) copy.path("spec");
        for (String list : List.of("initContainers", "containers")) {
            removeNamed(spec, list, "vxlan-controller-agent");
            removeNamed(spec, list, "vxlan-controller-agent-init");
        }
        removeNamed(spec, "volumes", "vxlan-controller-no-token");
        return copy;
    }

    private static void removeNamed(ObjectNode spec, String list, String name) {
        if (spec.path(list) instanceof ArrayNode array) {
            for (int i = array.size() - 1; i >= 0; i--) {
                if (array.get(i).path("name").asText().equals(name)) {
                    array.remove(i);
                }
            }
            if (array.isEmpty()) {
                spec.remove(list);
            }
        }
    }
}
