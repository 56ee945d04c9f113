package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Definitions;
import java.util.Optional;

/** What is known of the cluster at the moment; no call goes to the API server. */
public interface ClusterView {
    /** Tells whether everything has been read once; before, the other methods may say too little. */
    boolean isSynced();

    /** The networks there are. */
    Definitions definitions();

    /**
     * What a namespace says. Waits a moment for one that isn't known, as its creation may have
     * overtaken our watch; empty if it stays unknown.
     */
    Optional<NamespaceFacts> namespace(String name) throws InterruptedException;
}
