package io.github.kubevxlan.webhook;

import java.util.List;

/** What is to happen to a pod. */
public sealed interface Decision {
    /**
     * It gets an agent.
     *
     * @param holdsBack whether its other containers wait for its networks
     * @param gates whether it is ready only once its peers can reach it
     * @param resources what the agent asks of its node
     */
    record Inject(boolean holdsBack, boolean gates, AgentResources resources) implements Decision {}

    /** It comes in without. */
    record Skip(SkipReason reason) implements Decision {}

    /**
     * It stays out.
     *
     * @param reasons sentences fit for the user, at least one
     */
    record Refuse(List<String> reasons) implements Decision {}
}
