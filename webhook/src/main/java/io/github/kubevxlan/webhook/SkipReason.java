package io.github.kubevxlan.webhook;

/** Why a pod gets no agent. */
public enum SkipReason {
    NOT_A_NEW_POD("not_a_new_pod"),
    NOT_LABELLED("not_labelled"),
    MIRROR_POD("mirror_pod"),
    OPTED_OUT("opted_out"),
    HAS_AGENT("has_agent");

    private final String code;

    SkipReason(String code) {
        this.code = code;
    }

    /** Its name in metrics and logs. */
    public String code() {
        return code;
    }
}
