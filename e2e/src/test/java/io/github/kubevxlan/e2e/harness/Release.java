package io.github.kubevxlan.e2e.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The installed release. For classes that say {@link Alone} only. */
public final class Release implements AutoCloseable {
    private final String revision;

    private Release(String revision) {
        this.revision = revision;
    }

    /**
     * Replaces as {@link #replace} does, until what is given back is closed, which does the same, or rolled back: then all
     * of it is as before.
     */
    public static Release with(String... options) {
        Release before = installed();
        replace(options);
        return before;
    }

    /** The one that is installed now, to go back to. */
    public static Release installed() {
        return new Release(revision());
    }

    /**
     * Upgrades it by Helm with some values changed, as {@code --set NAME=VALUE}, by a rolling update; returns when all its
     * pods are new, and ready.
     */
    public static void upgrade(String... options) {
        List<String> upgrade = List.of("upgrade", Cluster.CONTROLLER, "charts/kube-vxlan-controller", "--reuse-values");
        roll(Stream.concat(upgrade.stream(), Arrays.stream(options)));
    }

    /**
     * Upgrades as {@link #upgrade} does, but ends all its pods first: half of a rolling update's time. Nobody must make
     * labelled pods meanwhile.
     */
    public static void replace(String... options) {
        stop();
        upgrade(options);
    }

    /**
     * Installs the chart in another namespace with some options, as {@code --values FILE}, until what is given back is closed;
     * returns when its pods are ready. The other release must not be there.
     */
    public static Elsewhere in(String namespace, String... options) {
        Stream<String> install = Stream.of(
                "helm",
                "install",
                Cluster.CONTROLLER,
                "charts/kube-vxlan-controller",
                "--namespace=" + namespace,
                "--create-namespace",
                "--set=image.tag=lab,image.pullPolicy=IfNotPresent",
                "--set=agent.image.tag=lab,agent.image.pullPolicy=IfNotPresent",
                "--wait",
                "--timeout=2m");
        Elsewhere release = new Elsewhere(namespace);
        try {
            Client.run(Stream.concat(install, Arrays.stream(options)).toArray(String[]::new));
        } catch (AssertionError e) {
            release.close();
            throw e;
        }
        return release;
    }

    /** A release in a namespace of its own, which goes with it. */
    public record Elsewhere(String namespace) implements AutoCloseable {
        @Override
        public void close() {
            Client.run("helm", "uninstall", Cluster.CONTROLLER, "--namespace=" + namespace, "--wait", "--timeout=2m");
            Client.run("kubectl", "delete", "namespace", namespace);
        }
    }

    /** Takes it away; only Helm's history stays, for {@link #rollBack}. */
    public static void uninstall() {
        helm(Stream.of("uninstall", Cluster.CONTROLLER, "--keep-history", "--wait", "--timeout", "2m"));
    }

    /** Has it as before, by a rolling update where it was not taken away. */
    public void rollBack() {
        roll(Stream.of("rollback", Cluster.CONTROLLER, revision));
    }

    @Override
    public void close() {
        stop();
        rollBack();
    }

    private static void stop() {
        Controller.stop();
        Webhook.stop();
    }

    /** Returns when pods with that label get an agent: the API server has taken to the webhook of another prefix. */
    public static void awaitInjection(String prefix) {
        Pod pod = new PodBuilder(Pods.plain("tried", "exit"))
                .editMetadata()
                .addToLabels(prefix, "true")
                .addToAnnotations(prefix + "/names", "any")
                .endMetadata()
                .build();
        Await.until("pods with label " + prefix + " get an agent", () -> {
            Pod admitted = Cluster.client()
                    .resource(pod)
                    .inNamespace("default")
                    .dryRun()
                    .create();
            return admitted.getSpec().getInitContainers().isEmpty() ? Optional.of("none was put in") : Optional.empty();
        });
    }

    private static void roll(Stream<String> command) {
        helm(Stream.concat(command, Stream.of("--wait", "--timeout", "2m")));
        Controller.awaitReady();
        Webhook.awaitReady();
    }

    private static String revision() {
        String status = helm(Stream.of("status", Cluster.CONTROLLER, "--output", "json"));
        try {
            return new ObjectMapper().readTree(status).path("version").asText();
        } catch (JsonProcessingException e) {
            throw new AssertionError("not what helm status says: " + status, e);
        }
    }

    private static String helm(Stream<String> command) {
        return Client.run(Stream.of(Stream.of("helm"), command, Stream.of("--namespace", Cluster.SYSTEM))
                .flatMap(part -> part)
                .toArray(String[]::new));
    }
}
