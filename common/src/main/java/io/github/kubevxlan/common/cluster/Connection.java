package io.github.kubevxlan.common.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.StartException;
import java.util.function.Function;

/** A client of the cluster in which the program runs, or of the cluster of a kubeconfig. */
public final class Connection {
    private Connection() {}

    /**
     * Prepares a client for everything but watches; sends no request yet.
     *
     * @throws StartException if neither KUBECONFIG nor the pod's service account tell the way
     */
    public static KubernetesClient open() throws StartException {
        return open(Connection::by);
    }

    /**
     * Prepares one for watches. Each has a connection of its own: one whose other end is gone is given up alone, and there
     * may be more of them than the 100 streams that an API server allows in one HTTP/2 connection, beyond which the JDK's
     * client fails instead of opening another.
     *
     * @param ages learns how old the watches are, and ends those that are silent
     * @throws StartException if neither KUBECONFIG nor the pod's service account tell the way
     */
    public static KubernetesClient forWatches(WatchAges ages) throws StartException {
        return open(config -> forWatches(config, ages));
    }

    private static KubernetesClient open(Function<Config, KubernetesClient> by) throws StartException {
        try {
            return by.apply(Config.autoConfigure(null));
        } catch (
                RuntimeException
                        e) { // what reads a kubeconfig throws whatever comes: the YAML parser's exceptions, too
            throw new StartException(
                    "found no cluster by KUBECONFIG or the pod's service account: " + Reason.line(e), e);
        }
    }

    static KubernetesClient by(Config config) {
        return builder(config).build();
    }

    static KubernetesClient forWatches(Config config, WatchAges ages) {
        config.setHttp2Disable(true);
        return builder(config)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor(AsciiWatch.class.getName(), new AsciiWatch())
                                .addOrReplaceInterceptor(WatchAges.class.getName(), ages.interceptor()))
                .build();
    }

    private static KubernetesClientBuilder builder(Config config) {
        config.setOnlyHttpWatches(true); // by the JDK's WebSocket one may miss that the server is gone
        return new KubernetesClientBuilder().withConfig(config);
    }
}
