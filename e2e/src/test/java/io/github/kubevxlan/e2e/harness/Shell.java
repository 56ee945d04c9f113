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

    /** Runs a script in the pod's agent and gives its output; any other exit status than 0 is a failure. */
    public static String inAgent(Pod pod, String script) {
        return succeed(pod, Cluster.AGENT, script);
    }

    /** Runs a script in the pod's container {@code app} and gives its output; a failure as with the agent. */
    public static String inApp(Pod pod, String script) {
        return succeed(pod, Pods.APP, script);
    }

    /**
     * Runs a script ({@code sh -c}) to its end.
     *
     * @throws KubernetesClientException if it can't be begun or does not end within a minute
     */
    public static Ran run(Pod pod, String container, String script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecWatch exec = begin(pod, container, script, out)) {
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
        OPENED.incrementAndGet();
        return Cluster.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name(pod))
                .inContainer(container)
                .writingOutput(out)
                .writingError(out)
                .exec("sh", "-c", script);
    }

    private static String succeed(Pod pod, String container, String script) {
        Ran ran = run(pod, container, script);
        if (ran.status() != 0) {
            throw new AssertionError("in %s/%s: %s: status %d: %s"
                    .formatted(
                            name(pod),
                            container,
                            script,
                            ran.status(),
                            ran.out().strip()));
        }
        return ran.out();
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
