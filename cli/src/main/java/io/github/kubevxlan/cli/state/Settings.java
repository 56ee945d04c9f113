package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import java.util.List;
import java.util.Map;

/**
 * The settings of an installed controller that decide what its members have.
 *
 * @param common those that it shares with the webhook
 * @param neighbours up to how many members a network has permanent neighbour entries
 * @param peerFilter whether members drop packets of others than peers
 */
public record Settings(CommonConfig common, int neighbours, boolean peerFilter) {
    private static final int NEIGHBOURS = 256;
    private static final int MOST_NEIGHBOURS = 10_000;

    /**
     * Reads the environment of the controller's container. Settings that this program does not know are passed over, and
     * a value that it cannot read counts as the default: the controller itself has checked them.
     */
    public static Settings read(Map<String, String> variables) {
        EnvConfig env = new EnvConfig(variables);
        return new Settings(
                CommonConfig.read(env),
                env.integer("NEIGHBOURS", NEIGHBOURS, 0, MOST_NEIGHBOURS),
                env.choice("PEER_FILTER", "true", "true", "false").equals("true"));
    }

    /** The settings of a release that was installed with none, in a namespace. */
    public static Settings byDefault(String namespace) {
        return read(Map.of(EnvConfig.PREFIX + "NAMESPACE", namespace));
    }

    /** Label and annotations. */
    public Keys keys() {
        return common.keys();
    }

    /** Where the controller has its objects. */
    public String namespace() {
        return common.namespace();
    }

    /** The name of the ConfigMap with the network definitions. */
    public String configMap() {
        return common.configMap();
    }

    /** What definitions leave open. */
    public Defaults defaults() {
        return common.defaults();
    }

    /** The namespaces that are served; empty for all. */
    public List<String> watched() {
        return common.watchNamespaces();
    }
}
