package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.dsl.ServiceResource;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Slices;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** The Services of a history, and what their EndpointSlices must hold at rest. */
final class HistoryNames {
    /** By this a Service chooses among the members of its network. */
    static final String CHOICE = "side";

    private static final int SERVICES = 3;

    private final Stage stage;
    private final Random random;
    private final Map<String, Asked> asked = new TreeMap<>();

    /** What a Service asks for: a network, none if it is empty, and a side of its members, any if that is empty. */
    private record Asked(String network, String side) {}

    /** A member that may have names: its pod and what is declared for that. */
    record Named(Pod pod, List<Net> nets) {
        Named {
            nets = List.copyOf(nets);
        }
    }

    HistoryNames(Stage stage, Random random) {
        this.stage = stage;
        this.random = random;
    }

    /** One more Service, which asks for all members of a network all the time. */
    Happening lasting(String network) {
        String name = "all-of-" + network;
        Asked all = new Asked(network, "");
        asked.put(name, all);
        return new Happening("service %s asks for %s".formatted(name, network), () -> put(service(name, all)));
    }

    /** What happens next to a Service; running the action makes it so, and may be done again. */
    Happening next(List<String> networks) {
        String name = "names-" + random.nextInt(SERVICES);
        Asked next = new Asked(
                random.nextInt(4) == 0 ? "" : networks.get(random.nextInt(networks.size())),
                List.of("", "", "even").get(random.nextInt(3)));
        if (asked.containsKey(name) && random.nextInt(4) == 0) {
            asked.remove(name);
            return new Happening(
                    "service " + name + " is deleted", () -> services(name).delete());
        }
        asked.put(name, next);
        String what = next.network().isEmpty() ? "nothing" : next.network();
        return new Happening(
                "service %s asks for %s %s".formatted(name, what, next.side()), () -> put(service(name, next)));
    }

    /** Somebody deletes one of the slices or all addresses in it; nothing where there are none. */
    Optional<Happening> vandal() {
        List<EndpointSlice> slices = Slices.ours(stage.namespace());
        if (slices.isEmpty()) {
            return Optional.empty();
        }
        EndpointSlice slice = slices.get(random.nextInt(slices.size()));
        String name = slice.getMetadata().getName();
        return Optional.of(
                random.nextBoolean()
                        ? new Happening(
                                "slice " + name + " is deleted",
                                () -> Slices.of(slice).delete())
                        : new Happening(
                                "slice " + name + " is emptied",
                                () -> Slices.of(slice).edit(before -> {
                                    before.setEndpoints(List.of());
                                    return before;
                                })));
    }

    /** Something that happens: its words, and what makes it so. */
    record Happening(String words, Runnable action) {}

    /** What is wrong with the slices; empty if they hold the ready members and nobody else. */
    Optional<String> inexact(Collection<Named> members) {
        Map<String, List<String>> wanted = new TreeMap<>();
        asked.forEach((service, by) -> {
            List<String> entries = new ArrayList<>();
            for (Named member : members) {
                if (Pods.notReady(member.pod()).isEmpty()
                        && (by.side().isEmpty() || by.side().equals(side(member.pod())))) {
                    member.nets().stream()
                            .filter(net -> net.link().equals(by.network()))
                            .flatMap(net -> net.addresses().stream())
                            .map(address -> member.pod().getMetadata().getName() + " " + address.replaceAll("/.*", ""))
                            .forEach(entries::add);
                }
            }
            Collections.sort(entries);
            if (!entries.isEmpty()) {
                wanted.put(service, entries);
            }
        });
        Map<String, List<String>> seen = Slices.entries(stage.namespace());
        return seen.equals(wanted)
                ? Optional.empty()
                : Optional.of("slices are " + seen + "\n    and should be " + wanted);
    }

    void clear() {
        Cluster.client().services().inNamespace(stage.namespace()).delete();
    }

    private static String side(Pod pod) {
        return pod.getMetadata().getLabels().getOrDefault(CHOICE, "");
    }

    private static Service service(String name, Asked by) {
        ServiceBuilder service = new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .endSpec();
        if (!by.network().isEmpty()) {
            service.editMetadata()
                    .addToAnnotations(Cluster.PREFIX + "/network", by.network())
                    .endMetadata();
        }
        if (!by.side().isEmpty()) {
            service.editMetadata()
                    .addToAnnotations(Cluster.PREFIX + "/network-pods", CHOICE + "=" + by.side())
                    .endMetadata();
        }
        return service.build();
    }

    private void put(Service service) {
        String name = service.getMetadata().getName();
        if (services(name).get() == null) {
            stage.create(service);
        } else {
            services(name)
                    .edit(before -> new ServiceBuilder(before)
                            .editMetadata()
                            .withAnnotations(service.getMetadata().getAnnotations())
                            .endMetadata()
                            .build());
        }
    }

    private ServiceResource<Service> services(String name) {
        return Cluster.client().services().inNamespace(stage.namespace()).withName(name);
    }
}
