package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Lab.Request;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.Churn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the API server is asked for when nothing happens, after members came and went. */
@Alone("counts what the API server is asked for")
class IdleIT {
    private static final int RENEWALS = 8;
    /** How often the leader renews the Lease at most. */
    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** The leader reads the Lease and renews it, the one that waits reads it. */
    private static final int REQUESTS_A_PERIOD = 3;

    private static final int REPLICAS = 2;

    @RegisterExtension
    static final Stage stage = Stage.named("idle");

    @Test
    void whenNothingHappensTheLeaseIsRenewedAndNothingElseIsAsked() {
        Churn churn = Churn.begin(stage, 8410, 8);
        churn.play(24, Duration.ofMillis(250));
        System.out.printf("%s; taken: %s%n", churn.summary(), churn.rest());
        churn.end();

        long begun = System.nanoTime();
        int before = Lab.requests().size();
        Controller.awaitRenewals(RENEWALS);
        List<Request> requests = Lab.requests();
        long periods = Duration.ofNanos(System.nanoTime() - begun).dividedBy(PERIOD);
        List<Request> asked = requests.subList(before, requests.size());
        List<Request> forLease = asked.stream().filter(IdleIT::isForLease).toList();
        List<Request> others =
                asked.stream().filter(request -> !isForLease(request)).toList();
        System.out.printf(
                "%d periods of the Lease's renewal: %d requests for it, and %s%n", periods, forLease.size(), others);

        assertTrue(forLease.size() <= (periods + 2) * REQUESTS_A_PERIOD, forLease::toString);
        assertEquals(List.of(), unexpected(others, churn.members()));
    }

    private static boolean isForLease(Request request) {
        return request.uri().contains("/leases/");
    }

    /** A watch that has served its time is set up again, and each member is checked once in a resync. */
    private static List<Request> unexpected(List<Request> asked, int members) {
        Map<Request, Long> watches = asked.stream()
                .filter(request -> request.verb().equals("watch"))
                .map(Request::bare)
                .collect(Collectors.groupingBy(request -> request, Collectors.counting()));
        List<Request> execs = asked.stream().filter(Request::isExec).toList();
        return asked.stream()
                .filter(request -> request.isExec()
                        ? execs.size() > members
                        : watches.getOrDefault(request.bare(), Long.MAX_VALUE) > REPLICAS)
                .toList();
    }
}
