package io.github.kubevxlan.e2e.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Addresses of a small range, handed out and returned in random order while controllers are killed: never two members
 * with one address, and none is lost.
 */
public final class AddressTurnover implements AutoCloseable {
    private static final String NETWORK = "e2e-turnover";

    private final Stage stage;
    private final int size;
    private final Random random;
    private final Watch watch;
    private final Map<String, Set<String>> claims = new HashMap<>();
    private final Set<String> handouts = new HashSet<>();
    private final List<String> clashes = new ArrayList<>();

    private AddressTurnover(Stage stage, int size, Random random) {
        this.stage = stage;
        this.size = size;
        this.random = random;
        this.watch = Cluster.client().pods().inNamespace(stage.namespace()).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                seen(action, pod);
            }

            @Override
            public void onClose(WatcherException cause) {
                if (cause != null) {
                    clash("the watch broke: " + cause);
                }
            }
        });
    }

    /**
     * Plays it until so many addresses were handed out; the cluster's controllers are killed in every second wave.
     *
     * @param size of the range
     */
    public static void play(Stage stage, int vni, int size, int handouts, long seed) {
        System.out.println("seed " + seed);
        stage.define(NETWORK, "id=" + vni + " subnet=10.92.0.0/24 range=10.92.0.10-10.92.0." + (9 + size));
        try (AddressTurnover turnover = new AddressTurnover(stage, size, new Random(seed))) {
            int waves = 0;
            while (turnover.handedOut() < handouts) {
                turnover.wave(waves++);
            }
            System.out.printf(
                    "%d addresses of a range of %d handed out in %d waves%n", turnover.handedOut(), size, waves);
        }
    }

    @Override
    public void close() {
        watch.close();
    }

    /** Some go and others come, under names that were there before; a leader dies meanwhile. */
    private void wave(int number) {
        List<String> names = new ArrayList<>(
                IntStream.rangeClosed(0, size).mapToObj(i -> "turns-" + i).toList());
        Collections.shuffle(names, random);
        List<String> there =
                names.stream().filter(name -> stage.find(name).isPresent()).toList();
        there.stream().limit(1 + random.nextInt(size)).forEach(name -> stage.beginDeleting(name));
        String leader = Controller.leader();
        for (String name : names) {
            if (!there.contains(name)) {
                stage.create(Pods.member(name, NETWORK));
            }
        }
        if (number % 2 == 1) {
            Controller.killLeader();
            Await.until(
                    "another leads",
                    () -> Optional.of("it is the same").filter(_ -> leader.equals(Controller.leader())));
        }
        Await.until("as many have an address as there are", () -> {
            List<Pod> now = pods();
            long ready =
                    now.stream().filter(pod -> Pods.notReady(pod).isEmpty()).count();
            return ready == Math.min(now.size(), size) ? Optional.empty() : Optional.of(ready + " of " + now.size());
        });
        assertRight();
    }

    private void assertRight() {
        List<Pod> ready =
                pods().stream().filter(pod -> Pods.notReady(pod).isEmpty()).toList();
        Set<String> all = new HashSet<>();
        for (Pod pod : ready) {
            List<String> given = Overlays.of(pod).link(NETWORK).given();
            assertEquals(
                    claims(pod).stream().map(ip -> ip + "/24").toList(),
                    given,
                    "addresses of " + pod.getMetadata().getName());
            all.addAll(given);
        }
        assertEquals(ready.size(), all.size(), "addresses in kernels");
        synchronized (claims) {
            assertEquals(List.of(), clashes);
        }
    }

    private List<Pod> pods() {
        return Cluster.client().pods().inNamespace(stage.namespace()).list().getItems().stream()
                .filter(Pods::stays)
                .toList();
    }

    private int handedOut() {
        synchronized (claims) {
            return handouts.size();
        }
    }

    private void seen(Watcher.Action action, Pod pod) {
        String uid = pod.getMetadata().getUid();
        synchronized (claims) {
            if (action == Watcher.Action.DELETED || !Pods.stays(pod)) {
                claims.remove(uid);
                return;
            }
            Set<String> now = claims(pod);
            claims.put(uid, now);
            now.forEach(ip -> handouts.add(uid + " " + ip));
            claims.forEach((other, ips) -> ips.stream()
                    .filter(ip -> !other.equals(uid) && now.contains(ip))
                    .forEach(ip -> clash(uid + " was given " + ip + " while " + other + " has it")));
        }
    }

    private void clash(String words) {
        synchronized (claims) {
            clashes.add(words);
        }
    }

    private static Set<String> claims(Pod pod) {
        Set<String> ips = new HashSet<>();
        Status.of(pod)
                .forEach(network ->
                        ((List<?>) network.getOrDefault("ips", List.of())).forEach(ip -> ips.add(ip.toString())));
        return ips;
    }
}
