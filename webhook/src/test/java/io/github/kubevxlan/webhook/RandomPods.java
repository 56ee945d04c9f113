package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;

/** Pods of all shapes, the same for the same seed; labelled, and none refused. */
final class RandomPods {
    private final Random random;

    RandomPods(long seed) {
        random = new Random(seed);
    }

    ObjectNode next() {
        ObjectNode pod = object();
        metadata(pod.putObject("metadata"));
        ObjectNode spec = pod.putObject("spec");
        fill(spec);
        spec.set("containers", containers(1 + random.nextInt(3), "app"));
        maybe(() -> spec.set("initContainers", containers(random.nextInt(3), "init")));
        maybe(() -> spec.putArray("readinessGates").addObject().put("conditionType", "example.com/x"));
        maybe(() -> spec.set("volumes", volumes()));
        maybe(() -> spec.putNull(pick("initContainers", "volumes", "ephemeralContainers")));
        maybe(() -> fill(pod.putObject("fieldOfTheFuture")));
        if (random.nextInt(4) == 0) {
            spec.putObject("resources").putObject("limits").put("cpu", "1");
        }
        if (random.nextInt(4) == 0) {
            pod.withArray("/spec/initContainers")
                    .insertObject(0)
                    .put("name", "istio-proxy")
                    .put("restartPolicy", "Always");
        }
        return pod;
    }

    private void metadata(ObjectNode metadata) {
        metadata.putObject("labels").put("vxlan.travelping.com", "true");
        metadata.put(pick("name", "generateName"), "a-");
        maybe(() -> metadata.putArray("ownerReferences")
                .addObject()
                .put("kind", pick("ReplicaSet", "StatefulSet", "DaemonSet", "Job", "Node")));
        ObjectNode annotations = metadata.putObject("annotations").put(pick("other/key~0", "a~1b/c", "~"), "x");
        String key = "vxlan.travelping.com/" + pick("networks", "networks", "names");
        annotations.put(key, pick("vxeth0", "vxeth1, vxeth0", "nowhere", "", "vxeth0\nnowhere"));
        maybe(() -> annotations.put("vxlan.travelping.com/gate", random.nextBoolean() + ""));
        maybe(() -> annotations.put("vxlan.travelping.com/wait", random.nextBoolean() + ""));
        maybe(() -> annotations.put("vxlan.travelping.com/inject", pick("true", "true", "false")));
        maybe(() -> annotations.put("vxlan.travelping.com/status", "[]"));
        if (random.nextInt(4) == 0) {
            annotations.put("vxlan.travelping.com/agent-cpu-" + pick("request", "limit"), pick("20m", "1"));
            annotations.put("vxlan.travelping.com/agent-memory-" + pick("request", "limit"), pick("8Mi", "1Gi"));
        }
        fill(metadata);
    }

    private ArrayNode volumes() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = random.nextInt(3); i >= 0; i--) {
            list.addObject().put("name", random.nextInt(8) == 0 ? "vxlan-controller-no-token" : "volume" + i);
        }
        return list;
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
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
                resources(container.putObject("resources"));
            }
        }
        return list;
    }

    private void resources(ObjectNode resources) {
        ObjectNode limits = resources.putObject("limits");
        maybe(() -> limits.put("cpu", pick("1", "1000m")));
        maybe(() -> limits.put("memory", pick("1Gi", "1073741824")));
        maybe(() -> {
            ObjectNode requests = resources.putObject("requests");
            maybe(() -> requests.put("cpu", pick("1", "1000m", "999m")));
            maybe(() -> requests.put("memory", pick("1Gi", "1048576Ki", "1G")));
        });
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
}
