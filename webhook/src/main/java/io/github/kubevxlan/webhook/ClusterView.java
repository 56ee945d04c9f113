package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Definitions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The current knowledge of the cluster, from watches; no call goes to the API server. */
public interface ClusterView {
    /** Tells whether everything has been read once; before, the other methods may say too little. */
    boolean isSynced();

    /** The networks there are. */
    Definitions definitions();

    /** What a namespace says; empty if it isn't known. */
    Optional<NamespaceFacts> namespace(String name);

    /** Waits a moment for a namespace that isn't known: its creation may have overtaken our watch. */
    void awaitNamespace(String name) throws InterruptedException;

    /** How long ago the watch of each resource last received anything. */
    Map<String, Duration> ages();

    /** Tells whether pods were members according to the latest note; no without a note. */
    boolean hasMembers();
}
