package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.certs.CertAuthority;
import io.github.kubevxlan.certs.CertKeeper;
import io.github.kubevxlan.certs.Names;
import io.github.kubevxlan.certs.kube.CertWatch;
import io.github.kubevxlan.certs.kube.KubeCertStore;
import io.github.kubevxlan.certs.kube.WebhookRef;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the webhook's certificate and the trust in it in TLS mode {@code self}; does nothing in the other modes. */
final class Certificates implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    private final Optional<SelfManaged> selfManaged;

    private record SelfManaged(KubernetesClient watches, KubeCertStore.Objects objects, CertKeeper keeper) {
        void run() {
            try (CertWatch watch = CertWatch.start(watches, objects, keeper::wake)) {
                LOG.info("Certificates: keeping {}", watch);
                keeper.run();
            }
        }
    }

    Certificates(
            KubernetesClient client,
            KubernetesClient watches,
            ControllerConfig config,
            Clock clock,
            SecureRandom random) {
        String namespace = config.common().namespace();
        selfManaged = config.tls().map(tls -> {
            KubeCertStore.Objects objects = new KubeCertStore.Objects(
                    namespace,
                    tls.caSecret(),
                    tls.servingSecret(),
                    Stream.of(WebhookRef.Kind.values())
                            .map(kind -> new WebhookRef(kind, tls.webhookConfiguration()))
                            .toList());
            CertKeeper keeper = new CertKeeper(
                    new CertKeeper.Settings(Names.ofService(tls.service(), namespace), tls.lifetimes()),
                    new KubeCertStore(client, objects),
                    new CertAuthority(clock, random),
                    clock);
            return new SelfManaged(watches, objects, keeper);
        });
    }

    /** Keeps them until {@link #close} or an interrupt; returns at once where others do. */
    @Override
    public void run() {
        selfManaged.ifPresentOrElse(
                SelfManaged::run,
                () -> LOG.info("Certificates: the controller keeps none, because the TLS mode is not self"));
    }

    @Override
    public void close() {
        selfManaged.map(SelfManaged::keeper).ifPresent(CertKeeper::close);
    }
}
