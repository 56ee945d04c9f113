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
 * @param definitions the networks there are; none where they could not be read
 * @param defined whether the definitions could be read
 * @param annotationsByNamespace ours alone; a namespace without any is not in it
 * @param pods labelled ones, in order of namespace and name
 * @param whole whether pods are those of every namespace
 * @param notes what could not be read and what was assumed instead, a sentence each
 */
public record ClusterState(
        Settings settings,
        Definitions definitions,
        boolean defined,
        Map<String, Map<String, String>> annotationsByNamespace,
        List<PodFacts> pods,
        boolean whole,
        List<String> notes) {
    public ClusterState {
        annotationsByNamespace = Map.copyOf(annotationsByNamespace);
        pods = List.copyOf(pods);
        notes = List.copyOf(notes);
    }

    /** The pods with the label of this installation: those that the controller serves. */
    public List<PodFacts> served() {
        return pods.stream()
                .filter(pod -> pod.prefix().equals(settings.keys().prefix()))
                .toList();
    }

    /** The networks of a pod. */
    public Resolution resolve(PodFacts pod) {
        String namespace = pod.snapshot().ref().namespace();
        return new Resolver(settings.keys(), definitions)
                .resolve(
                        namespace,
                        pod.snapshot().annotations(),
                        annotationsByNamespace.getOrDefault(namespace, Map.of()));
    }
}
