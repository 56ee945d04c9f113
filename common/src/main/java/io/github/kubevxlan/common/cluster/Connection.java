package io.github.kubevxlan.common.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.StartException;

/** A client of the cluster that the program runs in, or of that of a kubeconfig. */
public final class Connection {
    private Connection() {}

    /**
     * Prepares it; nothing is asked of the API server yet.
     *
     * @param watchesOneByOne whether each watch is to have a connection of its own
     * @throws StartException if neither KUBECONFIG nor the pod's service account tell the way
     */
    public static KubernetesClient open(boolean watchesOneByOne) throws StartException {
        try {
            return by(Config.autoConfigure(null), watchesOneByOne);
        } catch (
                RuntimeException
                        e) { // what reads a kubeconfig throws whatever comes: the YAML parser's exceptions, too
            throw new StartException(
                    "no way to a cluster by KUBECONFIG or the pod's service account: " + Reason.line(e), e);
        }
    }

    static KubernetesClient by(Config config, boolean watchesOneByOne) {
        config.setOnlyHttpWatches(true); // by the JDK's WebSocket one may miss that the server is gone
        config.setHttp2Disable(watchesOneByOne);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(
                        builder -> builder.addOrReplaceInterceptor(AsciiWatch.class.getName(), new AsciiWatch()))
                .build();
    }
}
