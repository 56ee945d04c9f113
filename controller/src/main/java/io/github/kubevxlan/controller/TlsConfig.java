package io.github.kubevxlan.controller;

import io.github.kubevxlan.certs.Lifetimes;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of TLS mode {@code self}, in which the controller keeps the webhook's certificate and the trust in it.
 *
 * @param caSecret name of the Secret with the CA
 * @param servingSecret name of the Secret with the serving certificate
 * @param webhookConfiguration name of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration
 * @param service name of the webhook's Service
 * @param lifetimes of certificates
 */
public record TlsConfig(
        String caSecret, String servingSecret, String webhookConfiguration, String service, Lifetimes lifetimes) {
    private static final String SELF = "self";
    private static final Duration LONGEST_LEAF = Duration.ofDays(1825);
    private static final Duration LONGEST_CA = Duration.ofDays(7300);

    /** Reads it; empty in the other modes, where somebody else keeps all that and none of it is a setting. */
    static Optional<TlsConfig> read(EnvConfig env) {
        if (!env.choice("TLS_MODE", SELF, SELF, "cert-manager", "files").equals(SELF)) {
            return Optional.empty();
        }
        return Optional.of(new TlsConfig(
                CommonConfig.name(env, "CA_SECRET", "kube-vxlan-controller-ca"),
                CommonConfig.name(env, "TLS_SECRET", "kube-vxlan-controller-webhook-tls"),
                CommonConfig.name(env, "WEBHOOK_CONFIGURATION", "kube-vxlan-controller"),
                CommonConfig.name(env, "WEBHOOK_SERVICE", "kube-vxlan-controller-webhook"),
                lifetimes(env)));
    }

    /** The ranges are those of {@link Lifetimes}; what is not set is moved into them. */
    private static Lifetimes lifetimes(EnvConfig env) {
        Lifetimes byDefault = Lifetimes.DEFAULT;
        Duration leaf = env.duration("TLS_LEAF_LIFETIME", byDefault.leaf(), Lifetimes.MIN_LEAF, LONGEST_LEAF);
        Duration leastCa = leaf.multipliedBy(2);
        Duration mostOverlap = leaf.dividedBy(4);
        return new Lifetimes(
                env.duration("TLS_CA_LIFETIME", longer(byDefault.ca(), leastCa), leastCa, LONGEST_CA),
                leaf,
                env.duration("TLS_OVERLAP", shorter(byDefault.overlap(), mostOverlap), Duration.ZERO, mostOverlap));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
