package io.github.kubevxlan.controller.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An epoch that stays, and what agents said of theirs. */
public final class FixedEpoch implements Epoch {
    final List<Long> refusals = new CopyOnWriteArrayList<>();
    private final long epoch;

    public FixedEpoch(long epoch) {
        this.epoch = epoch;
    }

    @Override
    public long current() {
        return epoch;
    }

    @Override
    public void refused(long seen) {
        refusals.add(seen);
    }
}
