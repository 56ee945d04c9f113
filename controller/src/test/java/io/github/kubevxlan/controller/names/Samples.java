package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Services, pods and networks as tests have them; everything is in namespace {@code shop}, where it is not said. */
public final class Samples {
    public static final Keys KEYS = new Keys("vxlan.travelping.com");
    public static final Defaults DEFAULTS = new Defaults(new IfName("eth0"), new Port(14789));
    public static final Definitions DEFINITIONS =
            Definitions.parse(Map.of("blue", "100", "closed", "id=101 namespaces=other", "broken", "id=abc"), DEFAULTS);

    private Samples() {}

    public static ServiceSnapshot service(String name) {
        return service("shop", name, "blue", Optional.empty());
    }

    public static ServiceSnapshot service(String namespace, String name, String network, Optional<String> pods) {
        return new ServiceSnapshot(
                new ServiceRef(namespace + "-" + name, namespace, name),
                "2026-01-01T00:00:00Z",
                new ServiceSnapshot.Annotations(network, pods),
                new ServiceSnapshot.Spec(
                        "", "None", false, List.of(new ServicePort("web", "TCP", Optional.empty(), "8080"))));
    }

    /** A ready member of network blue. */
    public static PodNames pod(String name, String... addresses) {
        return podIn("shop", name, status("blue", State.READY, addresses));
    }

    public static PodNames podIn(String namespace, String name, NetworkStatus... networks) {
        return new PodNames(
                new PodRef(namespace + "-" + name, namespace, name),
                new PodNames.Spec("node", ""),
                Map.of("app", name.replaceAll("-.*", "")),
                new PodNames.Conditions(true, false),
                List.of(networks));
    }

    public static PodNames with(PodNames pod, String hostname, boolean ready, boolean ends) {
        return new PodNames(
                pod.ref(),
                new PodNames.Spec(pod.node(), hostname),
                pod.labels(),
                new PodNames.Conditions(ready, ends),
                pod.networks());
    }

    public static NetworkStatus status(String network, State state, String... addresses) {
        boolean isThere = state == State.READY || state == State.DEGRADED;
        return new NetworkStatus(
                network,
                state,
                Optional.of(new Vni(100)),
                new NetworkStatus.Link(
                        isThere ? Optional.of(new IfName("vx0")) : Optional.empty(),
                        Stream.of(addresses).map(IpAddr::parse).toList(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty()),
                "");
    }
}
