package io.github.kubevxlan.controller.path;

import io.github.kubevxlan.controller.agent.PathReport;
import java.util.Set;

/** What is measured of paths; every method returns at once. */
public interface PathMeter {
    /** Measures nothing. */
    PathMeter NONE = new PathMeter() {
        @Override
        public void measured(Path path, Ends ends, PathReport report) {}

        @Override
        public void only(String uid, Set<String> networks) {}

        @Override
        public void forget(String uid) {}
    };

    /**
     * The two members of a measurement.
     *
     * @param from the UID of the one that measured
     * @param to the UID of the one that answered
     */
    record Ends(String from, String to) {
        /** Whether it is one of them. */
        public boolean has(String uid) {
            return from.equals(uid) || to.equals(uid);
        }
    }

    /** A path was measured. */
    void measured(Path path, Ends ends, PathReport report);

    /** Of the paths that a member measured, or was measured on, those in other networks are measured no more. */
    void only(String uid, Set<String> networks);

    /** A member is gone. */
    void forget(String uid);
}
