package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
     * @param definitions the networks there are; those of no ConfigMap unless they were read
     * @param known whether the definitions are known
     * @param namespaces what these declare
     */
    public record Declared(Definitions definitions, Known known, Namespaces namespaces) {}

    /** Whether the definitions are known. */
    public enum Known {
        /** They were read. */
        READ,
        /** Their ConfigMap does not exist. */
        ABSENT,
        /** The caller may not read them. */
        HIDDEN
    }

    /**
     * The annotations of namespaces.
     *
     * @param annotations ours alone, by namespace; a namespace without any is not in it
     * @param known whether they could be read
     */
    public record Namespaces(Map<String, Map<String, String>> annotations, boolean known) {
        public Namespaces {
            annotations = Map.copyOf(annotations);
        }
    }

    /**
     * The labelled pods.
     *
     * @param pods in order of namespace and name
     * @param whole whether every member is known: they are those of every namespace, and what the namespaces declare could
     *     be read
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

    /**
     * Why nobody can tell what a pod should hold; empty if it can be told.
     */
    public Optional<String> incomparable(PodFacts pod) {
        return unknown()
                .or(() -> !resolve(pod).source().isOfPod()
                                && !declared.namespaces().known()
                        ? Optional.of("the annotations of namespace "
                                + pod.snapshot().ref().namespace() + " could not be read, and may name its networks")
                        : Optional.empty());
    }

    /** Why nobody can tell what the networks are; empty if it can be told. */
    public Optional<String> unknown() {
        return switch (declared.known()) {
            case READ -> Optional.empty();
            case ABSENT ->
                Optional.of("ConfigMap " + settings.namespace() + "/" + settings.configMap() + " does not exist");
            case HIDDEN -> Optional.of("the network definitions could not be read");
        };
    }

    /** The networks of a pod. */
    public Resolution resolve(PodFacts pod) {
        String namespace = pod.snapshot().ref().namespace();
        return new Resolver(settings.keys(), definitions())
                .resolve(
                        namespace,
                        pod.snapshot().annotations(),
                        declared.namespaces().annotations().getOrDefault(namespace, Map.of()));
    }
}
