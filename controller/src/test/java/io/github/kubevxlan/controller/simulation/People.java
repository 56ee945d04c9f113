package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.diff.SimulatedFilters;
import io.github.kubevxlan.controller.diff.SimulatedKernel;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Users, kubelets and vandals: everything that happens to pods and definitions, at random. */
final class People {
    private static final List<String> NAMESPACES = List.of("a", "b");
    private static final List<String> NETWORKS = List.of("vx0", "vx1", "vx2");
    private static final List<String> ALL = List.of("vx0", "vx1", "vx2", Subnets.CHOSEN, Subnets.MOVED, Names.NETWORK);
    private static final int NAMES = 4;

    /** What definitions end with; pods choose a rate of their own where the last one stands. */
    private static final List<String> IMPAIRED = List.of(
            "",
            " rate=10mbit",
            " rate=20mbit",
            " loss=0.5%",
            " rate=10mbit delay=20ms jitter=2ms txqueuelen=77",
            " impairments");

    private static final List<String> SECURED = List.of(
            "",
            "",
            "",
            " security=on",
            " security=on security-exempt=role=router",
            " security=log security-exempt=a:role=router");

    private static final String TUNED =
            " ((rate|loss|delay|jitter|txqueuelen|security|security-exempt)=\\S+|impairments)";

    /** Their MTUs; over the smallest, IPv6 in IPv6 fits. */
    private static final List<Integer> UNDERLAYS = List.of(1500, 1500, 1400, 9000);

    private final SimulatedCluster cluster;
    private final Random random;
    private final Consumer<String> trace;
    private boolean laidHands;
    private int serial;

    People(SimulatedCluster cluster, Random random, Consumer<String> trace) {
        this.cluster = cluster;
        this.random = random;
        this.trace = trace;
        this.handy = random.nextBoolean();
        this.crowded = random.nextInt(4) == 0;
        cluster.define(definitions());
        tuneAll();
    }

    private final boolean handy;
    private final boolean crowded;

    /** Whether all want addresses of the same few, so that it matters who comes first. */
    boolean isCrowded() {
        return crowded;
    }

    /** Whether anybody changed a kernel by hand, of which no event tells. */
    boolean laidHands() {
        return laidHands;
    }

    /** One thing happens, perhaps a hand laid on a kernel. */
    void act() {
        switch (random.nextInt(handy ? 25 : 19)) {
            case 0, 1, 2, 3 -> join();
            case 4 -> anyPod().ifPresent(pod -> act("is deleted", pod, cluster::delete));
            case 5 -> anyPod().ifPresent(pod -> act("terminates", pod, this::terminate));
            case 6 -> anyPod().ifPresent(pod -> act("is deleted and returns", pod, this::replace));
            case 7 -> anyPod().ifPresent(pod -> act("is edited", pod, this::edit));
            case 8 -> anyPod().ifPresent(pod -> act("is labelled or no more", pod, this::label));
            case 9 -> anyPod().ifPresent(pod -> act("has its agent end", pod, this::endAgent));
            case 10 -> anyAgent().ifPresent(pod -> act("has its agent start", pod, this::startAgent));
            case 11 -> anyAgent().ifPresent(pod -> act("moves", pod, this::move));
            case 12 -> define();
            case 13 -> tune(any(NETWORKS));
            case 14 -> cluster.annotate(NAMESPACES.get(random.nextInt(2)), annotations());
            case 15 -> anyAgent().ifPresent(pod -> act("has its agent start", pod, this::startAgent));
            case 16 -> anyPod().ifPresent(pod -> act("is a router or no more", pod, this::route));
            case 17, 18 -> cluster.names.act(random, trace);
            default -> anyAgent().ifPresent(pod -> act("is laid hands on", pod, this::layHands));
        }
    }

    /** What nobody will mend by himself: texts that can't be read, agents that do not run. What does not fit may stay. */
    void heal() {
        if (!cluster.definitions().broken().isEmpty()
                || !cluster.configMap().keySet().containsAll(definitions().keySet())) {
            cluster.define(definitions());
        }
        NAMESPACES.stream()
                .filter(namespace -> isBroken(cluster.namespaces().getOrDefault(namespace, Map.of())))
                .forEach(namespace -> cluster.annotate(namespace, Map.of(SimulatedCluster.KEYS.names(), "vx1")));
        for (SimulatedPod pod : cluster.pods()) {
            if (isBroken(pod.annotations)) {
                edit(pod, Map.of(SimulatedCluster.KEYS.names(), "vx0, vx2"));
            }
            if (pod.agent == AgentState.WAITING && !pod.finished) {
                startAgent(pod);
            }
        }
    }

