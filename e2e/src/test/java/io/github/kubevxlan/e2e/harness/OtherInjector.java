package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Somebody else's mutating webhook, which the API server calls before ours and after it for pods of one namespace that
 * have the label {@value #LABEL}. The API server orders webhooks by the names of their configurations.
 */
public final class OtherInjector implements AutoCloseable {
    /** Which pods it is called for; the value is {@code "true"}. */
    public static final String LABEL = "other-injector";

    private static final String NAME = "other-injector";
    private static final String CLASS = OtherInjectorServer.class.getName().replace('.', '/') + ".class";
    private static final List<String> BEFORE_AND_AFTER = List.of("before", "after");

    private final String namespace;

    private OtherInjector(String namespace) {
        this.namespace = namespace;
    }

    /**
     * Starts it there, with a key made in that folder; returns when the API server calls it. Its image is our
     * program's, for the Java in it.
     */
    public static OtherInjector start(Stage stage, Path folder) throws IOException {
        String name = NAME + "." + stage.namespace() + ".svc";
        Path keys = folder.resolve("keys.p12");
        keytool("-genkeypair", keys, "-keyalg", "EC", "-dname", "CN=" + NAME, "-ext", "san=dns:" + name);
        Path certificate = folder.resolve("certificate.pem");
        keytool("-exportcert", keys, "-rfc", "-file", certificate.toString());
        stage.create(
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .addToBinaryData("class", encoded(program()))
                        .addToBinaryData("keys", encoded(Files.readAllBytes(keys)))
                        .build(),
                new ServiceBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .withNewSpec()
                        .addToSelector("app", NAME)
                        .addNewPort()
                        .withPort(443)
                        .withTargetPort(new IntOrString(OtherInjectorServer.PORT))
                        .endPort()
                        .endSpec()
                        .build());
        stage.start(pod());
        OtherInjector injector = new OtherInjector(stage.namespace());
        BEFORE_AND_AFTER.forEach(when -> Cluster.client()
                .resource(injector.configuration(when, certificate))
                .create());
        Await.until("it is called before and after", () -> notCalled(stage));
        return injector;
    }

    private static Optional<String> notCalled(Stage stage) {
        Pod tried = new PodBuilder(Pods.plain("tried", "exit"))
                .editMetadata()
                .addToLabels(LABEL, "true")
                .endMetadata()
                .build();
        List<String> names = stage.dryRun(tried).getSpec().getContainers().stream()
                .map(Container::getName)
                .toList();
        return names.containsAll(BEFORE_AND_AFTER) ? Optional.empty() : Optional.of("containers " + names);
    }

    /** Lets the API server forget it. */
    @Override
    public void close() {
        BEFORE_AND_AFTER.forEach(when -> Cluster.client()
                .admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(configurationName(when))
                .delete());
    }

    private MutatingWebhookConfiguration configuration(String when, Path certificate) {
        return new MutatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(configurationName(when))
                .endMetadata()
                .addNewWebhook()
                .withName(when + ".e2e.invalid")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withReinvocationPolicy("IfNeeded")
                .withNewClientConfig()
                .withCaBundle(encoded(bytes(certificate)))
                .withNewService()
                .withName(NAME)
                .withNamespace(namespace)
                .withPath("/" + when)
                .endService()
                .endClientConfig()
                .addNewRule()
                .withApiGroups("")
                .withApiVersions("v1")
                .withOperations("CREATE")
                .withResources("pods")
                .endRule()
                .withNewObjectSelector()
                .addToMatchLabels(LABEL, "true")
                .endObjectSelector()
                .withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", namespace)
                .endNamespaceSelector()
                .endWebhook()
                .build();
    }

    /** Before and after ours, kube-vxlan-controller. */
    private static String configurationName(String when) {
        return (when.equals("before") ? "a" : "z") + "-e2e-" + NAME;
    }

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName(NAME)
                .addToLabels("app", NAME)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("server")
                .withImage(Webhook.image())
                .withImagePullPolicy("IfNotPresent")
                .withCommand("/opt/java/bin/java", "-cp", "/injector:/app/*")
                .withArgs(OtherInjectorServer.class.getName(), "/injector/keys.p12")
                .addNewVolumeMount()
                .withName("injector")
                .withMountPath("/injector")
                .endVolumeMount()
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withScheme("HTTPS")
                .withPath("/ready")
                .withPort(new IntOrString(OtherInjectorServer.PORT))
                .endHttpGet()
                .withPeriodSeconds(1)
                .withTimeoutSeconds(5)
                .withFailureThreshold(30)
                .endReadinessProbe()
                .endContainer()
                .addNewVolume()
                .withName("injector")
                .withNewConfigMap()
                .withName(NAME)
                .addNewItem("class", null, CLASS)
                .addNewItem("keys", null, "keys.p12")
                .endConfigMap()
                .endVolume()
                .endSpec()
                .build();
    }

    private static void keytool(String command, Path keys, String... options) {
        Client.run(Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                command,
                                "-alias",
                                NAME,
                                "-keystore",
                                keys.toString(),
                                "-storepass",
                                OtherInjectorServer.PASSWORD),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    private static byte[] program() throws IOException {
        try (InputStream file = OtherInjector.class.getResourceAsStream("/" + CLASS)) {
            if (file == null) {
                throw new IOException("no resource " + CLASS);
            }
            return file.readAllBytes();
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
