package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.controller.pod.PodRef;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** The changes of the last minutes, so many at most; the oldest give way. */
public final class RecentChanges {
    static final Duration REMEMBERED = Duration.ofMinutes(15);
    static final int MOST = 2_048;
    private static final int MOST_TEXT = 300;

    private final Clock clock;
    private final Deque<PageChange> changes = new ArrayDeque<>();
    private long last;

    /** Takes the wall clock: people compare these times with others. */
    public RecentChanges(Clock clock) {
        this.clock = clock;
    }

    /** Adds one; never blocks for long. */
    public synchronized void add(PageChange.Kind kind, PodRef pod, String network, String text) {
        String words = text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) + "…" : text;
        changes.addLast(new PageChange(
                ++last,
                clock.millis(),
                kind.word(),
                new PageChange.Subject(pod.uid(), pod.namespace(), pod.name(), network),
                words));
        if (changes.size() > MOST) {
            changes.removeFirst();
        }
    }

    /** Adds an Event that is written on a pod. */
    public void addEvent(PodRef pod, String reason, String message) {
        add(PageChange.Kind.EVENT, pod, "", reason + ": " + message);
    }

    /** The number of the newest one; 0 if there was none. */
    synchronized long last() {
        return last;
    }

    /** Those after one number up to another, oldest first, without Events. */
    synchronized List<PageChange> between(long after, long upTo) {
        return recent().filter(change -> change.number() > after && change.number() <= upTo)
                .filter(change -> !change.kind().equals(PageChange.Kind.EVENT.word()))
                .toList();
    }

    /** The UIDs of the pods on which Events were written after one number up to another; each once. */
    synchronized List<String> podsWithEvents(long after, long upTo) {
        return recent().filter(change -> change.number() > after && change.number() <= upTo)
                .filter(change -> change.kind().equals(PageChange.Kind.EVENT.word()))
                .map(change -> change.subject().uid())
                .distinct()
                .toList();
    }

    /** All of one pod, Events too, oldest first. */
    synchronized List<PageChange> of(String uid) {
        return recent().filter(change -> change.subject().uid().equals(uid)).toList();
    }

    private Stream<PageChange> recent() {
        long oldest = clock.millis() - REMEMBERED.toMillis();
        return changes.stream().filter(change -> change.at() >= oldest);
    }
}
