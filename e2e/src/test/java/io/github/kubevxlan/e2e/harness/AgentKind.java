package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** What agent a member has: the controller speaks to each kind in a dialect of its own. */
public enum AgentKind {
    /** Our own, which the webhook puts in. */
    NATIVE,
    /** One with a shell, as users bring it, beside the app, which waits for nothing. */
    SHELL;

    /** The member with such an agent. */
    public Pod serve(Pod member) {
        return this == NATIVE ? member : Pods.withOwnAgent(member, List.of("NET_ADMIN"));
    }
}
