package io.github.kubevxlan.cli.command;

import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NamespaceList;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** To find out how the kubeconfig and the API server's answers are read takes long, so another processor begins early. */
final class HeadStart {
    private static final List<Class<?>> READ_BY_ALL =
            List.of(Deployment.class, ConfigMap.class, PodList.class, NamespaceList.class);

    private HeadStart() {}

    /** Has a reader begin with what every command reads; does not wait for it. */
    static void begin(KubernetesSerialization json) {
        Thread.ofPlatform().daemon().start(() -> {
            Serialization.unmarshal("a: {}", Config.class); // by the reader, and in the notation, of kubeconfigs
            READ_BY_ALL.forEach(type -> json.unmarshal("{}", type));
        });
    }
}
