package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.diff.Change;
import io.github.kubevxlan.controller.pod.PodRef;
import java.time.Duration;
import java.util.List;

/** What is measured of reconciles. Called by many threads; every method returns at once. */
public interface Meter {
    /** Measures nothing. */
    Meter NONE = new Meter() {
        @Override
        public void reconciled(Outcome outcome, Duration took) {}

        @Override
        public void retry() {}

        @Override
        public void complete(Duration sinceAgentRan) {}

        @Override
        public void ready(Duration sinceAgentRan) {}

        @Override
        public void changed(PodRef pod, List<Change> changes) {}
    };

    /** A pod was reconciled. */
    void reconciled(Outcome outcome, Duration took);

    /** A pod that failed is to be tried again. */
    void retry();

    /** A pod's networks are complete for the first time, and its containers may start. */
    void complete(Duration sinceAgentRan);

    /** Every peer that can be reached has a pod in its tables for the first time. */
    void ready(Duration sinceAgentRan);

    /** A pod's agent changed something. */
    void changed(PodRef pod, List<Change> changes);
}
