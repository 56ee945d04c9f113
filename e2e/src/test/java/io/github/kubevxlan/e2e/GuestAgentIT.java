package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.StatusWrites;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Agents that users bring ({@code inject: "false"}) and that print anything but what they are asked for. Each costs its
 * own pod alone: members beside it in its network come and go as always, and it is told of rarely.
 */
class GuestAgentIT {
    private static final String NETWORK = "e2e-guest";
    private static final int ROUNDS = 4;

    /** So many at once, and then one a minute: the budget of a pod. */
    private static final int EVENTS_AT_ONCE = 10;

    private static final int WRITES_AT_ONCE = 6;
    /** With pauses that double from half a second to a minute. */
    private static final int TRIES_AT_ONCE = 10;

    private static final String ON_AND_ON = "while :; do echo 0123456789abcdef; done";

    /** Tells its addresses when a session opens, as an agent should. */
    private static final String POLITE = """
        #!/bin/sh
        while read -r line; do
          nonce=${line##*@} nonce=${nonce%% *}
          read -r up rest </proc/uptime
          case $line in
            *' end $?"') /sbin/ip -o addr show; echo "@$nonce end 0";;
            *' end $rc"') ANSWER;;
          esac
        done
        """;

    /** What stands in the place of the agent's shell, by the pod's name. */
    private static final Map<String, String> GUESTS = new TreeMap<>(Map.of(
            "endless",
            "#!/bin/sh\n" + ON_AND_ON,
            "random",
            "#!/bin/sh\nexec cat /dev/urandom",
            "silent",
            "#!/bin/sh\nexec hold",
            "ending",
            "#!/bin/sh\nread -r up rest </proc/uptime; echo \"at $up\"; exit 1",
            "malformed",
            POLITE.replace("ANSWER", "echo \"@$nonce devices\"; echo \"{$up\"; echo \"@$nonce end 0\""),
            "partial",
            POLITE.replace("ANSWER", "echo \"@$nonce devices\"; echo \"[]\"; echo \"@$nonce end 0\""),
            "complaining",
            POLITE.replace("ANSWER", "echo \"trouble at $up\"; echo \"@$nonce end 1\""),
            "unasked",
            POLITE.replace("ANSWER", "echo \"@$nonce end 0\"; " + ON_AND_ON)));

    @RegisterExtension
    static final Stage stage = Stage.named("guest");

    private static long begun;

    @BeforeAll
    static void letGuestsIn() {
        begun = System.nanoTime();
        stage.define(NETWORK, "7790");
        GUESTS.forEach((name, shell) -> stage.create(Pods.withShell(Pods.member(name, NETWORK), shell)));
        GUESTS.keySet().forEach(stage::awaitAgent);
    }

    @Test
    void costTheirOwnPodsAlone() {
        try (StatusWrites writes = new StatusWrites(stage.namespace())) {
            GUESTS.keySet().forEach(guest -> stage.event(guest, "AgentFailed"));
            for (int round = 0; round < ROUNDS; round++) {
                comeAndGo(round);
            }
            stage.create(Pods.member("unlucky", NETWORK + "-none"));
            stage.event("unlucky", "NetworkUnavailable");

            long minutes = Duration.ofNanos(System.nanoTime() - begun).toMinutes() + 1;
            Map<String, Integer> events = stage.events(Cluster.CONTROLLER);
            Map<String, Integer> written = writes.counts();
            System.out.printf("in %d minutes: Events %s, writes %s%n", minutes, events, written);
            Map<String, Long> execs = execs();
            GUESTS.keySet().forEach(guest -> {
                assertTrue(events.getOrDefault(guest, 0) <= EVENTS_AT_ONCE + minutes, () -> "Events " + events);
                assertTrue(written.getOrDefault(guest, 0) <= WRITES_AT_ONCE + minutes, () -> "writes " + written);
                assertTrue(execs.getOrDefault(guest, 0L) <= TRIES_AT_ONCE + 2 * minutes, () -> "execs " + execs);
            });
        }
    }

    /** Two members that are ready reach each other. */
    private static void comeAndGo(int round) {
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("left-" + round, NETWORK + " ip=10.77.90.1/24")),
                Pods.onNode(1, Pods.member("right-" + round, NETWORK + " ip=10.77.90.2/24")));
        Await.until("left-" + round + " reaches right-" + round, () -> {
            Shell.inApp(pods.getFirst(), "ping -c 1 -W 1 10.77.90.2");
            return Optional.empty();
        });
        stage.delete("left-" + round, "right-" + round);
    }

    private static Map<String, Long> execs() {
        String pods = "/namespaces/" + stage.namespace() + "/pods/";
        return Lab.requests().stream()
                .filter(request -> request.isExec() && request.uri().contains(pods))
                .map(request -> request.uri().split(pods, 2)[1].split("/", 2)[0])
                .collect(Collectors.groupingBy(pod -> pod, Collectors.counting()));
    }
}
