package io.github.kubevxlan.controller.names.api;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditionsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.controller.names.Endpoint;
import io.github.kubevxlan.controller.names.ObservedSlice;
import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.names.Slice;
import io.github.kubevxlan.controller.names.SlicePort;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Converts slices of the API into ours and back. */
public final class SliceMapper {
    /** The label that says whose slices they are, and the value that says that they are ours. */
    public static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

    public static final String OURS = "kube-vxlan-controller";

    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    /** With it, kube-proxy does not even look at a slice. */
    private static final String HEADLESS = "service.kubernetes.io/headless";

    private static final String SERVICE = "Service";
    private static final String POD = "Pod";

    private SliceMapper() {}

    /** One that is to be made. */
    static EndpointSlice create(Slice slice) {
        return slice(slice, null);
    }

    /** One that takes the place of that version. */
    static EndpointSlice replace(Slice slice, String version) {
        return slice(slice, version);
    }

    /** One of ours; empty for one that is not, as it has another owner or none. */
    public static Optional<ObservedSlice> observed(EndpointSlice slice) {
        ObjectMeta metadata = slice.getMetadata();
        return family(slice.getAddressType())
                .flatMap(family -> owner(metadata)
                        .map(service -> new ObservedSlice(
                                new Slice(
                                        metadata.getName(),
                                        service,
                                        family,
                                        ports(slice.getPorts()),
                                        endpoints(slice.getEndpoints())),
                                metadata.getResourceVersion(),
                                hasLabels(metadata, service) && areReady(slice.getEndpoints()))));
    }

    /** That one of ours is ours, its labels say already. */
    private static boolean hasLabels(ObjectMeta metadata, ServiceRef service) {
        return service.name().equals(metadata.getLabels().get(SERVICE_NAME))
                && "".equals(metadata.getLabels().get(HEADLESS));
    }

    private static boolean areReady(@Nullable List<io.fabric8.kubernetes.api.model.discovery.v1.Endpoint> endpoints) {
        return Stream.ofNullable(endpoints)
                .flatMap(List::stream)
                .allMatch(endpoint -> endpoint.getConditions() != null
                        && Boolean.TRUE.equals(endpoint.getConditions().getReady()));
    }

    /** Drops what nobody looks at. */
    public static EndpointSlice stripped(EndpointSlice slice) {
        return new EndpointSliceBuilder(slice)
                .editMetadata()
                .withManagedFields()
                .withAnnotations(Map.of())
                .endMetadata()
                .build();
    }

    private static EndpointSlice slice(Slice slice, @Nullable String version) {
        ServiceRef service = slice.service();
        return new EndpointSliceBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(slice.name())
                        .withNamespace(service.namespace())
                        .withResourceVersion(version)
                        .addToLabels(SERVICE_NAME, service.name())
                        .addToLabels(MANAGED_BY, OURS)
                        .addToLabels(HEADLESS, "")
                        .withOwnerReferences(new OwnerReferenceBuilder()
                                .withApiVersion("v1")
                                .withKind(SERVICE)
                                .withName(service.name())
                                .withUid(service.uid())
                                .withController(true)
                                .build())
                        .build())
                .withAddressType(slice.family().word())
                .withEndpoints(
                        slice.endpoints().stream().map(SliceMapper::endpoint).toList())
                .withPorts(slice.ports().stream().map(SliceMapper::port).toList())
                .build();
    }

    private static io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint(Endpoint endpoint) {
        return new EndpointBuilder()
                .withAddresses(endpoint.address())
                .withHostname(emptyToNull(endpoint.hostname()))
                .withNodeName(emptyToNull(endpoint.node()))
                .withTargetRef(new ObjectReferenceBuilder()
                        .withKind(POD)
                        .withNamespace(endpoint.pod().namespace())
                        .withName(endpoint.pod().name())
                        .withUid(endpoint.pod().uid())
                        .build())
                .withConditions(new EndpointConditionsBuilder()
                        .withReady(true)
                        .withServing(endpoint.serving())
                        .withTerminating(endpoint.ends())
                        .build())
                .build();
    }

    private static EndpointPort port(SlicePort port) {
        return new EndpointPortBuilder()
                .withName(port.name())
                .withProtocol(port.protocol())
                .withAppProtocol(port.appProtocol().orElse(null))
                .withPort(port.port())
                .build();
    }

    private static Optional<ServiceRef> owner(ObjectMeta metadata) {
        List<OwnerReference> owners =
                Optional.ofNullable(metadata.getOwnerReferences()).orElse(List.of());
        boolean isOurs = metadata.getLabels() != null
                && OURS.equals(metadata.getLabels().get(MANAGED_BY))
                && owners.size() == 1
                && SERVICE.equals(owners.getFirst().getKind());
        return isOurs
                ? Optional.of(new ServiceRef(
                        owners.getFirst().getUid(),
                        metadata.getNamespace(),
                        owners.getFirst().getName()))
                : Optional.empty();
    }

    private static Optional<Family> family(@Nullable String addressType) {
        return Stream.of(Family.values())
                .filter(family -> family.word().equals(addressType))
                .findFirst();
    }

    private static List<SlicePort> ports(@Nullable List<EndpointPort> ports) {
        return ports == null
                ? List.of()
                : ports.stream()
                        .map(port -> new SlicePort(
                                ServiceMapper.nullToEmpty(port.getName()),
                                ServiceMapper.nullToEmpty(port.getProtocol()),
                                Optional.ofNullable(port.getAppProtocol()),
                                Optional.ofNullable(port.getPort()).orElse(0)))
                        .toList();
    }

    private static List<Endpoint> endpoints(
            @Nullable List<io.fabric8.kubernetes.api.model.discovery.v1.Endpoint> endpoints) {
        return endpoints == null
                ? List.of()
                : endpoints.stream().map(SliceMapper::read).toList();
    }

    private static Endpoint read(io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint) {
        ObjectReference pod = Optional.ofNullable(endpoint.getTargetRef()).orElseGet(ObjectReference::new);
        EndpointConditions conditions =
                Optional.ofNullable(endpoint.getConditions()).orElseGet(EndpointConditions::new);
        return new Endpoint(
                String.join(" ", endpoint.getAddresses()),
                ServiceMapper.nullToEmpty(endpoint.getHostname()),
                ServiceMapper.nullToEmpty(endpoint.getNodeName()),
                new PodRef(
                        ServiceMapper.nullToEmpty(pod.getUid()),
                        ServiceMapper.nullToEmpty(pod.getNamespace()),
                        ServiceMapper.nullToEmpty(pod.getName())),
                new Endpoint.Conditions(
                        Boolean.TRUE.equals(conditions.getServing()),
                        Boolean.TRUE.equals(conditions.getTerminating())));
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
