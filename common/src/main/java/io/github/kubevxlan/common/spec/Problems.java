package io.github.kubevxlan.common.spec;

import java.util.ArrayList;
import java.util.List;

/** Collects the mistakes of one text, so that a user sees them all at once: the first {@value #MOST}, in order. */
final class Problems {
    static final int MOST = 20;

    private final String where;
    private final int most;
    private final List<Problem> collected = new ArrayList<>();

    Problems(String where) {
        this(where, MOST);
    }

    /** Collects fewer, 1 at least. */
    Problems(String where, int most) {
        this.where = where;
        this.most = Math.clamp(most, 1, MOST);
    }

    void add(int line, int column, String found, String allowed) {
        if (collected.size() < most) {
            collected.add(new Problem(where, line, column, found, allowed));
        }
    }

    boolean areNone() {
        return collected.isEmpty();
    }

    List<Problem> all() {
        return List.copyOf(collected);
    }
}
