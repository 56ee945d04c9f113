package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.common.spec.Problem;
import java.util.List;

/** Records Events for a Service's owner; must not block. */
public interface NamesEvents {
    /** It publishes nothing; repeated as long as that is so. */
    void refused(ServiceRef service, List<Problem> problems);

    /** The API server does not take its slices, and why; repeated as long as it does not. */
    void unwritten(ServiceRef service, String reason);
}
