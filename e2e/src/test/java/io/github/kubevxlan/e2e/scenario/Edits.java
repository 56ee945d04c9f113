package io.github.kubevxlan.e2e.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.UnreadyWatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Somebody edits the ConfigMap at random while members ping each other without a pause: edits that are valid, that fit
 * no running member, that are malformed; entries and the whole ConfigMap are deleted and come back. Each member is in
 * two networks and pings another one over the first of them. A few edits come at once, then the cluster comes to rest.
 *
 * <p>Only a valid edit and a deleted entry change a network. Over any other no ping may be lost, and a member of none
 * that changed may not turn unready. Nobody else may play meanwhile.
 */
public final class Edits implements AutoCloseable {
    private static final Duration REST = Duration.ofMinutes(3);
    private static final int NETWORKS = 5;
    private static final int MOST_AT_ONCE = 6;
    private static final String MEMBER = "edited-";

    private final Stage stage;
    private final Random random;
    private final Editor editor;
    private final List<Pod> members;
    private final Pings pings;
    private final UnreadyWatch unready;

    private Edits(Stage stage, int firstVni, int count, Random random) {
        this.stage = stage;
        this.random = random;
        editor = new Editor(stage, random, NETWORKS, firstVni, this::endPings);
        members = stage.start(IntStream.range(0, count)
                .mapToObj(i -> Pods.onNode(i / NETWORKS, Pods.member(MEMBER + i, annotation(i))))
                .toArray(Pod[]::new));
        declared().awaitExact();
        pings = new Pings(members, NETWORKS, member -> first(member).address(member));
        unready = new UnreadyWatch(stage.namespace(), this::mayBeUnready);
    }

    /**
     * Plays it to its end, when all is exact.
     *
     * @param members how many: as many for each of five networks, and two at least
     * @param edits how many edits are made at least
     * @param firstVni this one and those after it are used, one more an edit at most
     * @param seed what is edited; printed with what happened
     */
    public static void play(Stage stage, int firstVni, int members, int edits, long seed) {
        try (Edits played = new Edits(stage, firstVni, members, new Random(seed))) {
            List<String> history = played.editor.history();
            try {
                played.play(edits);
            } finally {
                System.out.printf("%d edits of seed %d: %s%n", history.size(), seed, String.join("; ", history));
            }
        }
    }

    @Override
    public void close() {
        unready.close();
        editor.restoreMap();
    }

    private void play(int edits) {
        List<String> history = editor.history();
        pings.begin(_ -> true);
        while (history.size() < edits) {
            int end = history.size() + 1 + random.nextInt(MOST_AT_ONCE);
            while (history.size() < end) {
                editor.edit();
            }
            rest();
        }
        editor.mendAll();
        rest();
        pings.end(_ -> true);
        assertNoLosses();
    }

    /** What is sent over a network while it changes may be lost. */
    private void endPings(EditedNetwork network) {
        pings.end(member -> first(member).equals(network));
    }

    private void rest() {
        String history = String.join("; ", editor.history());
        Await.until(
                "rest after " + history,
                REST,
                () -> notReady().or(() -> declared().inexact()));
        assertEquals(List.of(), unready.changes(), () -> "members of no changed network turned unready: " + history);
        assertNoLosses();
        editor.settled();
        pings.begin(member -> first(member).isPresent());
    }

    private void assertNoLosses() {
        assertEquals(List.of(), pings.losses(), () -> "lost pings: " + String.join("; ", editor.history()));
    }

    /** Who is in a network that is gone misses it. */
    private Optional<String> notReady() {
        return IntStream.range(0, members.size())
                .filter(member -> nets(member).size() == 2)
                .mapToObj(member -> Pods.notReady(stage.pod(MEMBER + member)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private boolean mayBeUnready(Pod pod) {
        int member = Integer.parseInt(pod.getMetadata().getName().substring(MEMBER.length()));
        return both(member).stream().anyMatch(editor::isUnsettled);
    }

    private Declared declared() {
        return new Declared(IntStream.range(0, members.size())
                .mapToObj(i -> new Declared.Member(members.get(i), nets(i)))
                .toList());
    }

    private List<Declared.Net> nets(int member) {
        return both(member).stream()
                .filter(EditedNetwork::isPresent)
                .map(network -> network.net(member))
                .toList();
    }

    private EditedNetwork first(int member) {
        return editor.networks().get(member % NETWORKS);
    }

    private List<EditedNetwork> both(int member) {
        return List.of(first(member), first(member + 1));
    }

    private String annotation(int member) {
        EditedNetwork first = first(member);
        EditedNetwork second = first(member + 1);
        return "%s ip=%s/24%n%s ip=%s/24"
                .formatted(first.name(), first.address(member), second.name(), second.address(member));
    }
}
