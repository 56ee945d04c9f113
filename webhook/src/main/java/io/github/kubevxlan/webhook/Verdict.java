package io.github.kubevxlan.webhook;

import java.util.List;

/** The webhook's answer to a request. */
public sealed interface Verdict {
    /** The name of the verdict in metrics and logs. */
    String outcome();

    /**
     * The webhook allows the object.
     *
     * @param patch what is changed in it, in order; may be empty
     * @param warnings for the user; may be empty
     */
    record Allow(List<PatchOp> patch, List<String> warnings, String outcome) implements Verdict {
        public Allow {
            patch = List.copyOf(patch);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The webhook can't decide: the API server does what failurePolicy says.
     *
     * @param reason what is missing
     */
    record Unknown(String reason) implements Verdict {
        @Override
        public String outcome() {
            return "unknown";
        }
    }

    /**
     * The webhook refuses the object.
     *
     * @param message why, for the user
     */
    record Deny(String message) implements Verdict {
        @Override
        public String outcome() {
            return "denied";
        }
    }
}
