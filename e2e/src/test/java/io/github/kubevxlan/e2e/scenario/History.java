package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.e2e.harness.AgentKind;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A random history of joins, leaves, returns, edits and faults, all from one seed, of members with agents of each kind and
 * of Services that name their networks. What is declared is kept beside it, and when the cluster is at rest, that is what
 * the kernels and the EndpointSlices must hold, and a name has the MAC and the address that it had: by events alone, the
 * drift check comes too seldom. The controller has to publish names.
 */
public final class History {
    private static final Duration REST = Duration.ofMinutes(3);
    private static final int NETWORKS = 3;
    private static final int PODS = 6;

    /** What happens, and how often: people do more than what breaks. */
    private static final List<Step> STEPS = List.of(
            Step.JOIN,
            Step.JOIN,
            Step.JOIN,
            Step.JOIN,
            Step.LEAVE,
            Step.LEAVE,
            Step.LEAVE,
            Step.EDIT,
            Step.EDIT,
            Step.LABEL,
            Step.AGENT,
            Step.SANDBOX,
            Step.LEADER,
            Step.KUBELET,
            Step.API_SERVER);

    /** What may happen beside it and breaks nothing. */
    private static final List<Aside> ASIDES = List.of(
            Aside.NOTHING,
            Aside.NOTHING,
            Aside.TUNE,
            Aside.TUNE,
            Aside.SERVICE,
            Aside.SERVICE,
            Aside.SLICE,
            Aside.RETURN,
            Aside.RETURN);

    private final Stage stage;
    private final Random random;
    private final Random aside;
    private final List<String> told = new ArrayList<>();
    private final HistoryNetworks networks;
    private final HistoryNames names;
    private final Map<String, Member> members = new TreeMap<>();

    /** Addresses that names had at rest and that must be theirs again. */
    private final Map<String, String> held = new TreeMap<>();

    private int joins;

    private enum Step {
        JOIN,
        LEAVE,
        EDIT,
        LABEL,
        AGENT,
        SANDBOX,
        LEADER,
        KUBELET,
        API_SERVER
    }

    private enum Aside {
        NOTHING,
        TUNE,
        SERVICE,
        SLICE,
        RETURN
    }

    /** A pod as declared: its address in each network that gives none, whether it is in the one that does, and labelled. */
    private record Member(Map<String, String> addresses, boolean isHolding, boolean labelled) {}

    private History(Stage stage, long seed, int firstVni) {
        this.stage = stage;
        this.random = new Random(seed);
        this.aside = new Random(~seed);
        this.networks = new HistoryNetworks(stage, aside, firstVni);
        this.names = new HistoryNames(stage, aside);
    }

    /**
     * Plays one to its end, when all is exact and nothing is left.
     *
     * @param seed what happens; printed
     * @param steps how much happens
     * @param firstVni this one and those after it are the history's, four and one more a step at most
     */
    public static void play(Stage stage, long seed, int steps, int firstVni) {
        History history = new History(stage, seed, firstVni);
        try {
            history.play(steps);
        } finally {
            System.out.printf("history of seed %d: %s%n", seed, String.join("; ", history.told));
        }
        history.names.clear();
        stage.clear();
    }

    private void play(int steps) {
        for (int i = 0; i < NETWORKS; i++) {
            define("e2e-h" + i);
        }
        define(HistoryNetworks.HOLDING);
        for (int i = 0; i <= NETWORKS; i++) {
            happens(names.lasting("e2e-h" + i));
        }
        for (int i = 0; i < PODS / 2; i++) {
            join();
        }
        awaitRest();
        for (int i = 0; i < steps; i++) {
            step(STEPS.get(random.nextInt(STEPS.size())));
            happens(ASIDES.get(aside.nextInt(ASIDES.size())));
            if (random.nextInt(4) == 0) {
                awaitRest();
            }
        }
        Controller.awaitReady();
        awaitRest();
    }

