package io.github.kubevxlan.cli.doctor;

import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.state.ApiNames;
import io.github.kubevxlan.cli.state.Release;
import java.util.Map;

/**
 * The keeper of the webhook's certificate, as the chart's {@code tls.mode} says.
 *
 * @param mode who
 * @param secret the Secret of the release namespace that holds the certificate; empty if it is in another kind of
 *     volume
 */
public record Keeper(Mode mode, String secret) {
    private static final String MODE = "KUBEVXLAN_TLS_MODE";
    private static final String FILES = "KUBEVXLAN_TLS_DIR";
    private static final String SECRET = "KUBEVXLAN_TLS_SECRET";
    private static final String VOLUME = "tls";

    /** The values of {@code tls.mode}. */
    public enum Mode {
        /** The controller makes and renews it. */
        SELF,
        /** cert-manager does. */
        CERT_MANAGER,
        /** The user does. */
        FILES
    }

    /** By the Deployments' settings; the chart's defaults where these are not known. */
    public static Keeper of(Release release, Seen<Workload> controller, Seen<Workload> webhook) {
        Map<String, String> variables =
                webhook.object().map(Workload::variables).orElse(Map.of());
        String mode = controller
                .object()
                .map(workload -> workload.variables().getOrDefault(MODE, ""))
                .orElse("");
        if (mode.equals("files") || variables.containsKey(FILES)) {
            return new Keeper(
                    Mode.FILES,
                    webhook.object()
                            .map(workload -> workload.secrets().getOrDefault(VOLUME, ""))
                            .orElse(""));
        }
        return mode.equals("cert-manager")
                ? new Keeper(Mode.CERT_MANAGER, variables.getOrDefault(SECRET, release.name() + "-cert-manager-tls"))
                : new Keeper(Mode.SELF, variables.getOrDefault(SECRET, release.webhook() + "-tls"));
    }

    /** Where a user finds the certificate. */
    public String where(Release release) {
        return secret.isEmpty()
                ? "the volume " + VOLUME + " of Deployment " + release.namespace() + "/" + release.webhook()
                : "Secret " + release.namespace() + "/" + secret;
    }

    /** The command that leads to another certificate. */
    public String renew(Release release) {
        return switch (mode) {
            case SELF -> release.kubectl() + " rollout restart deployment " + release.name();
            case CERT_MANAGER -> release.kubectl() + " describe certificate " + release.webhook();
            case FILES ->
                !ApiNames.isName(secret)
                        ? release.kubectl() + " get deployment " + release.webhook()
                                + " --output 'jsonpath={.spec.template.spec.volumes}'"
                        : release.kubectl() + " create secret tls " + secret
                                + " --cert tls.crt --key tls.key --dry-run=client --output yaml | "
                                + release.kubectlAnywhere() + " apply --filename -";
        };
    }

    /** The command that leads to a caBundle in the webhook configurations where they have none. */
    public String bundle(Release release) {
        return switch (mode) {
            case SELF -> renew(release);
            case CERT_MANAGER ->
                release.kubectlAnywhere()
                        + " get pods --all-namespaces --selector app.kubernetes.io/component=cainjector";
            case FILES -> release.reapply();
        };
    }

    /** The command that leads to a certificate and a caBundle that belong together. */
    public String match(Release release) {
        return switch (mode) {
            case SELF -> renew(release) + " " + release.webhook();
            case CERT_MANAGER -> renew(release);
            case FILES -> release.reapply();
        };
    }
}
