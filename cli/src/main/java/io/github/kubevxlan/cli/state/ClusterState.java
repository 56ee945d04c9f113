package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import java.util.List;
import java.util.Map;

/**
 * The state of a cluster at one moment, from the API server.
 *
 * @param settings those of the installed controller, or the defaults where they could not be read
 * @param declared what the ConfigMap and the namespaces declare
 * @param listed the labelled pods
 * @param notes what could not be read and what was assumed instead, a sentence each
 */
public record ClusterState(Settings settings, Declared declared, Listed listed, List<String> notes) {
    public ClusterState {
        notes = List.copyOf(notes);
    }

    /**
     * What the ConfigMap and the namespaces declare.
     *
     * @param definitions the networks there are; none where they could not be read
     * @param defined whether the definitions could be read
     * @param annotationsByNamespace ours alone; a namespace without any is not in it
     */
    public record Declared(
            Definitions definitions, boolean defined, Map<String, Map<String, String>> annotationsByNamespace) {
        public Declared {
            annotationsByNamespace = Map.copyOf(annotationsByNamespace);
        }
    }

    /**
     * The labelled pods.
     *
     * @param pods in order of namespace and name
     * @param whole whether they are those of every namespace
     */
    public record Listed(List<PodFacts> pods, boolean whole) {
        public Listed {
            pods = List.copyOf(pods);
        }
    }

    /** The networks there are; none where they could not be read. */
    public Definitions definitions() {
        return declared.definitions();
    }

    /** Whether the definitions could be read. */
    public boolean defined() {
        return declared.defined();
    }

    /** The labelled pods, in order of namespace and name. */
    public List<PodFacts> pods() {
        return listed.pods();
    }

    /** The pods with the label of this installation: those that the controller serves. */
    public List<PodFacts> served() {
        return pods().stream()
                .filter(pod -> pod.prefix().equals(settings.keys().prefix()))
                .toList();
    }

    /** The networks of a pod. */
    public Resolution resolve(PodFacts pod) {
        String namespace = pod.snapshot().ref().namespace();
        return new Resolver(settings.keys(), definitions())
                .resolve(
                        namespace,
                        pod.snapshot().annotations(),
                        declared.annotationsByNamespace().getOrDefault(namespace, Map.of()));
    }
}
