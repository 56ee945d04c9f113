package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.controller.overlay.DesiredPod;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What members are known to hold of each other. Of a pod that came since this controller leads, also how far its first setup
 * is: before it the pod has no interface, and it makes the interface together with the entries of all peers.
 */
final class Setups {
    private final Function<String, Optional<DesiredPod>> lastVerified;
    private final Map<String, Stage> firsts = new ConcurrentHashMap<>();

    /** How far the first setup of a member is. */
    private sealed interface Stage {
        /** The next attempt begins after this, so it finds all who are members now. */
        record Expected() implements Stage {}

        /** An attempt looks up what the member should have; whom it finds is not known. */
        record Begun() implements Stage {}

        /** An attempt asks the agent for this. */
        record Requested(DesiredPod desired) implements Stage {}
    }

    /** Takes what a member was last known to hold, by its UID. */
    Setups(Function<String, Optional<DesiredPod>> lastVerified) {
        this.lastVerified = lastVerified;
    }

    /** A pod is seen for the first time and has no address yet, so nobody can have set it up. */
    void expect(String uid) {
        firsts.putIfAbsent(uid, new Stage.Expected());
    }

    /** An attempt is about to look up what a pod should have; to be called before it does. */
    void begin(String uid) {
        firsts.computeIfPresent(uid, (_, _) -> new Stage.Begun());
    }

    /** The attempt asks the pod's agent for this. */
    void request(String uid, DesiredPod desired) {
        firsts.computeIfPresent(uid, (_, _) -> new Stage.Requested(desired));
    }

    /** The attempt has ended. If it asked nobody, the pod is set up by the next one. */
    void end(String uid) {
        firsts.computeIfPresent(uid, (_, stage) -> stage instanceof Stage.Requested ? null : new Stage.Expected());
    }

    /** Drops what is known of a pod. */
    void forget(String uid) {
        firsts.remove(uid);
    }

    /** Whether the first setup of a member is yet to begin, so that it will find all who are members now. */
    boolean isExpected(String uid) {
        return firsts.get(uid) instanceof Stage.Expected;
    }

    /** What a member holds, or will hold once its first setup is done; empty if that is not known. */
    Optional<DesiredPod> requestedOrHeld(String uid) {
        return firsts.get(uid) instanceof Stage.Requested(DesiredPod desired) ? Optional.of(desired) : held(uid);
    }

    /** What a member was last known to hold; empty if that is not known. */
    Optional<DesiredPod> held(String uid) {
        return lastVerified.apply(uid);
    }
}
