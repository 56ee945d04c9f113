package io.github.kubevxlan.controller.simulation;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.controller.names.NamesEvents;
import io.github.kubevxlan.controller.names.NamesView;
import io.github.kubevxlan.controller.names.ObservedSlice;
import io.github.kubevxlan.controller.names.PodNames;
import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.names.ServiceSnapshot;
import io.github.kubevxlan.controller.names.Slice;
import io.github.kubevxlan.controller.names.SliceChange;
import io.github.kubevxlan.controller.names.SliceStore;
import io.github.kubevxlan.controller.names.SliceWriteException;
import io.github.kubevxlan.controller.names.api.NamesController;
import io.github.kubevxlan.controller.names.api.ServiceMapper;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Services that ask for names or no more, the EndpointSlices that the API server has, and what must be in these at rest. */
final class SimulatedNames {
    private static final List<String> NETWORKS = List.of("vx0", "vx1", "vx2", "vx3", "vx5", "nowhere");

    private static final int SERVICES = 5;

    /** One that asks for nothing is a Service without our annotation. */
    private static final String NOTHING = "";

    private final SimulatedCluster cluster;
    private final ServiceMapper mapper = new ServiceMapper(SimulatedCluster.KEYS);
    private final Map<String, Service> services = new TreeMap<>();
    private final Map<String, ObservedSlice> slices = new TreeMap<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private int serial;
    private int writes;

    /** How many of a hundred writes fail. */
    int failing;

    SimulatedNames(SimulatedCluster cluster) {
        this.cluster = cluster;
        for (String namespace : List.of("a", "b")) {
            for (int i = 0; i < SERVICES; i++) {
                String key = namespace + "/names-" + i;
                services.put(key, service(key, NETWORKS.get(i), "None", i == 3));
            }
        }
    }

    private Service service(String key, String network, String clusterIp, boolean unready) {
        String[] parts = key.split("/", -1);
        String uid = Optional.ofNullable(services.get(key))
                .map(before -> before.getMetadata().getUid())
                .orElseGet(() -> "service-" + serial++);
        Map<String, String> annotations = new TreeMap<>();
        if (!network.equals(NOTHING)) {
            annotations.put(SimulatedCluster.KEYS.network(), network);
        }
        if (unready && serial % 2 == 0) {
            annotations.put(SimulatedCluster.KEYS.networkPods(), "role=router");
        }
        return new ServiceBuilder()
                .withNewMetadata()
                .withUid(uid)
                .withNamespace(parts[0])
                .withName(parts[1])
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withClusterIP(clusterIp)
                .withPublishNotReadyAddresses(unready)
                .addNewPort()
                .withName("web")
                .withPort(80 + serial++ % 2)
                .endPort()
                .endSpec()
                .build();
    }

    /** How many writes the API server took. */
    int writes() {
        return writes;
    }

    /** Somebody makes, edits or deletes a Service, or changes a slice by hand. */
    void act(Random random, Consumer<String> trace) {
        if (random.nextBoolean()) {
            layHands(random, trace);
            return;
        }
        String key = key(random);
        Service before = services.get(key);
        if (before != null && random.nextInt(3) == 0) {
            services.remove(key);
            boolean collected = random.nextBoolean();
            trace.accept("service " + key + " is deleted" + (collected ? ", and its slices" : ""));
            slices.values()
                    .removeIf(one -> collected
                            && one.slice()
                                    .service()
                                    .uid()
                                    .equals(before.getMetadata().getUid()));
        } else {
            Service service = service(
                    key,
                    random.nextInt(4) == 0 ? NOTHING : NETWORKS.get(random.nextInt(NETWORKS.size())),
                    random.nextInt(8) == 0 ? "10.96.0.9" : "None",
                    random.nextInt(4) == 0);
            trace.accept("service " + key + " is " + service);
            services.put(key, service);
        }
        changed();
    }

    /** Any Service, there or not; where some have slices, mostly one of those. */
    private String key(Random random) {
        List<String> published = slices.values().stream()
                .map(one -> one.slice().service().namespace() + "/"
                        + one.slice().service().name())
                .toList();
        return published.isEmpty() || random.nextInt(3) == 0
                ? List.of("a", "b").get(random.nextInt(2)) + "/names-" + random.nextInt(SERVICES)
                : published.get(random.nextInt(published.size()));
    }

    private void layHands(Random random, Consumer<String> trace) {
        List<ObservedSlice> all = List.copyOf(slices.values());
        if (all.isEmpty()) {
            return;
        }
        Slice slice = all.get(random.nextInt(all.size())).slice();
        trace.accept("slice " + slice.key() + " is changed by hand");
        switch (random.nextInt(3)) {
            case 0 -> slices.remove(slice.key());
            case 1 -> put(slice, false);
            default ->
                put(
                        new Slice(
                                slice.name(),
                                slice.service(),
                                slice.family(),
                                slice.ports(),
                                slice.endpoints().stream().skip(1).toList()),
                        true);
        }
        changed();
    }

    private String put(Slice slice, boolean whole) {
        String version = Integer.toString(++serial);
        slices.put(slice.key(), new ObservedSlice(slice, version, whole));
        return version;
    }

    private void changed() {
        publishers.forEach(Publisher::changed);
    }

