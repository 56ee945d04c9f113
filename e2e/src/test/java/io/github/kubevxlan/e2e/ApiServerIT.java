package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Lab.Request;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Alone("kills the API server")
class ApiServerIT {
    private static final String NETWORK = "e2e-api";
    /** Two replicas; one that listed before its watch broke again lists twice. */
    private static final int MOST_LISTS = 4;

    /** Longer than any pause, so that no kubelet ends a paused controller. */
    private static final int PATIENCE = 60;

    private static final Net NET = Net.of(NETWORK, 8110);

    @RegisterExtension
    static final Stage stage = Stage.named("api");

    private List<Pod> pods = List.of();

    @BeforeEach
    void startMembers() {
        stage.define(NETWORK, "8110");
        stage.define("e2e-api-gone", "8111");
        pods = stage.start(
                Pods.onNode(0, Pods.member("stays-1", NETWORK + "\ne2e-api-gone\n")),
                Pods.onNode(1, Pods.member("stays-2", NETWORK + " ip=10.81.2.2/24\n")),
                Pods.onNode(0, Pods.member("leaves", NETWORK)),
                Pods.onNode(0, Pods.member("returns", NETWORK)));
        Declared.nothing()
                .and(pods.get(0), NET, Net.of("e2e-api-gone", 8111))
                .and(pods.get(1), Net.of(NETWORK, 8110, "10.81.2.2/24"))
                .and(Declared.all(pods.subList(2, 4), NET))
                .awaitExact();
    }

    @AfterAll
    static void endPatience() {
        Controller.setLivenessFailures(Controller.LIVENESS_FAILURES);
    }

    @AfterEach
    void clear() {
        Controller.resume();
        Controller.awaitReady();
        stage.clear();
    }

    @Test
    void whatChangesJustBeforeAndAfterARestartIsDone() {
        Networks.remove("e2e-api-gone");
        stage.beginDeleting("leaves");
        stage.create(Pods.onNode(1, Pods.member("before", NETWORK)));
        int before = Lab.requests().size();
        Lab.restartApiServer();
        stage.create(Pods.onNode(0, Pods.member("after", NETWORK)));

        List<Pod> added = stage.ready("before", "after");
        Declared.all(List.of(pods.get(0), pods.get(3), added.get(0), added.get(1)), NET)
                .and(pods.get(1), Net.of(NETWORK, 8110, "10.81.2.2/24"))
                .awaitExact();
        List<Request> requests = Lab.requests();
        assertNoMoreThanNeeded(requests.subList(before, requests.size()), pods.size() + added.size());
    }

    /**
     * Each of two replicas goes on with its watches or lists once more, and a member takes one new session: two where the
     * API server refuses the first, since it does not know its roles yet. A member that leaves may be asked until it is gone.
     */
    private static void assertNoMoreThanNeeded(List<Request> requests, int members) {
        long execs = requests.stream()
                .filter(request -> request.isExec() && !request.uri().contains("/pods/leaves/"))
                .count();
        Map<Request, Long> lists = requests.stream()
                .filter(request -> request.verb().equals("list"))
                .map(Request::bare)
                .collect(Collectors.groupingBy(request -> request, Collectors.counting()));
        System.out.printf(
                "after the API server's restart: %d execs for %d members, lists: %s%n", execs, members, lists);
        assertTrue(execs <= 2L * members, () -> execs + " execs for " + members + " members");
        lists.forEach((list, count) -> assertTrue(count <= MOST_LISTS, () -> count + " times " + list));
    }

    /** The watches of one that waits are cut, then everything changes, then the history is gone to resume them from. */
    @Test
    void aControllerWhoseWatchesCanNotBeResumedTakesOverWithAllThatItMissed() {
        Controller.setLivenessFailures(PATIENCE);
        Pod standby = Controller.pauseStandby();
        int restarts = Controller.restarts(standby);
        Lab.restartApiServer();
        Networks.remove("e2e-api-gone");
        stage.delete("leaves", "returns");
        List<Pod> unseen = stage.start(
                Pods.onNode(1, Pods.member("unseen", NETWORK)), Pods.onNode(1, Pods.member("returns", NETWORK)));
        Lab.compactHistory();
        Lab.restartApiServer();
        Controller.resume();

        Pod leader = Controller.pauseLeader();
        Controller.awaitAnotherThan(leader.getMetadata().getName());
        Pod late = stage.start(Pods.onNode(0, Pods.member("late", NETWORK))).getFirst();
        Declared.all(List.of(pods.get(0), unseen.get(0), unseen.get(1), late), NET)
                .and(pods.get(1), Net.of(NETWORK, 8110, "10.81.2.2/24"))
                .awaitExact();
        assertEquals(standby.getMetadata().getName(), Controller.leader());
        assertEquals(restarts, Controller.restarts(standby), "it has not listed everything at a new start");
    }
}
