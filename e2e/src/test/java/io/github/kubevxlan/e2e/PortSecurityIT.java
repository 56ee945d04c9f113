package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.AgentKind;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import io.github.kubevxlan.e2e.harness.Vxlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A member that sends what is not its own, in a network whose members check that. */
@ParameterizedClass
@EnumSource(AgentKind.class)
class PortSecurityIT {
    private static final String NETWORK = "e2e-secured";
    private static final String VICTIM = "10.98.79.1";
    private static final String HONEST = "10.98.79.2";

    @RegisterExtension
    static final Stage stage = Stage.named("security");

    private static Pod victim = new Pod();
    private static Pod honest = new Pod();
    private static Pod hostile = new Pod();

    private final AgentKind agent;

    PortSecurityIT(AgentKind agent) {
        this.agent = agent;
    }

    @BeforeAll
    static void define() {
        stage.define(NETWORK, "id=8880 security=on");
    }

    @BeforeParameterizedClassInvocation
    static void setUp(AgentKind agent) {
        stage.setUp(PortSecurityIT.class, () -> startMembers(agent));
    }

    private static void startMembers(AgentKind agent) {
        List<Pod> pods = stage.start(
                Pods.onNode(0, agent.serve(member("victim", VICTIM))),
                Pods.onNode(1, agent.serve(member("honest", HONEST))),
                Pods.onNode(1, agent.serve(member("hostile", "10.98.79.3"))));
        pods.forEach(pod -> Status.awaitStates(pod, Map.of(NETWORK, "Ready")));
        Overlays.awaitExact(NETWORK, pods);
        victim = pods.get(0);
        honest = pods.get(1);
        hostile = pods.get(2);
    }

    @AfterParameterizedClassInvocation
    static void endMembers() {
        stage.clear();
    }

    @Test
    void anotherMembersAddressIsRefusedCountedAndTakesNothingOver() {
        assertTrue(reaches(honest), "the honest member reaches the victim");
        assertTrue(reaches(hostile), "so does the other one by its own address");
        long before = refused("address");
        Lab.inPod(hostile, "/sbin/ip address add " + HONEST + "/32 dev " + NETWORK);
        try {
            assertNotEquals(
                    0,
                    Shell.run(hostile, Pods.APP, "ping -c 2 -W 1 -I " + HONEST + " " + VICTIM)
                            .status(),
                    "it is not answered under the honest member's address");
        } finally {
            Lab.inPod(hostile, "/sbin/ip address del " + HONEST + "/32 dev " + NETWORK);
        }
        assertTrue(refused("address") > before, agent + ": what it sent is counted");
        String shown = Vxlan.run("inspect", "pod", victim.getMetadata().getName(), "--namespace", stage.namespace())
                .output();
        assertTrue(shown.matches("(?s).*refused by port security: [^\n]*address [1-9].*"), shown);
        assertTrue(reaches(honest), "the honest member reaches the victim all the time");
        assertEquals(neighbour(), neighbour(HONEST), "the victim knows the honest member by its own MAC");
    }

    /** An edit of the victim has it compared now instead of at its next drift check. */
    @Test
    void theSenderHearsWhatItMustNotSendAndWhoGotIt() {
        Lab.inPod(hostile, "/sbin/ip address add " + HONEST + "/32 dev " + NETWORK);
        try {
            Shell.run(hostile, Pods.APP, "ping -c 2 -W 1 -I " + HONEST + " " + VICTIM);
        } finally {
            Lab.inPod(hostile, "/sbin/ip address del " + HONEST + "/32 dev " + NETWORK);
        }
        String name = victim.getMetadata().getName();
        stage.edit(name, pod -> Pods.annotated(pod, "networks", NETWORK + " txqueuelen=77 ip=" + VICTIM + "/24"));

        Await.until("an Event on the sender says it", () -> {
            List<String> said = stage.events(hostile.getMetadata().getName(), "PacketsRefused");
            String words =
                    "network " + NETWORK + ": pod " + victim.getMetadata().getNamespace() + "/" + name
                            + " drops packets that this pod must not send: packets with a source address";
            return said.stream().anyMatch(message -> message.startsWith(words))
                    ? Optional.empty()
                    : Optional.of(said.toString());
        });
        assertEquals(List.of(), stage.events(honest.getMetadata().getName(), "PacketsRefused"));
    }

    @Test
    void aMacThatIsNotItsOwnIsRefusedUntilItHasItsOwnAgain() {
        long before = refused("mac");
        String own = Pods.mac(hostile, NETWORK, 8880);
        Lab.inPod(hostile, "/sbin/ip link set dev " + NETWORK + " address 02:00:00:00:00:01");
        try {
            assertTrue(!reaches(hostile), "it is not answered under another MAC");
        } finally {
            Lab.inPod(hostile, "/sbin/ip link set dev " + NETWORK + " address " + own);
        }
        assertTrue(refused("mac") > before, agent + ": what it sent is counted");
        Await.until(
                "it is answered again", () -> reaches(hostile) ? Optional.empty() : Optional.of("it is not answered"));
    }

    /** Nobody gets an address by declaring it either: the second pod has its interface, and not the address. */
    @Test
    void aPodThatDeclaresAnotherMembersAddressDoesNotGetIt() {
        String name = "thief";
        stage.create(Pods.onNode(1, agent.serve(member(name, HONEST))));
        try {
            Await.until("an Event says whose the address is", () -> {
                List<String> said = stage.events(name, "NetworkUnavailable");
                String words = "ip=" + HONEST + " is an address of pod "
                        + honest.getMetadata().getNamespace() + "/"
                        + honest.getMetadata().getName();
                return said.stream().anyMatch(message -> message.contains(words))
                        ? Optional.empty()
                        : Optional.of(said.toString());
            });
            assertTrue(reaches(honest), "the honest member reaches the victim all the time");
            assertEquals(neighbour(), neighbour(HONEST), "the victim knows the honest member by its own MAC");
        } finally {
            stage.delete(name);
        }
    }

    private static Pod member(String name, String address) {
        return Pods.member(name, NETWORK + " ip=" + address + "/24");
    }

    private static boolean reaches(Pod from) {
        return Overlays.tryPing(from, "-c 2 -W 2 " + VICTIM).contains(" bytes from ");
    }

    private static String neighbour() {
        return Pods.mac(honest, NETWORK, 8880);
    }

    /** The MAC by which the victim's kernel knows an address. */
    private static String neighbour(String address) {
        Matcher mac = Pattern.compile("lladdr (\\S+)")
                .matcher(Lab.inPod(victim, "/sbin/ip neigh show " + address + " dev " + NETWORK));
        return mac.find() ? mac.group(1) : "unknown";
    }

    private static long refused(String reason) {
        Matcher packets = Pattern.compile("counter vni8880-\\S*-" + reason + " \\{\\s+packets ([0-9]+)")
                .matcher(Lab.inPod(victim, "nft list counters"));
        assertTrue(packets.find(), "there is a counter for " + reason);
        return Long.parseLong(packets.group(1));
    }
}