    private void step(Step step) {
        switch (step) {
            case JOIN -> join();
            case LEAVE -> pick().ifPresent(this::leave);
            case EDIT -> edit("e2e-h" + random.nextInt(NETWORKS));
            case LABEL -> pick().ifPresent(this::label);
            case AGENT -> pick().ifPresent(name -> kill(name, Cluster.AGENT));
            case SANDBOX -> pick().ifPresent(name -> kill(name, Lab.SANDBOX));
            case LEADER -> killLeader();
            case KUBELET -> restartKubelet(Cluster.nodes().get(random.nextInt(2)));
            case API_SERVER -> {
                told.add("the API server is killed");
                Lab.restartApiServer();
                forgetThoseAway();
            }
        }
    }

    private void happens(Aside what) {
        switch (what) {
            case NOTHING -> {}
            case TUNE -> tune("e2e-h" + aside.nextInt(NETWORKS + 1));
            case SERVICE -> happens(names.next(List.of("e2e-h0", "e2e-h1", HistoryNetworks.HOLDING)));
            case SLICE -> names.vandal().ifPresent(this::happens);
            case RETURN -> pick(aside).ifPresent(this::comeBack);
        }
    }

    private void happens(HistoryNames.Happening happening) {
        told.add(happening.words());
        patiently(happening.action());
    }

    private void tune(String network) {
        networks.tuned(network).ifPresent(text -> {
            told.add(network + " becomes " + text);
            patiently(() -> networks.apply(network));
        });
    }

    private void join() {
        int number = random.nextInt(PODS);
        String name = "h-" + number;
        int mask = 1 + random.nextInt((1 << NETWORKS) - 1);
        int node = random.nextInt(2);
        if (members.containsKey(name)) {
            return;
        }
        joins++;
        Map<String, String> addresses = new TreeMap<>();
        for (int i = 0; i < NETWORKS; i++) {
            if ((mask & 1 << i) != 0) {
                addresses.put("e2e-h" + i, "10.%d.0.%d/24".formatted(90 + i, joins));
            }
        }
        create(name, node, new Member(addresses, aside.nextInt(3) > 0, true));
    }

    private void create(String name, int node, Member member) {
        boolean isEven = name.charAt(name.length() - 1) % 2 == 0;
        AgentKind kind = isEven ? AgentKind.NATIVE : AgentKind.SHELL;
        String annotation = Stream.concat(
                        member.addresses().entrySet().stream().map(entry -> entry.getKey() + " ip=" + entry.getValue()),
                        member.isHolding() ? Stream.of(HistoryNetworks.HOLDING) : Stream.empty())
                .collect(Collectors.joining("\n"));
        told.add("%s joins %s by an agent that is %s".formatted(name, annotation.replace('\n', ','), kind));
        Pod pod = Pods.labelled(
                Pods.annotated(kind.serve(Pods.onNode(node, Pods.member(name, annotation))), "wait", "false"),
                HistoryNames.CHOICE,
                isEven ? "even" : "odd");
        patiently(() -> stage.create(pod));
        members.put(name, member);
    }

    /** Another pod of its name, with its MAC and its address, and on another node perhaps. */
    private void comeBack(String name) {
        Member member = member(name);
        told.add(name + " is deleted and made again");
        patiently(() -> stage.beginDeleting(aside.nextBoolean() ? 0 : 30, name));
        create(name, aside.nextInt(2), new Member(member.addresses(), member.isHolding(), true));
    }

    private void leave(String name) {
        boolean forced = random.nextBoolean();
        told.add(name + " leaves" + (forced ? ", forced" : ""));
        patiently(() -> stage.beginDeleting(forced ? 0 : 30, name));
        members.remove(name);
    }

    private void edit(String network) {
        if (networks.has(network) && random.nextBoolean()) {
            told.add(network + " is no more");
            patiently(() -> networks.remove(network));
        } else {
            define(network);
        }
    }

    private void define(String network) {
        told.add(network + " is " + networks.next(network));
        patiently(() -> networks.apply(network));
    }

