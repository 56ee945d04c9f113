package io.github.kubevxlan.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.CoreDns;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Release;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Workloads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How long it takes until a real CoreDNS answers right, from when the cluster knows that a member is ready, is not, or
 * goes: from when a watch of this program's own shows it. It runs in the control plane's network, to ask CoreDNS itself.
 */
public final class NamesBench {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String NETWORK = "bench-names";
    private static final String SERVICE = "web";
    private static final String GUEST = "guest";
    private static final String IS_BAD = "/tmp/bad";

    private final Stage stage;
    private final NamesWatch watch;
    private final Resolver resolver;
    private final List<Round> rounds = new ArrayList<>();

    /**
     * One change.
     *
     * @param what its kind
     * @param known seconds from the request until the cluster knows; with another leader, until that one leads
     * @param written from then until all is in the slices
     * @param answered from then until CoreDNS answers right
     */
    record Round(String what, double known, double written, double answered) {}

    /**
     * When it came to what, as {@link System#nanoTime} has it.
     *
     * @param start when the change was asked for
     * @param known when the cluster knew
     * @param written when a watch showed all slices, or CoreDNS did, if that was earlier
     */
    private record Times(long start, long known, long written, long answered) {
        /** The same, where nobody could do anything before that. */
        Times from(long able) {
            return new Times(start, Math.max(known, able), written, answered);
        }

        Round round(String what) {
            return new Round(what, seconds(start, known), seconds(known, written), seconds(known, answered));
        }

        private static double seconds(long from, long to) {
            return (to - from) / 1e9;
        }
    }

    private NamesBench(Stage stage, NamesWatch watch, Resolver resolver) {
        this.stage = stage;
        this.watch = watch;
        this.resolver = resolver;
    }

    /** Measures as many rounds as ROUNDS in the environment says, of what takes long half of them; writes a file. */
    public static void main(String[] args) throws IOException {
        int count =
                Integer.parseInt(Optional.ofNullable(System.getenv("ROUNDS")).orElse("5"));
        try (CoreDns dns = CoreDns.start();
                var _ = Release.with("--set=controller.names.enabled=true");
                Stage stage = Stage.named("bench").open();
                NamesWatch watch = new NamesWatch(stage.namespace())) {
            Resolver resolver = new Resolver(dns.address(), SERVICE + "." + stage.namespace() + ".svc.cluster.local");
            NamesBench bench = new NamesBench(stage, watch, resolver);
            bench.prepare();
            bench.measure(count, (count + 1) / 2);
            new ObjectMapper().writeValue(Path.of("target", "names.json").toFile(), bench.rounds);
        }
    }

    private void prepare() {
        stage.define(NETWORK, "id=7901 subnet=10.98.0.0/24;fd98::/64");
        stage.create(new ServiceBuilder()
                .withNewMetadata()
                .withName(SERVICE)
                .addToAnnotations(Cluster.PREFIX + "/network", NETWORK)
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .endSpec()
                .build());
        measure(Set.of("web-0", "web-1"), () -> stage.create(members()));
    }

    private void measure(int many, int few) {
        Set<String> two = Set.of("web-0", "web-1");
        Set<String> three = Set.of("web-0", "web-1", GUEST);
        for (int i = 0; i < many; i++) {
            add("join", measure(three, this::join));
            add("leave", measure(two, this::leave));
            stage.delete(GUEST);
        }
        Pod first = stage.pod("web-0");
        for (int i = 0; i < many; i++) {
            add("failure", measure(Set.of("web-1"), () -> Shell.inApp(first, "touch " + IS_BAD)));
            add("recovery", measure(two, () -> Shell.inApp(first, "rm " + IS_BAD)));
        }
        for (int i = 0; i < few; i++) {
            add("scale up by 2", measure(Set.of("web-0", "web-1", "web-2", "web-3"), () -> scale(4)));
            add("scale down by 3", measure(Set.of("web-0"), () -> scale(1)));
            measure(two, () -> scale(2));
        }
        for (int i = 0; i < few; i++) {
            measure(three, this::join);
            Times times = measure(two, () -> {
                Controller.killLeader();
                leave();
            });
            add("leave, seen by the next leader", times.from(watch.leader().since()));
            stage.delete(GUEST);
            Controller.awaitReady();
        }
    }

    private void join() {
        stage.create(Pods.member(GUEST, NETWORK));
    }

    private void leave() {
        stage.beginDeleting(GUEST);
    }

    private void scale(int replicas) {
        Cluster.client()
                .apps()
                .statefulSets()
                .inNamespace(stage.namespace())
                .withName(SERVICE)
                .scale(replicas);
    }

    /** Changes something, and waits until these hosts have names, and no others. */
    private Times measure(Set<String> hosts, Runnable change) {
        Set<String> all = new HashSet<>(hosts(watch.wanted().value()));
        all.addAll(hosts);
        long start = System.nanoTime();
        change.run();
        Latest.Moment<Set<Named>> wanted = await(
                hosts + " are ready", watch::wanted, now -> hosts(now.value()).equals(hosts));
        Set<Named> names = wanted.value();
        await("names of " + hosts, () -> resolver.knows(names, all), knows -> knows);
        long answered = System.nanoTime();
        long written = await(
                        "slices of " + hosts, watch::written, now -> now.value().equals(names))
                .since();
        return new Times(start, wanted.since(), Math.min(written, answered), answered);
    }

    private void add(String what, Times times) {
        rounds.add(times.round(what));
        System.out.println(rounds.getLast());
    }

    private static <T> T await(String what, Supplier<T> now, Predicate<T> fits) {
        AtomicReference<T> seen = new AtomicReference<>(now.get());
        Await.closely(what, LIMIT, () -> {
            seen.set(now.get());
            return fits.test(seen.get())
                    ? Optional.empty()
                    : Optional.of(seen.get().toString());
        });
        return seen.get();
    }

    private static Set<String> hosts(Set<Named> names) {
        return names.stream().map(Named::host).collect(Collectors.toSet());
    }

    /** Members at once that are ready unless a file says that they are not. */
    private static StatefulSet members() {
        StatefulSet set = Workloads.statefulSet(Pods.readyUnless(IS_BAD, Pods.member(SERVICE, NETWORK)));
        set.getSpec().setServiceName(SERVICE);
        set.getSpec().setReplicas(2);
        set.getSpec().setPodManagementPolicy("Parallel");
        return set;
    }
}
