package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.common.admin.AdminServer;
import io.github.kubevxlan.common.cluster.Connection;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.Shutdown;
import io.github.kubevxlan.common.util.StartException;
import io.github.kubevxlan.controller.agent.KubeAgentSession;
import io.github.kubevxlan.controller.agent.Sessions;
import io.github.kubevxlan.controller.plan.Members;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.CatchUp;
import io.github.kubevxlan.controller.reconcile.Loop;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.Surroundings;
import io.github.kubevxlan.controller.report.Metrics;
import io.github.kubevxlan.controller.report.PodEvents;
import io.github.kubevxlan.controller.report.StatusWriter;
import io.github.kubevxlan.controller.watch.Informers;
import io.github.kubevxlan.controller.watch.LabelledPods;
import io.github.kubevxlan.controller.watch.UnlabelledPods;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the controller together and runs it until it is asked to end. */
public final class ControllerMain {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerMain.class);
    private static final String LEASE = "kube-vxlan-controller";
    private static final int TICK_SECONDS = 1;
    private static final int LONGEST_END_SECONDS = 3;

    private ControllerMain() {}

    /**
     * Runs the controller; returns when told to end.
     *
     * @param env the environment; {@code KUBECONFIG} or the pod's service account lead to the cluster
     * @param shutdown tells when
     * @throws io.github.kubevxlan.common.util.ConfigException if a setting is wrong
     * @throws StartException if there is no way to the cluster, or the admin port is taken
     */
    public static void run(Map<String, String> env, Shutdown shutdown) throws StartException, InterruptedException {
        ControllerConfig config = ControllerConfig.read(env);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        shutdown.onEnd(() -> {
            ended.countDown();
            await(closed);
        });
        try {
            run(config, ended);
        } finally {
            closed.countDown();
        }
    }

    private static void run(ControllerConfig config, CountDownLatch ended) throws StartException, InterruptedException {
        CommonConfig shared = config.common();
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        ExecutorService turns = Executors.newVirtualThreadPerTaskExecutor();
        try (KubernetesClient client = Connection.open(shared.watchesOneByOne());
                Leadership leadership = new Leadership(client, shared.namespace(), LEASE, identity(random), turns);
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("timer").factory());
                Sessions sessions = new Sessions(
                        KubeAgentSession.opener(client), config.limits(), clock, random, leadership::term)) {
            Members members = new Members(
                    shared.keys(),
                    Definitions.parse(Map.of(), shared.defaults()),
                    config.neighbours(),
                    config.peerFilter());
            Surroundings surroundings = new Surroundings(
                    turns,
                    timer,
                    clock,
                    random,
                    config.resync(),
                    config.limits().deadline());
            PodEvents events = new PodEvents(client, clock, turns);
            StatusWriter statuses = new StatusWriter(client, shared.keys(), uid -> latest(members, uid), surroundings);
            UnlabelledPods unlabelled = new UnlabelledPods(client, shared.keys(), shared.watchNamespaces());
            Loop loop = new Loop(
                    members,
                    new Reconciler(shared.keys().prefix(), sessions),
                    unlabelled,
                    events,
                    statuses,
                    surroundings);
            try (Informers informers = new Informers(client, loop, shared);
                    Certificates certificates = new Certificates(client, config, clock, random)) {
                CompletableFuture<Void> synced = informers.start();
                var _ = synced.exceptionally(failure -> {
                    if (ended.getCount() > 0) {
                        LOG.error("what is there could not be read: ends, to start anew", failure);
                    }
                    ended.countDown();
                    return null;
                });
                CatchUp catchUp = new CatchUp(
                        new LabelledPods(client, shared.keys(), shared.watchNamespaces()), loop, surroundings);
                leadership.start(
                        () -> {
                            turns.execute(new InitialNetworks(client, config, surroundings));
                            turns.execute(certificates);
                            var _ = synced.thenRun(catchUp::begin);
                        },
                        () -> {
                            LOG.warn("no longer leads: ends, to start anew");
                            ended.countDown();
                        });
                try (AdminServer admin =
                        admin(shared.adminPort(), synced, metrics(sessions, members, leadership, statuses, events))) {
                    LOG.info("controller serves health and metrics on port {}", admin.port());
                    var _ = timer.scheduleWithFixedDelay(
                            () -> guarded(() -> {
                                sessions.closeIdle();
                                loop.checkDue();
                            }),
                            TICK_SECONDS,
                            TICK_SECONDS,
                            TimeUnit.SECONDS);
                    ended.await();
                    LOG.info("controller ends");
                }
            } finally {
                turns.shutdownNow();
                timer.shutdownNow();
            }
        }
    }

    private static AdminServer admin(int port, CompletableFuture<Void> synced, Metrics metrics) throws StartException {
        try {
            return AdminServer.start(
                    port,
                    () -> synced.isDone()
                            ? Optional.empty()
                            : Optional.of("pods, namespaces and definitions are not listed yet"),
                    metrics::print);
        } catch (IOException e) {
            throw new StartException("port " + port + " for health and metrics can't be had: " + Reason.of(e), e);
        }
    }

    /** A timer does nothing again after a task that threw. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("unexpected failure, to be tried again", e);
        }
    }

    private static Optional<PodSnapshot> latest(Members members, String uid) {
        synchronized (members) {
            return members.pod(uid);
        }
    }

    /** The host's name tells people where it runs; the rest makes it one that no other process ever had. */
    private static String identity(SecureRandom random) {
        byte[] unique = new byte[8];
        random.nextBytes(unique);
        return System.getenv().getOrDefault("HOSTNAME", "controller") + "-"
                + HexFormat.of().formatHex(unique);
    }

    private static Metrics metrics(
            Sessions sessions, Members members, Leadership leadership, StatusWriter statuses, PodEvents events) {
        return new Metrics()
                .gauge("members", "Pods that take part in at least the underlay of a network.", () -> {
                    synchronized (members) {
                        return members.reachable();
                    }
                })
                .gauge("leader", "Whether this controller holds the Lease.", () -> leadership.leads() ? 1 : 0)
                .gauge("agent_sessions", "Open shells in agents.", sessions::size)
                .counter("agent_sessions_opened_total", "Shells asked of the API server.", sessions::opened)
                .counter("agent_round_trips_total", "Scripts sent to agents.", sessions::roundTrips)
                .counter("status_writes_total", "Writes of pods' status sent.", statuses::sent)
                .counter(
                        "events_left_out_total",
                        "Events not written so as not to flood the API server.",
                        events::leftOut);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the controller did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
