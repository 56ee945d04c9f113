package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Optional;

/**
 * A part of the cluster that is watched on its own.
 *
 * @param namespace the only one in it; empty for the whole cluster
 */
record Scope(KubernetesClient client, Optional<String> namespace) {
    /** One for each chosen namespace; where none is chosen, the cluster. */
    static List<Scope> of(KubernetesClient client, List<String> namespaces) {
        return namespaces.isEmpty()
                ? List.of(new Scope(client, Optional.empty()))
                : namespaces.stream()
                        .map(name -> new Scope(client, Optional.of(name)))
                        .toList();
    }

    FilterWatchListDeletable<Pod, PodList, PodResource> pods() {
        return namespace.isPresent()
                ? client.pods().inNamespace(namespace.get())
                : client.pods().inAnyNamespace();
    }

    Informable<Service> services() {
        return namespace.isPresent()
                ? client.services().inNamespace(namespace.get())
                : client.services().inAnyNamespace();
    }

    FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> slices() {
        return namespace.isPresent()
                ? client.discovery().v1().endpointSlices().inNamespace(namespace.get())
                : client.discovery().v1().endpointSlices().inAnyNamespace();
    }

    Informable<Namespace> namespaces() {
        return namespace.isPresent() ? client.namespaces().withName(namespace.get()) : client.namespaces();
    }
}
