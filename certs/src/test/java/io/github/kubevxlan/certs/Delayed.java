package io.github.kubevxlan.certs;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;

/** Passes each change of a value on, in order, after up to so many seconds. */
final class Delayed<T> {
    private record Change<T>(Instant visible, T value) {}

    private final TestClock clock;
    private final Random dice;
    private final int maxSeconds;
    private final Deque<Change<T>> changes = new ArrayDeque<>();
    private Optional<T> last = Optional.empty();

    Delayed(TestClock clock, Random dice, int maxSeconds) {
        this.clock = clock;
        this.dice = dice;
        this.maxSeconds = maxSeconds;
    }

    void forget() {
        last = Optional.empty();
        changes.clear();
    }

    Optional<T> see(T value) {
        if (!last.equals(Optional.of(value))) {
            last = Optional.of(value);
            changes.add(new Change<>(clock.instant().plusSeconds(dice.nextInt(maxSeconds + 1)), value));
        }
        Optional<T> arrived = Optional.empty();
        while (!changes.isEmpty() && !changes.getFirst().visible().isAfter(clock.instant())) {
            arrived = Optional.of(changes.removeFirst().value());
        }
        return arrived;
    }
}
