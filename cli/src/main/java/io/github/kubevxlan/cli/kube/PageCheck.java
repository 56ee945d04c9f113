package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.PortForward;
import io.github.kubevxlan.common.util.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Whether the page answers through a forwarded port: the API server is first asked when something connects to it, so only
 * then is it known whether the caller may.
 *
 * @param problem why it does not; empty if it does
 */
public record PageCheck(String problem) {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Asks for the page once. */
    public static PageCheck of(int port) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
                .timeout(DEADLINE)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return new PageCheck(status == 200 ? "" : "it answers with status " + status);
        } catch (IOException e) {
            return new PageCheck(Reason.line(e));
        }
    }

    /**
     * Says why the page does not answer, if so.
     *
     * @throws CommandFailure which names the right that is missing, if one is
     */
    public void orFail(Right right, PortForward forward) {
        if (problem.isEmpty()) {
            return;
        }
        throw Stream.concat(forward.getClientThrowables().stream(), forward.getServerThrowables().stream())
                .findFirst()
                .map(cause -> right.failure(new KubernetesClientException("port-forward", cause)))
                .orElseGet(() -> new CommandFailure("the live page does not answer: " + problem));
    }
}
