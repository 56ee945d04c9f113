package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.github.kubevxlan.cli.state.Release;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The live page of the controller that leads.
 *
 * @param pod its name
 * @param port that it has on the pod's loopback address
 */
public record LeaderPage(String pod, int port) {
    private static final Pattern HOLDER = Pattern.compile("(.+)-[0-9a-f]{16}");
    private static final String SWITCH = "KUBEVXLAN_PAGE";
    private static final String PORT = "KUBEVXLAN_PAGE_PORT";

    /**
     * Finds it.
     *
     * @throws CommandFailure if no controller leads, it has no such page, or the caller may not look
     */
    public static LeaderPage find(KubernetesClient client, Release release) {
        String name = leader(lease(client, release), release);
        Pod pod = pod(client, release, name);
        Map<String, String> settings = Stream.ofNullable(pod.getSpec().getContainers())
                .flatMap(Collection::stream)
                .map(Container::getEnv)
                .flatMap(Collection::stream)
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(
                        variable -> variable.getName(), variable -> variable.getValue(), (_, last) -> last));
        if (!settings.getOrDefault(SWITCH, "false").equals("true")) {
            throw new CommandFailure("the leader " + name
                    + " has no live page: it is older than that, or the chart's controller.page.enabled is false");
        }
        return new LeaderPage(name, port(settings.getOrDefault(PORT, "")));
    }

    /**
     * Opens a way there from this machine's loopback address.
     *
     * @param local the port to have here; 0 for any free one
     * @throws CommandFailure if the port is taken
     */
    public LocalPortForward forward(KubernetesClient client, Release release, int local) {
        try {
            return client.pods()
                    .inNamespace(release.namespace())
                    .withName(pod)
                    .portForward(port, InetAddress.getLoopbackAddress(), local);
        } catch (KubernetesClientException e) {
            throw new CommandFailure("cannot listen on port " + local + " of this machine: " + e.getMessage(), e);
        }
    }

    /** What the way there needs, for when it fails. */
    public Right right(Release release) {
        return new Right("create", "pods/portforward", pod, release.namespace());
    }

    private static String leader(Optional<Lease> lease, Release release) {
        String holder = lease.map(found -> found.getSpec().getHolderIdentity())
                .filter(identity -> !identity.isEmpty())
                .orElseThrow(() -> new CommandFailure("no controller leads: see vxlan doctor (Lease "
                        + release.namespace() + "/" + release.name() + ")"));
        Matcher matcher = HOLDER.matcher(holder);
        return matcher.matches() ? matcher.group(1) : holder;
    }

    private static Optional<Lease> lease(KubernetesClient client, Release release) {
        try {
            return Optional.ofNullable(client.leases()
                    .inNamespace(release.namespace())
                    .withName(release.name())
                    .get());
        } catch (KubernetesClientException e) {
            throw new Right("get", "leases.coordination.k8s.io", release.name(), release.namespace()).failure(e);
        }
    }

    private static Pod pod(KubernetesClient client, Release release, String name) {
        try {
            return Optional.ofNullable(client.pods()
                            .inNamespace(release.namespace())
                            .withName(name)
                            .get())
                    .orElseThrow(() -> new CommandFailure("the leader " + name + " is no pod in namespace "
                            + release.namespace()
                            + ": where it runs outside the cluster, its page is on that machine's loopback address"));
        } catch (KubernetesClientException e) {
            throw new Right("get", "pods", name, release.namespace()).failure(e);
        }
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new CommandFailure("the leader's " + PORT + " is no port: " + text, e);
        }
    }
}
