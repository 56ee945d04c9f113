package io.github.kubevxlan.webhook;

import java.util.List;

/** What the webhook answers about a request. */
public sealed interface Verdict {
    /** Stands for the verdict in metrics and logs. */
    String outcome();

    /**
     * The object may come in.
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
     * We can't tell: the API server does what failurePolicy says.
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
     * The object may not come in.
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
