package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.File;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The cluster under test: the one of KUBECONFIG, with the chart installed under its usual names. */
public final class Cluster {
    public static final String SYSTEM = "kube-system";
    public static final String CONTROLLER = "kube-vxlan-controller";
    public static final String WEBHOOK = "kube-vxlan-controller-webhook";
    public static final String CONFIG_MAP = "kube-vxlan-controller";
    public static final String PREFIX = "vxlan.travelping.com";
    public static final String AGENT = "vxlan-controller-agent";

    private static final String REMEDY =
            "Start the lab with lab/up, install with lab/install, then: eval \"$(lab/env)\"";

    private static final Connection CONNECTION = connect();

    private sealed interface Connection {
        record Open(KubernetesClient client) implements Connection {}

        record Missing(String reason) implements Connection {}
    }

    private Cluster() {}

    /**
     * The client as the cluster's admin, one for all tests; never to be closed by them.
     *
     * @throws IllegalStateException with the remedy if there is no cluster with the product in it
     */
    public static KubernetesClient client() {
        return switch (CONNECTION) {
            case Connection.Open(KubernetesClient client) -> client;
            case Connection.Missing(String reason) -> throw new IllegalStateException(reason + ". " + REMEDY);
        };
    }

    /** The names of the nodes, sorted. */
    public static List<String> nodes() {
        return client().nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** Whether a node counts as ready. */
    public static boolean isReady(String node) {
        return client().nodes().withName(node).require().getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    /** What the one container of a pod of ours has printed. */
    public static String log(Pod pod) {
        return client().pods()
                .inNamespace(SYSTEM)
                .withName(pod.getMetadata().getName())
                .getLog();
    }

    /**
     * Whether one of the product's service accounts may do something in the product's namespace.
     *
     * @param name of one object, or empty for all of them
     */
    public static boolean mayDo(String account, String verb, String resource, String name) {
        return mayDo(account, SYSTEM, verb, resource, name);
    }

    /**
     * Whether one of the product's service accounts may do something in a namespace.
     *
     * @param namespace empty for all of them
     * @param resource such as {@code pods/exec}
     * @param name of one object, or empty for all of them
     */
    public static boolean mayDo(String account, String namespace, String verb, String resource, String name) {
        String[] parts = resource.split("/", 2);
        return client().resource(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser("system:serviceaccount:" + SYSTEM + ":" + account)
                        .withGroups(
                                "system:serviceaccounts", "system:serviceaccounts:" + SYSTEM, "system:authenticated")
                        .withNewResourceAttributes()
                        .withNamespace(namespace)
                        .withVerb(verb)
                        .withResource(parts[0])
                        .withSubresource(parts.length > 1 ? parts[1] : "")
                        .withName(name)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create()
                .getStatus()
                .getAllowed();
    }

    private static Connection connect() {
        Optional<File> kubeconfig = TestedLab.kubeconfig().map(File::new);
        if (kubeconfig.isEmpty()) {
            return new Connection.Missing("No cluster to test on: KUBECONFIG is not set");
        } else if (!kubeconfig.get().canRead()) {
            return new Connection.Missing("No cluster to test on: can't read KUBECONFIG " + kubeconfig.get());
        }
        try {
            return connect(new ConfigBuilder(Config.fromKubeconfig(kubeconfig.get()))
                    .withRequestRetryBackoffLimit(2)
                    .build());
        } catch (KubernetesClientException e) {
            return new Connection.Missing("KUBECONFIG " + kubeconfig.get() + " can't be used: " + reason(e));
        }
    }

    private static Connection connect(Config config) {
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        try {
            return Stream.of(CONTROLLER, WEBHOOK)
                    .filter(name -> readyReplicas(client, name) == 0)
                    .findFirst()
                    .<Connection>map(name -> new Connection.Missing(
                            "The cluster at " + config.getMasterUrl() + " has no running Deployment " + name))
                    .orElse(new Connection.Open(client));
        } catch (KubernetesClientException e) {
            return new Connection.Missing("No cluster answers at " + config.getMasterUrl() + ": " + reason(e));
        }
    }

    /** Edits an object that its controller, or a kubelet, may write on at the same moment. */
    public static <T> void edit(Resource<T> object, UnaryOperator<T> change) {
        untilNobodyWritesBefore(() -> object.edit(change));
    }

    /** Edits an object's status likewise. */
    static <T> void editStatus(Resource<T> object, UnaryOperator<T> change) {
        untilNobodyWritesBefore(() -> object.editStatus(change));
    }

    private static void untilNobodyWritesBefore(Runnable edit) {
        Await.until("an edit that nobody's write comes before", () -> {
            try {
                edit.run();
                return Optional.empty();
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
                return Optional.of(reason(e));
            }
        });
    }

    private static String reason(KubernetesClientException e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.toString();
    }

    private static int readyReplicas(KubernetesClient client, String name) {
        return Optional.ofNullable(client.apps()
                        .deployments()
                        .inNamespace(SYSTEM)
                        .withName(name)
                        .get())
                .map(deployment -> deployment.getStatus().getReadyReplicas())
                .orElse(0);
    }
}