    /** What is wrong, a line each. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        Map<String, Set<String>> wanted = new TreeMap<>();
        Map<String, Set<String>> seen = new TreeMap<>();
        for (Service service : services.values()) {
            for (Family family : Family.values()) {
                Set<String> addresses = addresses(service, family);
                if (!addresses.isEmpty()) {
                    wanted.put(service.getMetadata().getUid() + " " + family, addresses);
                }
            }
        }
        for (ObservedSlice one : slices.values()) {
            Slice slice = one.slice();
            Set<String> there =
                    seen.computeIfAbsent(slice.service().uid() + " " + slice.family(), _ -> new TreeSet<>());
            String port = slice.ports().getFirst().port() + "";
            slice.endpoints().stream()
                    .filter(endpoint -> !there.add(
                            text(endpoint.pod().uid(), endpoint.address(), port, endpoint.serving(), endpoint.ends())))
                    .forEach(endpoint -> faults.add(slice.key() + " has " + endpoint + " twice"));
            if (!one.isWhole()) {
                faults.add(slice.key() + " has lost a label");
            }
        }
        if (!wanted.equals(seen)) {
            faults.add("names should be " + wanted + ", are " + seen);
        }
        return faults;
    }

    /** Worked out from the pods as they are, in the plainest way. */
    private Set<String> addresses(Service service, Family family) {
        String network = service.getMetadata().getAnnotations().getOrDefault(SimulatedCluster.KEYS.network(), NOTHING);
        String namespace = service.getMetadata().getNamespace();
        boolean isChoosy = service.getMetadata().getAnnotations().containsKey(SimulatedCluster.KEYS.networkPods());
        boolean isRefused = network.equals(NOTHING)
                || !service.getSpec().getClusterIP().equals("None")
                || cluster.definitions().refusal("", network, namespace).isPresent();
        if (isRefused) {
            return Set.of();
        }
        return cluster.pods().stream()
                .filter(pod -> pod.labelled && !pod.finished)
                .filter(pod -> pod.ref.namespace().equals(namespace))
                .filter(pod -> !isChoosy || "router".equals(pod.labels.get("role")))
                .filter(pod -> service.getSpec().getPublishNotReadyAddresses() || (!pod.deleting && isReady(pod)))
                .flatMap(pod -> pod.status.stream()
                        .filter(status -> status.name().equals(network))
                        .filter(status -> status.isThere()
                                && (status.state() == NetworkStatus.State.READY
                                        || status.state() == NetworkStatus.State.DEGRADED))
                        .flatMap(status -> status.ips().stream())
                        .filter(address -> address.family() == family)
                        .limit(1)
                        .map(address -> text(
                                pod.ref.uid(),
                                address.toString(),
                                service.getSpec().getPorts().getFirst().getPort() + "",
                                isReady(pod),
                                pod.deleting)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isReady(SimulatedPod pod) {
        return pod.written().ready().filter(now -> now.holds()).isPresent();
    }

    private static String text(String uid, String address, String port, boolean ready, boolean ends) {
        return uid + " " + address + " " + port + (ready ? "" : " not ready") + (ends ? " ends" : "");
    }

    /** That of one controller. */
    Publisher publisher(SimulatedWatch watch, Dependencies dependencies) {
        Publisher publisher = new Publisher(watch, dependencies);
        publishers.add(publisher);
        return publisher;
    }

    /** A controller's part that publishes names, and what its watches show it. */
    final class Publisher implements SliceStore, NamesEvents {
        private final SimulatedWatch watch;
        private final NamesController real;
        private final Dependencies dependencies;
        private boolean leads;
        private List<ServiceSnapshot> seenServices = List.of();
        private List<ObservedSlice> seenSlices = List.of();

        private Publisher(SimulatedWatch watch, Dependencies dependencies) {
            this.watch = watch;
            this.dependencies = dependencies;
            this.real = new NamesController(SimulatedCluster.KEYS, this, this, dependencies);
        }

        void start() {
            leads = true;
            real.start(this::view);
        }

        /** The process has lost the Lease, and ends. */
        void end() {
            leads = false;
            publishers.remove(this);
        }

        /** The watches have shown what is there now. */
        void scan() {
            seenServices = services.values().stream()
                    .map(mapper::stripped)
                    .flatMap(service -> mapper.snapshot(service).stream())
                    .toList();
            seenSlices = List.copyOf(slices.values());
            real.changed();
        }

        /** They will show it some time. */
        private void changed() {
            dependencies.executor().execute(this::scan);
        }

        private NamesView view() {
            List<PodNames> pods = watch.seen().stream()
                    .filter(seen -> !seen.pod().finished())
                    .map(Publisher::names)
                    .toList();
            return new NamesView(watch.definitions(), seenServices, pods, seenSlices);
        }

        private static PodNames names(SimulatedWatch.Seen seen) {
            PodSnapshot pod = seen.pod();
            return new PodNames(
                    pod.ref(),
                    new PodNames.Spec(pod.node(), ""),
                    pod.labels(),
                    new PodNames.Conditions(pod.observedStatus().isReady(), seen.deleted()),
                    pod.observedStatus().status().networks());
        }

        @Override
        public String write(SliceChange change) throws SliceWriteException {
            Slice slice = change.slice();
            String there = Optional.ofNullable(slices.get(slice.key()))
                    .map(ObservedSlice::version)
                    .orElse("");
            String expected = switch (change) {
                case SliceChange.Create _ -> "";
                case SliceChange.Update update -> update.version();
                case SliceChange.Delete delete -> delete.version();
            };
            boolean fails = !leads || dependencies.random().nextInt(100) < failing;
            if (fails || !there.equals(expected)) {
                throw new SliceWriteException(fails ? "no answer" : "conflict", new IllegalStateException());
            }
            writes++;
            String after = "";
            if (change instanceof SliceChange.Delete) {
                slices.remove(slice.key());
            } else {
                after = put(slice, true);
            }
            SimulatedNames.this.changed();
            return after;
        }

        @Override
        public void refused(ServiceRef service, List<Problem> problems) {}

        @Override
        public void unwritten(ServiceRef service, String reason) {}
    }
}
