package io.github.kubevxlan.webhook;

/** How the agent is put into a pod. */
public enum AgentMode {
    /** A native sidecar: an init container that stays (Kubernetes 1.29, KEP-753). */
    NATIVE,
    /** An init container that ends when the pod's networks are complete, and a sidecar beside the app. */
    CLASSIC;

    private static final int FIRST_NATIVE_MINOR = 32;

    /**
     * Chooses by the API server's version as it tells it ({@code 1}, {@code 34+}): native from 1.32 on, since no
     * supported kubelet is then older than 1.29. A version that can't be read is a new one.
     */
    public static AgentMode forServer(String major, String minor) {
        String digits = minor.replaceFirst("[^0-9].*", "");
        boolean isOld = major.equals("1")
                && !digits.isEmpty()
                && digits.length() < 4
                && Integer.parseInt(digits) < FIRST_NATIVE_MINOR;
        return isOld ? CLASSIC : NATIVE;
    }
}
