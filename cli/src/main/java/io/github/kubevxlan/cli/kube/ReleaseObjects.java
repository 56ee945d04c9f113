package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.cli.doctor.Facts.Hook;
import io.github.kubevxlan.cli.doctor.Facts.Leader;
import io.github.kubevxlan.cli.doctor.Facts.Replicas;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Validity;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.Keeper;
import io.github.kubevxlan.cli.doctor.Selector;
import io.github.kubevxlan.cli.state.Release;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the objects of an installed release. If the caller may not read one, a note says so. */
final class ReleaseObjects {
    private final KubernetesClient client;
    private final Release release;
    private final Consumer<String> notes;

    ReleaseObjects(KubernetesClient client, Release release, Consumer<String> notes) {
        this.client = client;
        this.release = release;
        this.notes = notes;
    }

    Seen<Workload> deployment(String name) {
        return seen(
                new Right("get", "deployments.apps", name, release.namespace()),
                () -> deploymentNamed(name),
                deployment -> Optional.of(workload(deployment)));
    }

    private @Nullable Deployment deploymentNamed(String name) {
        return client.apps()
                .deployments()
                .inNamespace(release.namespace())
                .withName(name)
                .get();
    }

    private @Nullable MutatingWebhookConfiguration mutatingConfiguration() {
        return client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(release.name())
                .get();
    }

    /** The first webhook of the MutatingWebhookConfiguration. */
    Seen<Hook> mutating() {
        return seen(
                new Right("get", "mutatingwebhookconfigurations.admissionregistration.k8s.io", release.name(), ""),
                this::mutatingConfiguration,
                hooks -> hooks.getWebhooks().stream()
                        .findFirst()
                        .map(hook -> new Hook(
                                trusted(hook.getClientConfig()),
                                selector(hook.getNamespaceSelector()),
                                isConditional(hook.getMatchConditions()))));
    }

    /** The first webhook of the ValidatingWebhookConfiguration. */
    Seen<Hook> validating() {
        return seen(
                new Right("get", "validatingwebhookconfigurations.admissionregistration.k8s.io", release.name(), ""),
                () -> client.admissionRegistration()
                        .v1()
                        .validatingWebhookConfigurations()
                        .withName(release.name())
                        .get(),
                hooks -> hooks.getWebhooks().stream()
                        .findFirst()
                        .map(hook -> new Hook(
                                trusted(hook.getClientConfig()),
                                selector(hook.getNamespaceSelector()),
                                isConditional(hook.getMatchConditions()))));
    }

    Seen<Leader> leader() {
        return seen(
                new Right("get", "leases.coordination.k8s.io", release.name(), release.namespace()),
                () -> client.leases()
                        .inNamespace(release.namespace())
                        .withName(release.name())
                        .get(),
                lease -> Optional.of(leader(lease)));
    }

    /** The release as the first of its objects that can be read tells of it. */
    Release installed() {
        return Stream.<Supplier<Optional<Map<String, String>>>>of(
                        () -> annotations(deploymentNamed(release.name())),
                        () -> annotations(deploymentNamed(release.webhook())),
                        () -> annotations(mutatingConfiguration()))
                .flatMap(read -> quietly(read).stream())
                .findFirst()
                .map(release::installedBy)
                .orElse(release);
    }

    private static Optional<Map<String, String>> quietly(Supplier<Optional<Map<String, String>>> read) {
        try {
            return read.get();
        } catch (KubernetesClientException e) {
            return Optional.empty(); // a note says so when it is read for its own sake
        }
    }

    private static Optional<Map<String, String>> annotations(@Nullable HasMetadata object) {
        return Optional.ofNullable(object)
                .map(there -> Optional.ofNullable(there.getMetadata().getAnnotations())
                        .orElse(Map.of()));
    }

    /** The webhook's serving certificate. */
    Seen<Validity> certificate(Keeper keeper) {
        String name = keeper.secret();
        if (name.isEmpty()) {
            notes.accept("not checked, the webhook's certificate: it is in no Secret, but in " + keeper.where(release));
            return new Seen.Hidden<>();
        }
        return seen(
                new Right("get", "secrets", name, release.namespace()),
                () -> client.secrets()
                        .inNamespace(release.namespace())
                        .withName(name)
                        .get(),
                secret -> Optional.ofNullable(secret.getData())
                        .flatMap(data -> Certificates.validity(data.getOrDefault("tls.crt", ""))));
    }

    private static Workload workload(Deployment deployment) {
        PodSpec pod = deployment.getSpec().getTemplate().getSpec();
        return new Workload(
                new Replicas(
                        Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1),
                        Optional.ofNullable(deployment.getStatus())
                                .map(status -> status.getReadyReplicas())
                                .orElse(0)),
                Objects.requireNonNullElse(pod.getServiceAccountName(), "default"),
                ClusterReader.variables(deployment),
                pod.getVolumes().stream()
                        .filter(volume -> volume.getSecret() != null)
                        .collect(Collectors.toMap(
                                Volume::getName, volume -> volume.getSecret().getSecretName())),
                Optional.ofNullable(deployment.getMetadata().getLabels())
                        .map(labels -> labels.get(Release.VERSION_LABEL))
                        .orElse(""));
    }

    private static Optional<Validity> trusted(WebhookClientConfig config) {
        return Certificates.validity(Objects.requireNonNullElse(config.getCaBundle(), ""));
    }

    private static Selector selector(@Nullable LabelSelector selector) {
        return selector == null
                ? Selector.ALL
                : new Selector(
                        Optional.ofNullable(selector.getMatchLabels()).orElse(Map.of()),
                        selector.getMatchExpressions().stream()
                                .map(term -> new Selector.Term(
                                        term.getKey(),
                                        term.getOperator(),
                                        Optional.ofNullable(term.getValues()).orElse(List.of())))
                                .toList());
    }

    private static boolean isConditional(@Nullable List<MatchCondition> conditions) {
        return conditions != null && !conditions.isEmpty();
    }

    private static Leader leader(Lease lease) {
        return new Leader(
                Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), ""),
                instant(lease.getSpec().getAcquireTime()),
                instant(lease.getSpec().getRenewTime()));
    }

    private static Instant instant(@Nullable ZonedDateTime time) {
        return time == null ? Instant.EPOCH : time.toInstant();
    }

    /** An object that is there without what is read of it counts as absent. */
    private <S, T> Seen<T> seen(Right right, Supplier<@Nullable S> get, Function<S, Optional<T>> read) {
        try {
            return Optional.<S>ofNullable(get.get())
                    .flatMap(read)
                    .<Seen<T>>map(Seen.There::new)
                    .orElse(new Seen.Absent<>());
        } catch (KubernetesClientException e) {
            notes.accept("not checked, " + right.failure(e).getMessage());
            return new Seen.Hidden<>();
        }
    }
}