    /** An edit that no running member, or hardly any, can have. */
    void misfit() {
        String name = any(NETWORKS);
        String text = cluster.configMap().getOrDefault(name, "");
        if (text.startsWith("id=") && !text.contains("mtu=") && !text.contains("dev=")) {
            String misfit = text + (random.nextBoolean() ? " mtu=8900" : " dev=nowhere");
            trace.accept(name + " is defined as '" + misfit + "'");
            cluster.define(Map.of(name, misfit));
        }
    }

    /** Some pods become routers or are no more. */
    void routeSome() {
        cluster.pods().stream()
                .filter(pod -> NAMESPACES.contains(pod.ref.namespace()) && random.nextBoolean())
                .forEach(pod -> act("is a router or no more", pod, this::route));
    }

    /** Services are edited, and slices changed by hand. */
    void askForNames() {
        for (int i = 0; i < 4; i++) {
            cluster.names.act(random, trace);
        }
    }

    private static boolean isBroken(Map<String, String> annotations) {
        return annotations.values().stream().anyMatch(text -> text.contains("?"));
    }

    /** Somebody joins every network. */
    void joinAll() {
        String all = String.join(", ", ALL) + ", " + Anchors.NETWORK;
        startAgent(cluster.create("c", "all-" + serial++, Map.of(SimulatedCluster.KEYS.names(), all)));
    }

    Optional<String> anyKey() {
        return anyPod().map(SimulatedPod::key);
    }

    private void act(String what, SimulatedPod pod, Consumer<SimulatedPod> act) {
        trace.accept(pod + " " + what);
        act.accept(pod);
    }

    private void join() {
        String namespace = NAMESPACES.get(random.nextInt(2));
        String name = "pod-" + random.nextInt(NAMES);
        if (cluster.pod(namespace + "/" + name).isEmpty()) {
            AgentState agent = random.nextInt(20) == 0 ? AgentState.NONE : AgentState.WAITING;
            SimulatedPod pod = agent == AgentState.WAITING && random.nextBoolean()
                    ? cluster.schedule(namespace, name, annotations())
                    : cluster.create(namespace, name, annotations(), agent);
            pod.kernel.filters().offer(random.nextInt(10) > 0);
            pod.kernel.filters().offerSecurity(random.nextInt(10) > 0);
            pod.over(any(UNDERLAYS));
            if (random.nextInt(10) == 0) {
                pod.withoutNetem();
            }
            trace.accept(pod + " is made with " + pod.annotations);
            if (random.nextInt(5) == 0) {
                trace.accept(pod + " has its primary address alone");
                pod.ips = List.of(pod.primary());
                cluster.changed(pod);
            }
            if (agent != AgentState.NONE && random.nextInt(3) > 0) {
                startAgent(pod);
            }
        }
    }

    /** Such pods may send anything where the definition says so, and have names of their own. */
    private void route(SimulatedPod pod) {
        pod.labels = pod.labels.isEmpty() ? Map.of("role", "router") : Map.of();
        cluster.changed(pod);
    }

    private void terminate(SimulatedPod pod) {
        if (pod.deleting || random.nextInt(4) == 0) {
            pod.finished = true;
        }
        pod.deleting |= random.nextBoolean();
        cluster.changed(pod);
    }

    private void replace(SimulatedPod pod) {
        cluster.delete(pod);
        SimulatedPod next = cluster.create(pod.ref.namespace(), pod.ref.name(), annotations());
        if (random.nextBoolean()) {
            startAgent(next);
        }
    }

    private void edit(SimulatedPod pod) {
        edit(pod, annotations());
    }

    private void edit(SimulatedPod pod, Map<String, String> annotations) {
        pod.annotations = annotations;
        cluster.changed(pod);
    }

    private void label(SimulatedPod pod) {
        cluster.label(pod, !pod.labelled);
    }

    private void endAgent(SimulatedPod pod) {
        if (pod.agent == AgentState.RUNNING) {
            pod.agent = AgentState.WAITING;
            cluster.changed(pod);
        }
    }

