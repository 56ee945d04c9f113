package io.github.kubevxlan.controller.names.api;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.names.ServicePort;
import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.names.ServiceSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Converts a Service of the API into a snapshot. */
public final class ServiceMapper {
    private final Keys keys;

    /** Takes the keys of what is ours on a Service. */
    public ServiceMapper(Keys keys) {
        this.keys = keys;
    }

    /** What is to be known of a Service; empty for one that names no network, which are most. */
    public Optional<ServiceSnapshot> snapshot(Service service) {
        ObjectMeta metadata = service.getMetadata();
        Map<String, String> annotations =
                Optional.ofNullable(metadata.getAnnotations()).orElse(Map.of());
        ServiceSpec spec = Optional.ofNullable(service.getSpec()).orElseGet(ServiceSpec::new);
        return Optional.ofNullable(annotations.get(keys.network()))
                .map(network -> new ServiceSnapshot(
                        new ServiceRef(metadata.getUid(), metadata.getNamespace(), metadata.getName()),
                        nullToEmpty(metadata.getCreationTimestamp()),
                        new ServiceSnapshot.Annotations(
                                network, Optional.ofNullable(annotations.get(keys.networkPods()))),
                        new ServiceSnapshot.Spec(
                                print(spec.getSelector()),
                                nullToEmpty(spec.getClusterIP()),
                                Boolean.TRUE.equals(spec.getPublishNotReadyAddresses()),
                                ports(spec))));
    }

    /** Drops what {@link #snapshot} does not look at; of a Service that names no network all but its name. */
    public Service stripped(Service service) {
        ObjectMeta metadata = service.getMetadata();
        ServiceBuilder small = new ServiceBuilder()
                .withNewMetadata()
                .withName(metadata.getName())
                .withNamespace(metadata.getNamespace())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .endMetadata();
        Map<String, String> annotations =
                Optional.ofNullable(metadata.getAnnotations()).orElse(Map.of());
        if (!annotations.containsKey(keys.network()) || service.getSpec() == null) {
            return small.build();
        }
        small.editMetadata()
                .withCreationTimestamp(metadata.getCreationTimestamp())
                .addToAnnotations(keys.network(), annotations.get(keys.network()))
                .endMetadata();
        if (annotations.containsKey(keys.networkPods())) {
            small.editMetadata()
                    .addToAnnotations(keys.networkPods(), annotations.get(keys.networkPods()))
                    .endMetadata();
        }
        return small.withNewSpec()
                .withSelector(service.getSpec().getSelector())
                .withClusterIP(service.getSpec().getClusterIP())
                .withPublishNotReadyAddresses(service.getSpec().getPublishNotReadyAddresses())
                .withPorts(service.getSpec().getPorts())
                .endSpec()
                .build();
    }

    private static List<ServicePort> ports(ServiceSpec spec) {
        return Stream.ofNullable(spec.getPorts())
                .flatMap(List::stream)
                .map(port -> new ServicePort(
                        nullToEmpty(port.getName()),
                        Optional.ofNullable(port.getProtocol()).orElse("TCP"),
                        Optional.ofNullable(port.getAppProtocol()),
                        target(port.getTargetPort(), port.getPort())))
                .toList();
    }

    private static String target(@Nullable IntOrString target, int port) {
        return target == null || target.getValue() == null
                ? Integer.toString(port)
                : target.getValue().toString();
    }

    private static String print(@Nullable Map<String, String> selector) {
        return selector == null
                ? ""
                : new TreeMap<>(selector)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .collect(Collectors.joining(","));
    }

    static String nullToEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
