package io.github.kubevxlan.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** {@code vxlan doctor}, run by a user who has the rights that docs/cli.md lists for it and no others. */
public final class Doctor implements AutoCloseable {
    private static final String ADMISSION = "admissionregistration.k8s.io";

    private final String namespace;
    private final String user;

    /**
     * A finding, as {@code -o json} has it.
     *
     * @param remedy a command line
     */
    public record Finding(String severity, String check, String what, String where, String why, String remedy) {
        private static Finding of(JsonNode item) {
            return new Finding(
                    item.path("severity").asText(),
                    item.path("check").asText(),
                    item.path("what").asText(),
                    item.path("where").asText(),
                    item.path("why").asText(),
                    item.path("remedy").asText());
        }
    }

    /** Makes the user for a namespace, with the rights. */
    public Doctor(String namespace) {
        this.namespace = namespace;
        this.user = namespace + "-doctor";
        Cluster.client()
                .resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(user)
                        .endMetadata()
                        .withRules(rights())
                        .build())
                .create();
        Cluster.client()
                .resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(user)
                        .endMetadata()
                        .withNewRoleRef()
                        .withApiGroup("rbac.authorization.k8s.io")
                        .withKind("ClusterRole")
                        .withName(user)
                        .endRoleRef()
                        .addNewSubject()
                        .withApiGroup("rbac.authorization.k8s.io")
                        .withKind("User")
                        .withName(user)
                        .endSubject()
                        .build())
                .create();
    }

    private static List<PolicyRule> rights() {
        return List.of(
                right("", "get", "configmaps", "secrets"),
                right("apps", "get", "deployments"),
                right("coordination.k8s.io", "get", "leases"),
                right(ADMISSION, "get", "mutatingwebhookconfigurations", "validatingwebhookconfigurations"),
                right(ADMISSION, "list", "validatingadmissionpolicybindings"),
                right("authorization.k8s.io", "create", "subjectaccessreviews"),
                right("", "list", "pods", "namespaces", "events", "nodes"),
                right("", "get", "namespaces", "pods", "pods/exec"),
                right("", "create", "pods", "pods/exec"),
                right("", "watch", "pods"),
                right("", "delete", "pods"));
    }

    private static PolicyRule right(String group, String verb, String... resources) {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withVerbs(verb)
                .withResources(resources)
                .build();
    }

    /** All that it finds with those options. */
    public List<Finding> findings(List<String> options) {
        String[] command = Stream.concat(
                        Stream.of("doctor", "--namespace", namespace, "--as", user, "-o", "json"), options.stream())
                .toArray(String[]::new);
        return StreamSupport.stream(Vxlan.items(command).spliterator(), false)
                .map(Finding::of)
                .toList();
    }

    /** Runs it until it finds such a thing; gives the first. */
    public Finding await(String what, List<String> options, Predicate<Finding> wanted) {
        AtomicReference<List<Finding>> last = new AtomicReference<>(List.of());
        Await.until("doctor finds " + what, () -> {
            last.set(findings(options));
            return last.get().stream().anyMatch(wanted)
                    ? Optional.empty()
                    : Optional.of(last.get().toString());
        });
        return last.get().stream().filter(wanted).findFirst().orElseThrow();
    }

    /**
     * Types a remedy as it is printed.
     *
     * @param edit what sed does in the place of the user's editor; empty if none is opened
     * @param folder where it is typed
     */
    public static void type(String remedy, String edit, Path folder) {
        ProcessBuilder shell = TestedLab.process(List.of("bash", "-e", "-o", "pipefail", "-c", remedy))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().put("KUBE_EDITOR", "sed --in-place --expression='" + edit + "'");
        try {
            Process process = shell.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            System.out.printf("    %s%n", output.strip().replace("\n", "\n    "));
            if (status != 0 || (!edit.isEmpty() && output.contains("no changes made"))) {
                throw new AssertionError("%s: status %d: %s".formatted(remedy, status, output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        Cluster.client().rbac().clusterRoleBindings().withName(user).delete();
        Cluster.client().rbac().clusterRoles().withName(user).delete();
    }
}
