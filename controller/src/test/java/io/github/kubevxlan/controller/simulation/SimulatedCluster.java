package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Resolver;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.reconcile.LabelledPodLister;
import io.github.kubevxlan.controller.reconcile.PodReadException;
import io.github.kubevxlan.controller.reconcile.UnlabelledPodLister;
import io.github.kubevxlan.controller.simulation.SimulatedWatch.Seen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the API server knows; every change is an event to every watch. */
final class SimulatedCluster {
    static final Keys KEYS = new Keys(Nets.PREFIX);

    static final Defaults DEFAULTS = new Defaults(new IfName("eth0"), new Port(8472));

    private static final List<List<IpAddr>> ADDRESSES = IntStream.range(1, 255)
            .mapToObj(host -> Stream.of("10.244.1." + host, "fd00:244::1:" + host)
                    .map(IpAddr::parse)
                    .toList())
            .toList();

    private final Map<String, SimulatedPod> pods = new TreeMap<>();
    private final Map<String, Map<String, String>> namespaces = new TreeMap<>();
    private final Map<String, String> configMap = new TreeMap<>();
    private final List<SimulatedWatch> watches = new ArrayList<>();
    final Subnets subnets = new Subnets(this);
    final SimulatedNames names = new SimulatedNames(this);
    /** How often a pod without the label was asked for. */
    int reads;

    /** Whether no such question is answered. */
    boolean unreadable;

    private int uids;

    void remove(SimulatedWatch watch) {
        watches.remove(watch);
    }

    void add(SimulatedWatch watch) {
        watches.add(watch);
    }

    Collection<SimulatedPod> pods() {
        return List.copyOf(pods.values());
    }

    Optional<SimulatedPod> pod(String key) {
        return Optional.ofNullable(pods.get(key));
    }

    boolean isThere(SimulatedPod pod) {
        return pods.get(pod.key()) == pod;
    }

    /** What of it no watch shows. */
    UnlabelledPodLister unlabelled() {
        return new UnlabelledPodLister() {
            @Override
            public Optional<PodSnapshot> find(PodRef ref) throws PodReadException {
                reads++;
                if (unreadable) {
                    throw new PodReadException("the API server is away", new IllegalStateException());
                }
                return unlabelled(ref);
            }

            @Override
            public Optional<Place> page(Place from, Consumer<PodSnapshot> action) {
                pods().stream().flatMap(pod -> unlabelled(pod.ref).stream()).forEach(action);
                return Optional.empty();
            }
        };
    }

    private Optional<PodSnapshot> unlabelled(PodRef ref) {
        return pod(ref.toString())
                .filter(pod -> pod.ref.equals(ref) && !pod.labelled)
                .map(SimulatedPod::snapshot)
                .filter(PodSnapshot::reachable);
    }

    /** What of it a watch will show. */
    LabelledPodLister labelled() {
        return new LabelledPodLister() {
            @Override
            public void each(Consumer<PodSnapshot> action) {
                pods().stream()
                        .filter(pod -> pod.labelled)
                        .map(SimulatedPod::snapshot)
                        .forEach(action);
            }

            @Override
            public boolean isThere(PodRef ref) {
                return pod(ref.toString())
                        .filter(pod -> pod.ref.equals(ref) && pod.labelled)
                        .isPresent();
            }
        };
    }

    Map<String, Map<String, String>> namespaces() {
        return namespaces;
    }

    /** As it is now. */
    Map<String, String> configMap() {
        return Map.copyOf(configMap);
    }

    Definitions definitions() {
        return Definitions.parse(configMap, DEFAULTS);
    }

    /** What a pod declares, as it can be had now. */
    Resolution resolve(SimulatedPod pod) {
        return new Resolver(KEYS, definitions())
                .resolve(pod.ref.namespace(), pod.annotations, namespaces.getOrDefault(pod.ref.namespace(), Map.of()))
                .of(pod.key());
    }

    /** A new pod, under a name that is free. */
    SimulatedPod create(String namespace, String name, Map<String, String> annotations) {
        return create(namespace, name, annotations, AgentState.WAITING);
    }

    /** A new pod whose sandbox is yet to be made. */
    SimulatedPod schedule(String namespace, String name, Map<String, String> annotations) {
        return create(namespace, name, annotations, AgentState.WAITING, false);
    }

    /** Makes one that has an agent or has none: its containers are what they are for as long as it is there. */
    SimulatedPod create(String namespace, String name, Map<String, String> annotations, AgentState agent) {
        return create(namespace, name, annotations, agent, true);
    }

    private SimulatedPod create(
            String namespace, String name, Map<String, String> annotations, AgentState agent, boolean addressed) {
        if (!namespaces.containsKey(namespace)) {
            annotate(namespace, Map.of());
        }
        PodRef ref = new PodRef("uid-" + uids++, namespace, name, Names.kind(name));
        SimulatedPod pod = new SimulatedPod(ref, freeAddresses(), annotations);
        pod.agent = agent;
        pod.addressed = addressed;
        pods.put(pod.key(), pod);
        changed(pod);
        return pod;
    }

    /** A pod that has a label, and something about it is new. */
    void changed(SimulatedPod pod) {
        pod.version++;
        if (pod.labelled) {
            watches.forEach(watch -> watch.pod(Seen.of(pod), false));
        }
    }

    void delete(SimulatedPod pod) {
        pods.remove(pod.key());
        if (pod.labelled) {
            watches.forEach(watch -> watch.pod(Seen.of(pod), true));
        }
    }

    void label(SimulatedPod pod, boolean labelled) {
        pod.labelled = labelled;
        pod.version++;
        watches.forEach(watch -> watch.pod(Seen.of(pod), !labelled));
    }

    void annotate(String namespace, Map<String, String> annotations) {
        namespaces.put(namespace, annotations);
        watches.forEach(watch -> watch.namespace(namespace, annotations));
    }

    void define(Map<String, String> entries) {
        configMap.putAll(entries);
        configMap.values().removeIf(String::isEmpty);
        Definitions definitions = definitions();
        watches.forEach(watch -> watch.definitions(configMap(), definitions));
    }

    /** The lowest free ones, so that addresses of a pod that went are soon another's. */
    List<IpAddr> freeAddresses() {
        return ADDRESSES.stream()
                .filter(addresses ->
                        pods.values().stream().noneMatch(pod -> pod.primary().equals(addresses.getFirst())))
                .findFirst()
                .orElseThrow();
    }
}
