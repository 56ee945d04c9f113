package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The EndpointSlices that the controller writes, and the names that come of them. */
public final class Slices {
    private static final String OURS = "kube-vxlan-controller";

    private Slices() {}

    /** Those of a Service. */
    public static List<EndpointSlice> ours(String namespace, String service) {
        return Cluster.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel("endpointslice.kubernetes.io/managed-by", OURS)
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems();
    }

    /** A slice as it is now. */
    public static Resource<EndpointSlice> of(EndpointSlice slice) {
        return Cluster.client().resource(slice);
    }

    /** All of ours in a namespace. */
    public static List<EndpointSlice> ours(String namespace) {
        return Cluster.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel("endpointslice.kubernetes.io/managed-by", OURS)
                .list()
                .getItems();
    }

    /** The versions of all of ours in a namespace, by name. */
    public static Map<String, String> versions(String namespace) {
        return ours(namespace).stream()
                .collect(Collectors.toMap(
                        slice -> slice.getMetadata().getName(),
                        slice -> slice.getMetadata().getResourceVersion()));
    }

    /** What all of ours in a namespace hold, as {@code HOSTNAME ADDRESS}, sorted and with repetitions, by Service. */
    public static Map<String, List<String>> entries(String namespace) {
        Map<String, List<String>> entries = new TreeMap<>();
        for (EndpointSlice slice : ours(namespace)) {
            List<String> there = entries.computeIfAbsent(
                    slice.getMetadata().getLabels().get("kubernetes.io/service-name"), _ -> new ArrayList<>());
            slice.getEndpoints()
                    .forEach(endpoint -> endpoint.getAddresses()
                            .forEach(address -> there.add(endpoint.getHostname() + " " + address)));
            Collections.sort(there);
        }
        return entries;
    }

    /** The addresses in a Service's slices, by hostname. */
    public static Map<String, Set<String>> hosts(String namespace, String service) {
        Map<String, Set<String>> hosts = new TreeMap<>();
        for (EndpointSlice slice : ours(namespace, service)) {
            for (Endpoint endpoint : slice.getEndpoints()) {
                hosts.computeIfAbsent(endpoint.getHostname(), _ -> new TreeSet<>())
                        .addAll(endpoint.getAddresses());
            }
        }
        return hosts;
    }

    /** Waits until a Service's slices hold the overlay addresses of just these pods, as they are written on them. */
    public static void awaitHosts(String namespace, String service, Set<String> pods) {
        long start = System.nanoTime();
        Await.until("the slices of " + service + " are of " + pods, () -> {
            Map<String, Set<String>> wanted = pods.stream()
                    .collect(Collectors.toMap(
                            pod -> pod,
                            pod -> addresses(Cluster.client()
                                    .pods()
                                    .inNamespace(namespace)
                                    .withName(pod)
                                    .require())));
            Map<String, Set<String>> there = hosts(namespace, service);
            return there.equals(new TreeMap<>(wanted)) ? Optional.empty() : Optional.of(there + " of " + wanted);
        });
        System.out.printf(
                "slices of %s had %s after %d ms%n",
                service, pods, Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    /** Waits until CoreDNS answers for a Service with the addresses of these pods, and for each pod with its own. */
    public static void awaitAnswers(CoreDns dns, String namespace, String service, Collection<Pod> pods) {
        long start = System.nanoTime();
        for (String type : List.of("A", "AAAA")) {
            String name = service + "." + namespace;
            await(dns, type, name, pods.stream().flatMap(pod -> of(type, pod)).collect(Collectors.toSet()));
            for (Pod pod : pods) {
                await(
                        dns,
                        type,
                        pod.getMetadata().getName() + "." + name,
                        of(type, pod).collect(Collectors.toSet()));
            }
        }
        System.out.printf(
                "CoreDNS had %d pods of %s after %d ms%n",
                pods.size(),
                service,
                Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    /** The addresses that are written on a pod. */
    public static Set<String> addresses(Pod pod) {
        return Status.of(pod).stream()
                .flatMap(network -> ((List<?>) network.getOrDefault("ips", List.of())).stream())
                .map(String::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> of(String type, Pod pod) {
        return addresses(pod).stream().filter(address -> address.contains(":") == type.equals("AAAA"));
    }

    private static void await(CoreDns dns, String type, String name, Set<String> wanted) {
        Await.until(type + " of " + name + " is " + wanted, () -> {
            Set<String> answer = dns.ask(type, name);
            return answer.equals(wanted) ? Optional.empty() : Optional.of(answer.toString());
        });
    }
}
