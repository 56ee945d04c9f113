package io.github.kubevxlan.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What only the lab's owner can do to it: end its services, signal the processes of pods, forget history. */
public final class Lab {
    public static final String API_SERVER = "control-kube-apiserver";
    public static final String SANDBOX = "sandbox";

    private static final String ETCD = "http://127.0.0.1:2379/v3/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Lab() {}

    /** The kubelet of a node. */
    public static String kubelet(String node) {
        return node + "-kubelet";
    }

    /** Ends a service, with no time to say goodbye. */
    public static void kill(String service) {
        run("lab/service", "kill", service);
    }

    /** Starts a service that was ended. */
    public static void start(String service) {
        run("lab/service", "start", service);
    }

    /** Ends the API server with no time to say goodbye and starts it again; returns when it answers. */
    public static void restartApiServer() {
        kill(API_SERVER);
        start(API_SERVER);
        Await.until(
                "the API server is ready",
                () -> "ok".equals(Cluster.client().raw("/readyz")) ? Optional.empty() : Optional.of("it is not"));
    }

    /** Sends a signal, KILL for instance, to every process of a pod's container, or of its {@link #SANDBOX}. */
    public static void signal(String signal, Pod pod, String container) {
        run(
                "lab/signal",
                signal,
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                container);
    }

    /** Stops every process of a pod's container, those of exec included that come later, until the container is killed. */
    public static void freeze(Pod pod, String container) {
        try {
            List<String> groups = Files.readAllLines(Path.of("/proc", process(pod, container), "cgroup"));
            Optional<String> freezer = group(groups, ":freezer:");
            Path root = Path.of("/sys/fs/cgroup");
            if (freezer.isPresent()) {
                Files.writeString(root.resolve("freezer" + freezer.get() + "/freezer.state"), "FROZEN");
            } else {
                String unified = group(groups, "0::").orElseThrow();
                Files.writeString(root.resolve(unified.substring(1) + "/cgroup.freeze"), "1");
            }
        } catch (IOException e) {
            throw new AssertionError("can't freeze " + pod.getMetadata().getName() + ": " + e.getMessage(), e);
        }
    }

    private static Optional<String> group(List<String> groups, String mark) {
        return groups.stream()
                .filter(line -> line.contains(mark))
                .map(line -> line.substring(line.indexOf(mark) + mark.length()))
                .findFirst();
    }

    /**
     * Runs a script with this machine's tools in a pod's network namespace and gives its output; any other exit status than
     * 0 is a failure. It takes no kubelet, no agent and no app. {@code $shm} is the pod's {@code /dev/shm}.
     */
    public static String inPod(Pod pod, String script) {
        return run("lab/enter", "--uid", pod.getMetadata().getUid(), "sh", "-c", script);
    }

    /** Begins such a script, which runs until what is given back is closed; its output and errors grow in {@code out}. */
    static Begun beginInPod(Pod pod, String script, OutputStream out) {
        try {
            Process process = TestedLab.process(
                            List.of("lab/enter", "--uid", pod.getMetadata().getUid(), "sh", "-c", script))
                    .redirectErrorStream(true)
                    .start();
            Thread.ofVirtual().start(() -> copy(process.getInputStream(), out));
            return new Begun(process);
        } catch (IOException e) {
            throw new AssertionError("can't enter " + pod.getMetadata().getName() + ": " + e.getMessage(), e);
        }
    }

    /** A script that runs. */
    record Begun(Process process) implements AutoCloseable {
        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static void copy(InputStream from, OutputStream to) {
        try (from) {
            from.transferTo(to);
        } catch (IOException e) {
            // the process was ended meanwhile
        }
    }

    /** Whether a container that runs sees a file of that path. */
    public static boolean hasFile(Pod pod, String container, String path) {
        return Files.exists(Path.of("/proc", process(pod, container), "root", path));
    }

    /** This machine's number of a process of a container that runs. */
    static String process(Pod pod, String container) {
        return run(
                        "lab/pids",
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getName(),
                        container)
                .lines()
                .findFirst()
                .orElseThrow();
    }

    /** Whether a pod's kernel sends to an address. */
    public static boolean sendsTo(Pod pod, String vtep) {
        return inPod(pod, "bridge fdb show").lines().anyMatch(line -> line.contains(" dst " + vtep + " "));
    }

    /** Makes the store forget every state but the present one, so that no watch can be resumed from an earlier one. */
    public static void compactHistory() {
        String revision =
                etcd("maintenance/status", "{}").at("/header/revision").asText();
        etcd("kv/compaction", "{\"revision\": %s, \"physical\": true}".formatted(revision));
    }

    /** Takes a node off the network, its pods included, until {@link #plugIn}. */
    public static void unplug(String node) {
        run("lab/run", "ip", "link", "set", node, "down");
    }

    /** Gives a node its network back. */
    public static void plugIn(String node) {
        run("lab/run", "ip", "link", "set", node, "up");
    }

    /**
     * A request to the API server.
     *
     * @param account the service account that sent it
     * @param verb as in roles, {@code watch} among them
     */
    public record Request(String account, String verb, String uri) {
        /** Whether it opens a shell. */
        public boolean isExec() {
            return uri.contains("/exec?");
        }

        /** The same without its parameters, which tell from where a watch goes on. */
        public Request bare() {
            return new Request(account, verb, uri.replaceFirst("\\?.*", ""));
        }
    }

    /** What the webhook and the controller have asked of the API server so far. */
    public static List<Request> requests() {
        return run("lab/requests")
                .lines()
                .map(line -> line.split(" ", 3))
                .map(words -> new Request(words[0], words[1], words[2]))
                .toList();
    }

    /** Runs a script on the machine of the control plane: outside the cluster, where pod IPs are reachable. */
    public static String outside(String script) {
        return run("lab/run", "sh", "-e", "-c", script);
    }

    private static JsonNode etcd(String path, String request) {
        String answer = run("lab/run", "curl", "--silent", "--fail", "--data", request, ETCD + path);
        try {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new AssertionError("not what etcd answers: " + answer, e);
        }
    }

    private static String run(String command, String... arguments) {
        return Client.run(
                Stream.concat(Stream.of(Client.repository().resolve(command).toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }
}
