package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Where a test class plays: a namespace and networks of its own, gone when it is over. If a test or a set-up fails, the
 * stage first writes what the cluster looks like to {@code target/e2e-dump}.
 */
public final class Stage
        implements BeforeAllCallback,
                AfterAllCallback,
                InvocationInterceptor,
                LifecycleMethodExecutionExceptionHandler,
                TestExecutionExceptionHandler,
                AutoCloseable {
    private final String namespace;
    private final Set<String> defined = new TreeSet<>();

    private Stage(String namespace) {
        this.namespace = namespace;
    }

    /** The name becomes a part of the namespace's. */
    public static Stage named(String name) {
        int run = ThreadLocalRandom.current().nextInt(0x10000);
        return new Stage("e2e-" + name + "-" + HexFormat.of().toHexDigits((short) run));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        open();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw dumped(context, failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw dumped(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw dumped(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw dumped(context, failure);
    }

    @Override
    public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw dumped(context, failure);
    }

    /**
     * The set-up of one invocation of a parameterized class, for which JUnit has no handler: it tells of a failure only when
     * the class has cleared the stage.
     *
     * @param test the class
     */
    public void setUp(Class<?> test, Runnable steps) {
        try {
            steps.run();
        } catch (RuntimeException | Error failure) {
            try {
                Dump.write(test.getSimpleName() + ".set-up", namespace);
            } catch (RuntimeException noDump) {
                failure.addSuppressed(noDump);
            }
            throw failure;
        }
    }

    /** Some classes await their pods in a field's initial value. */
    @Override
    public <T> T interceptTestClassConstructor(
            Invocation<T> invocation, ReflectiveInvocationContext<Constructor<T>> constructor, ExtensionContext context)
            throws Throwable {
        try {
            return invocation.proceed();
        } catch (Throwable failure) {
            throw dumped(context, failure);
        }
    }

    private Throwable dumped(ExtensionContext context, Throwable failure) {
        try {
            Dump.write(context, namespace);
        } catch (RuntimeException noDump) {
            failure.addSuppressed(noDump);
        }
        return failure;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** Makes the namespace; for use outside of JUnit. */
    public Stage open() {
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        Await.until(
                "namespace " + namespace + " takes pods",
                () -> client().serviceAccounts()
                                        .inNamespace(namespace)
                                        .withName("default")
                                        .get()
                                == null
                        ? Optional.of("no service account")
                        : Optional.empty());
        return this;
    }

    /** Takes everything away; pods first, since those that run would miss their networks. */
    @Override
    public void close() {
        client().namespaces().withName(namespace).delete();
        awaitNoPod();
        defined.forEach(Networks::remove);
    }

    /** The namespace. */
    public String namespace() {
        return namespace;
    }

    /** Gives the namespace an annotation, whose key comes without the prefix, or takes it away. */
    public void annotate(String key, @Nullable String value) {
        String patch = client().getKubernetesSerialization()
                .asJson(Map.of(
                        "metadata",
                        Map.of("annotations", Collections.singletonMap(Cluster.PREFIX + "/" + key, value))));
        client().namespaces().withName(namespace).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    /** Makes a member of a pod that runs: no webhook sees that. */
    public void label(String pod) {
        edit(pod, Pods::labelled);
    }

    /** Takes the label from a pod that runs. */
    public void unlabel(String pod) {
        edit(
                pod,
                before -> new PodBuilder(before)
                        .editMetadata()
                        .removeFromLabels(Cluster.PREFIX)
                        .endMetadata()
                        .build());
    }

    /** Edits a pod, as {@code kubectl edit} does. */
    public void edit(String pod, UnaryOperator<Pod> change) {
        Cluster.edit(resource(pod), change);
    }

    /** Defines a network until the class is over; every class has names and VNIs of its own. */
    public void define(String network, String definition) {
        defined.add(network);
        Networks.define(network, definition);
    }

    /** Makes pods, or whatever else there is to make, in this namespace. */
    public void create(HasMetadata... objects) {
        Arrays.stream(objects)
                .forEach(object ->
                        client().resource(object).inNamespace(namespace).create());
    }

    /** What the API server would make of a pod; nothing is made. */
    public Pod dryRun(Pod pod) {
        return client().resource(pod).inNamespace(namespace).dryRun().create();
    }

    /** Why the webhook does nothing to such a pod, were it made now; empty if it would get an agent. */
    public Optional<String> refused(Pod pod) {
        return Pods.hasAgent(dryRun(pod)) ? Optional.empty() : Optional.of("no agent is put in");
    }

    /** Makes pods and waits until all are ready; gives them as they are then, in that order. */
    public List<Pod> start(Pod... pods) {
        create(pods);
        return ready(Arrays.stream(pods).map(pod -> pod.getMetadata().getName()).toArray(String[]::new));
    }

    /** Waits until pods are ready; gives them as they are then, in that order. */
    public List<Pod> ready(String... names) {
        List<Pod> ready = new ArrayList<>();
        for (String name : names) {
            Await.until("pod " + name + " is ready", () -> Pods.notReady(pod(name)));
            ready.add(pod(name));
        }
        return ready;
    }

    /** Waits until so many pods with a label are there and ready; gives them sorted by name. */
    public List<Pod> ready(String label, String value, int count) {
        Await.until(count + " ready pods of " + value, () -> {
            List<Pod> pods = pods(label, value);
            return pods.size() == count
                    ? pods.stream()
                            .map(Pods::notReady)
                            .flatMap(Optional::stream)
                            .findFirst()
                    : Optional.of(pods.size() + " pods");
        });
        return pods(label, value);
    }

    /** Makes a CronJob miss its last time, which it makes up for at once. */
    public void makeDue(String cronJob) {
        Cluster.editStatus(
                client().batch().v1().cronjobs().inNamespace(namespace).withName(cronJob),
                before -> new CronJobBuilder(before)
                        .editOrNewStatus()
                        .withLastScheduleTime(Instant.now()
                                .minus(Duration.ofMinutes(2))
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString())
                        .endStatus()
                        .build());
    }

    /** A pod as it is now; its absence is a failure. */
    public Pod pod(String name) {
        return find(name).orElseThrow(() -> new AssertionError("no pod " + name));
    }

    /** A pod as it is now, if it is there. */
    public Optional<Pod> find(String name) {
        return Optional.ofNullable(resource(name).get());
    }

    /** Waits until a pod's agent runs, which its app may still wait for. */
    public void awaitAgent(String name) {
        Await.until(
                "the agent of " + name + " runs",
                () -> Pods.isRunning(pod(name), Cluster.AGENT) ? Optional.empty() : Pods.notReady(pod(name)));
    }

    /** Tells pods to go, and does not wait for it. */
    public void beginDeleting(String... names) {
        Arrays.stream(names).forEach(name -> resource(name).delete());
    }

    /** Tells a pod to go within a grace period in seconds, 0 for at once. */
    public void beginDeleting(long grace, String name) {
        resource(name).withGracePeriod(grace).delete();
    }

    /** Deletes every pod and waits until all are gone. */
    public void clear() {
        delete(client().pods().inNamespace(namespace).list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .toArray(String[]::new));
    }

    /** Deletes pods and waits until they are gone. */
    public void delete(String... names) {
        beginDeleting(names);
        Await.until(
                "pods " + List.of(names) + " are gone",
                () -> Arrays.stream(names)
                        .filter(name -> find(name).isPresent())
                        .map(name -> name + " is there")
                        .findFirst());
    }

    /** Deletes what was made here and waits until no pod is left in this namespace. */
    public void delete(HasMetadata... objects) {
        Arrays.stream(objects)
                .forEach(object ->
                        client().resource(object).inNamespace(namespace).delete());
        awaitNoPod();
    }

    /** The pods with a label that are to stay, sorted by name. */
    public List<Pod> pods(String label, String value) {
        return client().pods().inNamespace(namespace).withLabel(label, value).list().getItems().stream()
                .filter(Pods::stays)
                .sorted((one, other) -> one.getMetadata()
                        .getName()
                        .compareTo(other.getMetadata().getName()))
                .toList();
    }

    /** Waits for an Event of that reason on a pod; gives its message. */
    public String event(String pod, String reason) {
        Await.until(
                "Event " + reason + " on pod " + pod,
                () -> events(pod, reason).isEmpty() ? Optional.of("there is none") : Optional.empty());
        return events(pod, reason).getFirst();
    }

    /** Waits until an Event of that reason on a pod says these words, whatever other Events of that reason say. */
    public void awaitEvent(String pod, String reason, String words) {
        Await.until("Event " + reason + " on pod " + pod + " says " + words, () -> {
            List<String> said = events(pod, reason);
            return said.stream().anyMatch(message -> message.contains(words))
                    ? Optional.empty()
                    : Optional.of(said.toString());
        });
    }

    /** The messages of all Events of that reason on a pod by now. */
    public List<String> events(String pod, String reason) {
        return client()
                .v1()
                .events()
                .inNamespace(namespace)
                .withField("involvedObject.name", pod)
                .withField("reason", reason)
                .list()
                .getItems()
                .stream()
                .map(Event::getMessage)
                .toList();
    }

    private void awaitNoPod() {
        Await.until(
                "the pods of " + namespace + " are gone",
                () -> client().pods().inNamespace(namespace).list().getItems().stream()
                        .map(pod -> pod.getMetadata().getName() + " is there")
                        .findFirst());
    }

    /** How many Events a component wrote in this namespace, by the pods' names. */
    public Map<String, Integer> events(String component) {
        return client().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> component.equals(event.getSource().getComponent()))
                .collect(Collectors.toMap(event -> event.getInvolvedObject().getName(), _ -> 1, Integer::sum));
    }

    private PodResource resource(String name) {
        return client().pods().inNamespace(namespace).withName(name);
    }

    private static KubernetesClient client() {
        return Cluster.client();
    }
}
