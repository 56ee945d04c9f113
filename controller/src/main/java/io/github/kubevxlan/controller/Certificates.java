package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.certs.CertAuthority;
import io.github.kubevxlan.certs.CertKeeper;
import io.github.kubevxlan.certs.Lifetimes;
import io.github.kubevxlan.certs.Names;
import io.github.kubevxlan.certs.kube.KubeCertStore;
import io.github.kubevxlan.certs.kube.WebhookRef;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.stream.Stream;

/** Puts together what keeps the webhook's certificate and the trust in it. */
final class Certificates {
    private Certificates() {}

    static CertKeeper keeper(KubernetesClient client, ControllerConfig config, Clock clock, SecureRandom random) {
        ControllerConfig.Tls tls = config.tls();
        KubeCertStore store = new KubeCertStore(
                client,
                new KubeCertStore.Objects(
                        config.common().namespace(),
                        tls.caSecret(),
                        tls.servingSecret(),
                        Stream.of(WebhookRef.Kind.values())
                                .map(kind -> new WebhookRef(kind, tls.webhookConfiguration()))
                                .toList()));
        return new CertKeeper(
                new CertKeeper.Settings(
                        Names.ofService(tls.service(), config.common().namespace()), Lifetimes.DEFAULT),
                store,
                new CertAuthority(clock, random),
                clock);
    }
}