    private void startAgent(SimulatedPod pod) {
        pod.startAgent();
        cluster.changed(pod);
    }

    /** Where a node has few addresses the new sandbox may well get the old one's; only the agent is another then. */
    private void move(SimulatedPod pod) {
        pod.moveTo(random.nextInt(3) == 0 ? pod.ips : cluster.freeAddresses());
        cluster.changed(pod);
    }

    /** Networks are edited so that their members can have it in place. */
    void tuneAll() {
        NETWORKS.forEach(this::tune);
    }

    private void define() {
        String name = any(ALL);
        String text = definition(name);
        trace.accept(name + " is defined as '" + text + "'");
        cluster.define(Map.of(name, text));
    }

    private String definition(String name) {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> "1?";
            default ->
                switch (name) {
                    case Subnets.CHOSEN ->
                        any(List.of(
                                "id=400 subnet=10.64.0.0/16 range=10.64.0.10-10.64.1.20 forwarding=static",
                                "id=400 subnet=10.64.0.0/24 range=10.64.0.12-10.64.0.13 forwarding=static",
                                "id=401 subnet=10.64.0.0/24",
                                Subnets.DEFINITIONS.get(name)));
                    case Subnets.MOVED ->
                        any(List.of(
                                "id=500 subnet=10.67.0.0/28;fd67::/64 range=10.67.0.1-10.67.0.3",
                                "id=500 subnet=10.66.0.0/28 range=10.66.0.2-10.66.0.3",
                                Subnets.DEFINITIONS.get(name)));
                    case Names.NETWORK -> any(Names.EDITS);
                    default -> withoutSubnet(name);
                };
        };
    }

    private String withoutSubnet(String name) {
        int vni = List.of(100, 200, 200).get(NETWORKS.indexOf(name)) + random.nextInt(2);
        return any(List.of(
                        "id=" + vni + " mtu=1450",
                        "id=" + vni + " ttl=9 learning=false",
                        "id=" + vni + " checksum=false",
                        "id=" + vni + " forwarding=flood",
                        "id=" + vni + " family=ipv4",
                        "id=" + vni + " family=ipv6",
                        "id=" + vni + " mtu=8900",
                        "id=" + vni + " dev=nowhere",
                        "id=" + vni))
                + any(SECURED)
                + any(IMPAIRED);
    }

    /** Another security and other impairments for a network that its members can have; the rest of it stays. */
    private void tune(String name) {
        String now = cluster.configMap().getOrDefault(name, "");
        if (now.startsWith("id=") && !now.contains("8900") && !now.contains("nowhere")) {
            String text = now.replaceAll(TUNED, "") + any(SECURED) + any(IMPAIRED);
            trace.accept(name + " is defined as '" + text + "'");
            cluster.define(Map.of(name, text));
        }
    }

    private static Map<String, String> definitions() {
        Map<String, String> all = new TreeMap<>(Map.of(
                "vx0",
                "id=100 forwarding=flood",
                "vx1",
                "id=200 family=ipv4",
                "vx2",
                "id=200 family=ipv6 impairments"));
        all.putAll(Subnets.DEFINITIONS);
        all.putAll(Names.DEFINITIONS);
        return all;
    }

    private Map<String, String> annotations() {
        Map<String, String> annotations = new TreeMap<>();
        if (crowded) {
            annotations.put(
                    SimulatedCluster.KEYS.names(), Subnets.CHOSEN + ", " + Subnets.MOVED + ", " + Names.NETWORK);
            return annotations;
        }
        switch (random.nextInt(8)) {
            case 0 -> {}
            case 1 -> annotations.put(SimulatedCluster.KEYS.networks(), "vx0 ?");
            case 2, 3 -> annotations.put(SimulatedCluster.KEYS.names(), names());
            default -> annotations.put(SimulatedCluster.KEYS.networks(), networks());
        }
        return annotations;
    }

    private String names() {
        return random.nextInt(8) == 0 ? "vx0, nowhere" : String.join(", ", Anchors.NETWORK, any(ALL));
    }

    private String networks() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < NETWORKS.size(); i++) {
            if (random.nextBoolean()) {
                int host = 2 + serial++ % 250;
                text.append(NETWORKS.get(i));
                text.append(random.nextInt(4) == 0 ? " name=nn" + i : "");
                text.append(i == 2 && random.nextInt(6) == 0 ? " rate=2mbit" : "");
                if (random.nextBoolean()) {
                    text.append(" ip=192.168.%d.%d/24".formatted(i, host));
                    text.append(random.nextBoolean() ? " route=172.16.%d.0/24:192.168.%d.1".formatted(i, i) : "");
                }
                text.append('\n');
            }
        }
        if (random.nextBoolean()) {
            int host = 10 + random.nextInt(6);
            text.append(Subnets.CHOSEN)
                    .append(random.nextInt(3) == 0 ? " ip=10.64.0." + host + "/24" : "")
                    .append('\n');
        }
        text.append(random.nextInt(3) == 0 ? Subnets.MOVED + "\n" : "");
        text.append(random.nextBoolean() ? Names.declared(random) : "");
        return text.isEmpty() ? any(NETWORKS) : text.toString();
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private void layHands(SimulatedPod pod) {
        laidHands = true;
        pod.disturbed = true;
        SimulatedKernel kernel = pod.kernel;
        List<String> links = kernel.observed().stream()
                .filter(link -> !link.alias().isEmpty() && !link.name().equals("lo"))
                .map(link -> link.name())
                .toList();
        if (links.isEmpty() || random.nextInt(5) == 0) {
            foreign(pod);
            return;
        }
        String link = any(links);
        switch (random.nextInt(9)) {
            case 0 -> kernel.delete(link);
            case 1 -> kernel.entries(link).clear();
            case 2 -> kernel.entries(link).add(new Entry.Flood(IpAddr.parse("10.244.77.77")));
            case 3 -> kernel.addresses(link).clear();
            case 4 -> kernel.routes(link).clear();
            case 5, 6 -> layHands(kernel.filters());
            case 7 -> kernel.qdisc(link, ours());
            default -> kernel.entries(link).removeIf(_ -> random.nextBoolean());
        }
    }

    /** A qdisc with our mark, changed or taken away. */
    private ObservedQdisc ours() {
        Impairments loss = new Impairments(Map.of(Impairment.LOSS, 1));
        return any(List.of(
                new ObservedQdisc.None(),
                new ObservedQdisc.Ours(Optional.empty()),
                new ObservedQdisc.Ours(Optional.of(new Qdisc(loss, 1)))));
    }

    private void layHands(SimulatedFilters filters) {
        for (Filter filter : filters.all()) {
            switch (random.nextInt(7)) {
                case 0 -> filters.clear();
                case 1 -> filters.breakRule(filter);
                case 2 -> filters.admitted(filter).add(new Entry.Admitted(filter, IpAddr.parse("10.244.77.77")));
                case 3 -> filters.admitted(filter).removeIf(_ -> random.nextBoolean());
                case 4 -> filters.senders(filter).removeIf(_ -> random.nextBoolean());
                case 5 -> filters.breakSecurity(filter);
                default -> {}
            }
        }
    }

    private void foreign(SimulatedPod pod) {
        String name = List.of("vx0", "nn1", "fx").get(random.nextInt(3));
        if (pod.foreign.remove(name) != null) {
            pod.kernel.delete(name);
        } else if (!pod.kernel.names().contains(name)) {
            if (name.equals("fx")) {
                Segment segment = new Segment(new Vni(200), new Port(8472));
                if (pod.kernel.observed().stream()
                        .flatMap(link -> link.vxlan().stream())
                        .anyMatch(vxlan -> vxlan.segment().equals(segment)
                                && !vxlan.local().orElseThrow().isIpv6())) {
                    return;
                }
                pod.kernel.foreign(name, segment, pod.primary());
            } else {
                pod.kernel.foreign(name);
            }
            pod.foreign.put(name, Truth.foreign(pod, name));
        }
    }

    private Optional<SimulatedPod> anyPod() {
        List<SimulatedPod> some = cluster.pods().stream()
                .filter(pod -> NAMESPACES.contains(pod.ref.namespace()))
                .toList();
        return some.isEmpty() ? Optional.empty() : Optional.of(any(some));
    }

    private Optional<SimulatedPod> anyAgent() {
        return anyPod().filter(pod -> pod.agent != AgentState.NONE && !pod.finished);
    }
}
