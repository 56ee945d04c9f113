package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Footprint;
import io.github.kubevxlan.e2e.harness.Ping;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Pods come and go at random while two stay and ping each other. Nobody else may play meanwhile. */
public final class Churn {
    private static final String NETWORK = "e2e-soaked";

    private final Stage stage;
    private final int vni;
    private final int most;
    private final Random random = new Random(1);
    private final List<Pod> staying;
    private final Ping ping;
    private final Map<String, String> addresses = new TreeMap<>();
    private final List<String> alive = new ArrayList<>();
    private int made;

    private Churn(Stage stage, int vni, int most) {
        this.stage = stage;
        this.vni = vni;
        this.most = most;
        stage.define(NETWORK, String.valueOf(vni));
        staying = stage.start(
                Pods.onNode(0, Pods.member("from", NETWORK + " ip=10.82.255.1/16")),
                Pods.onNode(1, Pods.member("to", NETWORK + " ip=10.82.255.2/16")));
        ping = Ping.begin(staying.getFirst(), "10.82.255.2");
    }

    /** Begins with the two that stay; {@code most} others are alive at once. */
    public static Churn begin(Stage stage, int vni, int most) {
        return new Churn(stage, vni, most);
    }

    /** Makes or deletes so many pods, one each time a pause has passed. */
    public void play(int steps, Duration pause) {
        long begun = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            long turn = begun + i * pause.toNanos();
            Await.until(
                    "it is time for the next pod",
                    () -> System.nanoTime() - turn >= 0 ? Optional.empty() : Optional.of("not yet"));
            boolean joins = random.nextInt(5) < 3;
            if (alive.isEmpty() || (joins && alive.size() < most)) {
                join();
            } else {
                leave();
            }
        }
    }

    /**
     * Waits until all is exact and no session is open with a pod that is gone; gives what the leader and the webhooks take
     * then, by their pods' names.
     */
    public Map<String, Footprint> rest() {
        declared().awaitExact();
        Await.until("a session is open with each member at most", () -> {
            long open = Controller.listed().stream()
                    .mapToLong(pod -> Footprint.metric(pod, "kube_vxlan_agent_sessions"))
                    .sum();
            return open <= members() ? Optional.empty() : Optional.of(open + " are open, of " + members() + " members");
        });
        Pod leader = Controller.pod(Controller.leader());
        Map<String, Footprint> taken = new TreeMap<>();
        Stream.concat(Stream.of(leader), Webhook.pods().stream())
                .forEach(pod -> taken.put(pod.getMetadata().getName(), Footprint.of(pod)));
        return taken;
    }

    /** How many pods were made and how many of them are left. */
    public String summary() {
        return "%d pods were made, %d are left".formatted(made, alive.size());
    }

    /** How many members there are, the two that stay included. */
    public int members() {
        return staying.size() + alive.size();
    }

    /** Ends the ping between the two that stay. */
    public Ping.Count end() {
        return ping.end();
    }

    private void join() {
        String name = "churn-" + ++made;
        String address = "10.82.%d.%d/16".formatted(made / 250, 1 + made % 250);
        stage.create(Pods.onNode(made, Pods.member(name, NETWORK + " ip=" + address)));
        addresses.put(name, address);
        alive.add(name);
    }

    private void leave() {
        String name = alive.remove(random.nextInt(alive.size()));
        stage.beginDeleting(random.nextBoolean() ? 0 : 30, name);
        addresses.remove(name);
    }

    private Declared declared() {
        List<Pod> pods = stage.ready(addresses.keySet().toArray(String[]::new));
        Declared declared = Declared.nothing()
                .and(staying.get(0), Net.of(NETWORK, vni, "10.82.255.1/16"))
                .and(staying.get(1), Net.of(NETWORK, vni, "10.82.255.2/16"));
        for (Pod pod : pods) {
            String address = addresses.getOrDefault(pod.getMetadata().getName(), "");
            declared = declared.and(pod, Net.of(NETWORK, vni, address));
        }
        return declared;
    }
}
