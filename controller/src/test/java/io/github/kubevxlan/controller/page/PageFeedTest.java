package io.github.kubevxlan.controller.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.controller.pod.PodRef;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PageFeedTest {
    private static final PageLeader LEADER = new PageLeader(true, "me", "me");
    private static final PodRef POD = new PodRef("uid", "team", "pod");

    private final RecentChanges changes = new RecentChanges(Clock.systemUTC());
    private PageModel model = model("vx0");
    private Runnable meanwhile = () -> {};
    private int asked;
    private final PageFeed feed = new PageFeed(
            () -> {
                asked++;
                meanwhile.run();
                return model;
            },
            changes,
            () -> 7);

    @Test
    void beginsWithEverything() throws InterruptedException {
        changes.add(PageChange.Kind.JOINED, POD, "vx0", "");
        PageClient client = feed.connect().orElseThrow();

        String first = next(client);
        assertTrue(first.startsWith("event: snapshot\ndata: {"), first);
        assertTrue(first.contains("\"name\":\"vx0\"") && first.contains("\"kind\":\"joined\""), first);
        assertTrue(first.endsWith("}\n\n"), first);
    }

    @Test
    void thenSendsWhatIsNewOnceAndNothingElse() throws InterruptedException {
        PageClient client = feed.connect().orElseThrow();
        next(client);
        feed.publish();
        model = model("vx0", "vx1");
        changes.add(PageChange.Kind.JOINED, POD, "vx1", "");
        changes.addEvent(POD, "NetworksReady", "all are set up");
        feed.publish();
        feed.publish();

        String delta = next(client);
        assertTrue(delta.startsWith("event: delta\n"), delta);
        assertTrue(delta.contains("\"name\":\"vx1\"") && !delta.contains("\"name\":\"vx0\""), delta);
        assertFalse(delta.contains("NetworksReady"), delta);
        assertEquals("", next(client));
    }

    @Test
    void anEventAloneIsSentAsThePodThatHasIt() throws InterruptedException {
        PageClient client = feed.connect().orElseThrow();
        next(client);
        changes.addEvent(POD, "AgentFailed", "no answer");
        changes.addEvent(POD, "AgentRecovered", "it answers");
        feed.publish();
        feed.publish();

        String delta = next(client);
        assertTrue(delta.contains("\"podsWithEvents\":[\"uid\"]"), delta);
        assertFalse(delta.contains("AgentFailed"), delta);
        assertEquals("", next(client));
    }

    @Test
    void aChangeThatComesWhileTheModelIsReadIsSentOnce() throws InterruptedException {
        PageClient client = feed.connect().orElseThrow();
        next(client);
        meanwhile = () -> changes.add(PageChange.Kind.JOINED, POD, "vx0", "");
        feed.publish();
        meanwhile = () -> {};
        feed.publish();
        feed.publish();

        assertTrue(next(client).contains("joined"));
        assertEquals("", next(client));
    }

    @Test
    void nothingIsReadWhileNobodyFollows() {
        PageClient client = feed.connect().orElseThrow();
        feed.disconnect(client);
        assertEquals(1, asked);

        feed.close();
        feed.run();
        assertEquals(1, asked);
    }

    @Test
    void aNewLeaderIsANewBeginning() throws InterruptedException {
        PageClient client = feed.connect().orElseThrow();
        next(client);
        model = PageModel.waiting(new PageLeader(false, "me", "other"));
        feed.publish();

        assertTrue(next(client).startsWith("event: snapshot\n"));
    }

    @Test
    void oneThatDoesNotTakeWhatItIsSentIsDroppedAndTheOthersAreNot() throws InterruptedException {
        PageClient slow = feed.connect().orElseThrow();
        PageClient quick = feed.connect().orElseThrow();
        for (int i = 0; i <= PageClient.MOST_MESSAGES; i++) {
            model = model("vx" + i, "more");
            feed.publish();
            next(quick);
        }

        assertTrue(slow.isOver());
        assertFalse(quick.isOver());
        assertEquals("", next(slow));
    }

    @Test
    void noMoreBytesWaitThanThereIsRoomFor() {
        PageClient client = new PageClient();
        client.offer(new byte[PageClient.MOST_BYTES + 1]);
        assertFalse(client.isOver());
        client.offer(new byte[1]);
        assertTrue(client.isOver());
    }

    @Test
    void soManyBrowsersFollowAndNoMore() {
        List<PageClient> clients = Stream.generate(feed::connect)
                .limit(PageFeed.MOST_CLIENTS)
                .map(Optional::orElseThrow)
                .toList();
        assertTrue(feed.connect().isEmpty());

        feed.disconnect(clients.getFirst());
        assertTrue(feed.connect().isPresent());
    }

    private static PageModel model(String... networks) {
        return PageModel.of(
                LEADER,
                Stream.of(networks)
                        .map(name -> new PageNetwork(
                                name, new PageNetwork.Segment(1, 1, ""), new PageNetwork.Pods(0, 0), ""))
                        .toList(),
                List.of());
    }

    private static String next(PageClient client) throws InterruptedException {
        return client.take(Duration.ofMillis(1))
                .map(message -> new String(message, StandardCharsets.UTF_8))
                .orElse("");
    }
}