    private void label(String name) {
        Member before = member(name);
        boolean labelled = !before.labelled();
        told.add(name + (labelled ? " gets its label back" : " loses its label"));
        patiently(() -> Cluster.client()
                .pods()
                .inNamespace(stage.namespace())
                .withName(name)
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels(Cluster.PREFIX, String.valueOf(labelled))
                        .endMetadata()
                        .build()));
        members.put(name, new Member(before.addresses(), before.isHolding(), labelled));
    }

    private void kill(String name, String container) {
        told.add("%s of %s is killed".formatted(container, name));
        patiently(() -> Lab.signal("KILL", stage.pod(name), container));
    }

    private void killLeader() {
        Controller.awaitReady();
        told.add("the leader is killed");
        Controller.killLeader();
        forgetThoseAway();
    }

    /** What is kept for a name is in the memory of controllers: one that begins anew knows the pods that are there. */
    private void forgetThoseAway() {
        held.keySet().removeIf(name -> !members.containsKey(name) || !isHolding(member(name)));
    }

    private void restartKubelet(String node) {
        told.add("the kubelet of " + node + " is killed");
        Lab.kill(Lab.kubelet(node));
        Lab.start(Lab.kubelet(node));
    }

    private void awaitRest() {
        told.add("rest");
        Await.until("rest after " + told, REST, this::unrest);
    }

    /** What is not as it should be; if all is, what names have now is remembered. */
    private Optional<String> unrest() {
        Map<String, Pod> pods = new TreeMap<>();
        members.keySet().forEach(name -> pods.put(name, stage.pod(name)));
        Map<String, String> holders = new TreeMap<>();
        List<HistoryNames.Named> named = members.entrySet().stream()
                .map(entry -> new HistoryNames.Named(pod(entry.getKey(), pods), nets(entry.getKey(), pods, holders)))
                .toList();
        Optional<String> unrest = pods.values().stream()
                .filter(pod -> !Pods.isRunning(pod, Pods.APP) || !Pods.isRunning(pod, Cluster.AGENT))
                .findFirst()
                .map(pod -> pod.getMetadata().getName() + " does not run")
                .or(() -> Set.copyOf(holders.values()).size() < holders.size()
                        ? Optional.of("two have one address: " + holders)
                        : Optional.empty())
                .or(() -> new Declared(named.stream()
                                .map(one -> new Declared.Member(one.pod(), one.nets()))
                                .toList())
                        .inexact())
                .or(() -> notReady(pods))
                .or(() -> names.inexact(named));
        if (unrest.isEmpty()) {
            held.putAll(holders);
        }
        return unrest;
    }

    private static Pod pod(String name, Map<String, Pod> pods) {
        return Optional.ofNullable(pods.get(name)).orElseThrow();
    }

    /** A member that has all its networks is ready. */
    private Optional<String> notReady(Map<String, Pod> pods) {
        return members.entrySet().stream()
                .filter(entry -> entry.getValue().labelled()
                        && entry.getValue().addresses().keySet().stream().allMatch(networks::has))
                .flatMap(entry -> Pods.notReady(pod(entry.getKey(), pods)).stream())
                .findFirst();
    }

    /** What is declared for a member; the address that it has of those that the network gives is added to all such. */
    private List<Net> nets(String name, Map<String, Pod> pods, Map<String, String> holders) {
        Member member = member(name);
        List<Net> nets = new ArrayList<>();
        if (member.labelled()) {
            member.addresses().forEach((network, address) -> {
                if (networks.has(network)) {
                    nets.add(networks.net(network, name, address));
                }
            });
        }
        if (isHolding(member)) {
            String address = HistoryNetworks.reserved(name)
                    .or(() -> Optional.ofNullable(held.get(name)))
                    .orElseGet(() -> written(pod(name, pods)));
            holders.put(name, address);
            nets.add(networks.net(HistoryNetworks.HOLDING, name, address + "/24"));
        }
        return nets;
    }

    private static String written(Pod pod) {
        return Status.of(pod).stream()
                .filter(network -> HistoryNetworks.HOLDING.equals(network.get("name")))
                .map(network -> String.valueOf(network.get("ips")).replaceAll("[\\[\\]]", ""))
                .findFirst()
                .orElse("none");
    }

    private static boolean isHolding(Member member) {
        return member.labelled() && member.isHolding();
    }

    private Member member(String name) {
        return Optional.ofNullable(members.get(name)).orElseThrow();
    }

    private Optional<String> pick() {
        return pick(random);
    }

    private Optional<String> pick(Random by) {
        List<String> all = List.copyOf(members.keySet());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(by.nextInt(all.size())));
    }

    /** What was just killed may be in the way: a name that is still taken, a webhook out of reach. */
    private void patiently(Runnable action) {
        Await.until(told.getLast(), () -> {
            action.run();
            return Optional.empty();
        });
    }
}
