package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Writes down what the cluster looks like when a test has failed. */
final class Dump {
    private static final String NETWORK =
            "ip -d address; ip route; ip -6 route; bridge fdb; nft list ruleset; cat /sys/class/net/lo/ifalias";

    private Dump() {}

    /**
     * Writes to {@code target/e2e-dump/CLASS.METHOD/}, and to {@code CLASS.set-up} where no test has begun. The file says
     * in its place what can't be read.
     */
    static void write(ExtensionContext context, String namespace) {
        write(
                context.getRequiredTestClass().getSimpleName() + "."
                        + context.getTestMethod().map(Method::getName).orElse("set-up"),
                namespace);
    }

    /** The same, under a name. */
    static void write(String test, String namespace) {
        Path folder = Path.of("target", "e2e-dump", test);
        KubernetesClient client = Cluster.client();
        List<Pod> pods = client.pods().inNamespace(namespace).list().getItems();
        List<Pod> ours = client.pods()
                .inNamespace(Cluster.SYSTEM)
                .withLabel("app.kubernetes.io/name", "kube-vxlan-controller")
                .list()
                .getItems();
        try {
            Files.createDirectories(folder);
            write(folder, "pods.yaml", () -> client.getKubernetesSerialization().asYaml(pods));
            write(folder, "events.txt", () -> events(client, namespace));
            write(folder, "configmap.txt", () -> Networks.all().toString());
            for (Pod pod : ours) {
                write(folder, pod.getMetadata().getName() + ".log", () -> Cluster.log(pod));
            }
            for (Pod pod : pods) {
                write(folder, pod.getMetadata().getName() + ".net.txt", () -> Lab.inPod(pod, NETWORK));
            }
            System.err.println("What the cluster looked like: " + folder.toAbsolutePath());
        } catch (IOException e) {
            System.err.println("The state of the cluster could not be written: " + e.getMessage());
        }
    }

    private static void write(Path folder, String name, Supplier<String> content) throws IOException {
        String text;
        try {
            text = content.get();
        } catch (KubernetesClientException | AssertionError e) {
            text = "can't be had: " + e.getMessage();
        }
        Files.writeString(folder.resolve(name), text);
    }

    private static String events(KubernetesClient client, String namespace) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .map(Dump::line)
                .collect(Collectors.joining("\n"));
    }

    private static String line(Event event) {
        return "%s %s %s: %s"
                .formatted(
                        event.getLastTimestamp(),
                        event.getInvolvedObject().getName(),
                        event.getReason(),
                        event.getMessage());
    }
}
