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
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A random history of joins, leaves, edits and faults, all from one seed, of members with agents of each kind. What is
 * declared is kept beside it, and when the cluster is at rest, that is what the kernels must hold: by events alone, the
 * drift check comes too seldom.
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

    private final Stage stage;
    private final Random random;
    private final int firstVni;
    private final List<String> told = new ArrayList<>();
    private final Map<String, Integer> vnis = new TreeMap<>();
    private final Map<String, Member> members = new TreeMap<>();
    private int definitions;
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

    /** A pod as declared: its address in each of its networks, and whether it has the label. */
    private record Member(Map<String, String> addresses, boolean labelled) {}

    private History(Stage stage, long seed, int firstVni) {
        this.stage = stage;
        this.random = new Random(seed);
        this.firstVni = firstVni;
    }

    /**
     * Plays one to its end, when all is exact and nothing is left.
     *
     * @param seed what happens; printed
     * @param steps how much happens
     * @param firstVni this one and those after it are the history's, one more a step at most
     */
    public static void play(Stage stage, long seed, int steps, int firstVni) {
        History history = new History(stage, seed, firstVni);
        try {
            history.play(steps);
        } finally {
            System.out.printf("history of seed %d: %s%n", seed, String.join("; ", history.told));
        }
        stage.clear();
    }

    private void play(int steps) {
        for (int i = 0; i < NETWORKS; i++) {
            define("e2e-h" + i);
        }
        for (int i = 0; i < PODS / 2; i++) {
            join();
        }
        for (int i = 0; i < steps; i++) {
            step(STEPS.get(random.nextInt(STEPS.size())));
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
            }
        }
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
        AgentKind kind = number % 2 == 0 ? AgentKind.NATIVE : AgentKind.SHELL;
        told.add(name + " joins " + addresses + " by an agent that is " + kind);
        String networks = addresses.entrySet().stream()
                .map(entry -> entry.getKey() + " ip=" + entry.getValue())
                .collect(Collectors.joining("\n"));
        Pod pod = Pods.annotated(kind.serve(Pods.onNode(node, Pods.member(name, networks))), "wait", "false");
        patiently(() -> stage.create(pod));
        members.put(name, new Member(addresses, true));
    }

    private void leave(String name) {
        boolean forced = random.nextBoolean();
        told.add(name + " leaves" + (forced ? ", forced" : ""));
        patiently(() -> stage.beginDeleting(forced ? 0 : 30, name));
        members.remove(name);
    }

    private void edit(String network) {
        if (vnis.containsKey(network) && random.nextBoolean()) {
            told.add(network + " is no more");
            patiently(() -> Networks.remove(network));
            vnis.remove(network);
        } else {
            define(network);
        }
    }

    private void define(String network) {
        int vni = firstVni + definitions++;
        told.add(network + " is " + vni);
        patiently(() -> stage.define(network, String.valueOf(vni)));
        vnis.put(network, vni);
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
        members.put(name, new Member(before.addresses(), labelled));
    }

    private void kill(String name, String container) {
        told.add("%s of %s is killed".formatted(container, name));
        patiently(() -> Lab.signal("KILL", stage.pod(name), container));
    }

    private void killLeader() {
        Controller.awaitReady();
        told.add("the leader is killed");
        Controller.killLeader();
    }

    private void restartKubelet(String node) {
        told.add("the kubelet of " + node + " is killed");
        Lab.kill(Lab.kubelet(node));
        Lab.start(Lab.kubelet(node));
    }

    private void awaitRest() {
        told.add("rest");
        Await.until(
                "rest after " + told,
                REST,
                () -> members.keySet().stream()
                        .map(stage::pod)
                        .filter(pod -> !Pods.isRunning(pod, Pods.APP) || !Pods.isRunning(pod, Cluster.AGENT))
                        .findFirst()
                        .map(pod -> pod.getMetadata().getName() + " does not run")
                        .or(() -> declared().inexact()));
    }

    private Declared declared() {
        return new Declared(members.entrySet().stream()
                .map(entry -> new Declared.Member(stage.pod(entry.getKey()), nets(entry.getValue())))
                .toList());
    }

    private List<Net> nets(Member member) {
        return member.addresses().entrySet().stream()
                .filter(_ -> member.labelled())
                .filter(entry -> vnis.containsKey(entry.getKey()))
                .map(entry -> Net.of(entry.getKey(), vni(entry.getKey()), entry.getValue()))
                .toList();
    }

    private int vni(String network) {
        return Optional.ofNullable(vnis.get(network)).orElseThrow();
    }

    private Member member(String name) {
        return Optional.ofNullable(members.get(name)).orElseThrow();
    }

    private Optional<String> pick() {
        List<String> names = List.copyOf(members.keySet());
        return names.isEmpty() ? Optional.empty() : Optional.of(names.get(random.nextInt(names.size())));
    }

    /** What was just killed may be in the way: a name that is still taken, a webhook out of reach. */
    private void patiently(Runnable action) {
        Await.until(told.getLast(), () -> {
            action.run();
            return Optional.empty();
        });
    }
}
