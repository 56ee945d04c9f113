package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Runs commands in containers, and counts them. */
public final class Shell {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final AtomicLong OPENED = new AtomicLong();

    private Shell() {}

    /**
     * What a command left.
     *
     * @param status its exit status
     * @param out all of its output, errors included
     */
    public record Ran(int status, String out) {}

    /** How many commands were begun so far by all tests. */
    public static long opened() {
        return OPENED.get();
    }

    /** Runs a script in the pod's container {@code app} and gives its output; any other exit status than 0 is a failure. */
    public static String inApp(Pod pod, String script) {
        return exec(pod, Pods.APP, "sh", "-c", script);
    }

    /** Runs a command in a container, which may have no shell, and gives its output; a failure as with the app. */
    public static String exec(Pod pod, String container, String... command) {
        Ran ran = ran(pod, container, command);
        if (ran.status() != 0) {
            throw new AssertionError("in %s/%s: %s: status %d: %s"
                    .formatted(
                            name(pod),
                            container,
                            String.join(" ", command),
                            ran.status(),
                            ran.out().strip()));
        }
        return ran.out();
    }

    /**
     * Runs a script ({@code sh -c}) to its end.
     *
     * @throws KubernetesClientException if it can't be begun or does not end within a minute
     */
    public static Ran run(Pod pod, String container, String script) {
        return ran(pod, container, "sh", "-c", script);
    }

    private static Ran ran(Pod pod, String container, String... command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecWatch exec = begin(pod, container, out, command)) {
            Integer status = exec.exitCode().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return new Ran(status == null ? -1 : status, out.toString(StandardCharsets.UTF_8));
        } catch (ExecutionException | TimeoutException e) {
            throw new KubernetesClientException("in %s/%s: %s".formatted(name(pod), container, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in " + name(pod), e);
        }
    }

    /** Begins a script that runs until what is given back is closed; its output and errors grow in {@code out}. */
    public static ExecWatch begin(Pod pod, String container, String script, ByteArrayOutputStream out) {
        return begin(pod, container, out, "sh", "-c", script);
    }

    private static ExecWatch begin(Pod pod, String container, ByteArrayOutputStream out, String... command) {
        OPENED.incrementAndGet();
        return Cluster.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name(pod))
                .inContainer(container)
                .writingOutput(out)
                .writingError(out)
                .exec(command);
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
