package io.github.kubevxlan.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.common.admin.AdminServer;
import io.github.kubevxlan.common.cluster.Connection;
import io.github.kubevxlan.common.cluster.WatchAges;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.Shutdown;
import io.github.kubevxlan.common.util.StartException;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.Leadership.LeaseRef;
import io.github.kubevxlan.controller.agent.KubeAgentSession;
import io.github.kubevxlan.controller.agent.SessionPool;
import io.github.kubevxlan.controller.page.RecentChanges;
import io.github.kubevxlan.controller.page.RepairMeter;
import io.github.kubevxlan.controller.page.WatchedStatuses;
import io.github.kubevxlan.controller.path.PathProber;
import io.github.kubevxlan.controller.path.PathTools;
import io.github.kubevxlan.controller.reconcile.AttemptDeadline;
import io.github.kubevxlan.controller.reconcile.CacheSyncBarrier;
import io.github.kubevxlan.controller.reconcile.Controller;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.Recorders;
import io.github.kubevxlan.controller.reconcile.Timing;
import io.github.kubevxlan.controller.reconcile.WatchedSenders;
import io.github.kubevxlan.controller.registry.Members;
import io.github.kubevxlan.controller.report.ControllerMetrics;
import io.github.kubevxlan.controller.report.EventWriter;
import io.github.kubevxlan.controller.report.MeasuredAgent;
import io.github.kubevxlan.controller.report.NotReady;
import io.github.kubevxlan.controller.report.PathMetrics;
import io.github.kubevxlan.controller.report.PodEvents;
import io.github.kubevxlan.controller.report.ReconcileMetrics;
import io.github.kubevxlan.controller.report.StatusApi;
import io.github.kubevxlan.controller.report.StatusWriter;
import io.github.kubevxlan.controller.watch.ApiLabelledPodLister;
import io.github.kubevxlan.controller.watch.ApiUnlabelledPodLister;
import io.github.kubevxlan.controller.watch.Informers;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the controller and runs it until SIGTERM. */
public final class ControllerMain {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerMain.class);
    private static final String LEASE = "kube-vxlan-controller";
    private static final String EPOCH = "/epoch";
    private static final int TICK_SECONDS = 1;
    private static final int LONGEST_END_SECONDS = 3;

    private ControllerMain() {}

    /**
     * Runs the controller; returns after SIGTERM.
     *
     * @param env the environment; {@code KUBECONFIG} or the pod's service account lead to the cluster
     * @param shutdown tells when
     * @throws io.github.kubevxlan.common.util.ConfigException if a setting is wrong
     * @throws StartException if there is no way to the cluster, the admin port is taken, or the Lease was lost
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
        Ticker ticker = Ticker.system();
        SecureRandom random = new SecureRandom();
        AtomicReference<@Nullable String> failed = new AtomicReference<>();
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
        WatchAges ages = new WatchAges(System::nanoTime);
        Members members = new Members(
                shared.keys(),
                Definitions.absent(shared.defaults()),
                config.networks().neighbours(),
                config.networks().peerFilter());
        try (KubernetesClient client = Connection.open();
                KubernetesClient watches = Connection.forWatches(ages);
                Leadership leadership = new Leadership(
                        client,
                        new LeaseRef(shared.namespace(), LEASE, shared.keys().prefix() + EPOCH),
                        identity(random),
                        workers);
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("timer").factory());
                SessionPool sessions = new SessionPool(
                        KubeAgentSession.opener(client).unless(members::isEnding),
                        config.work().limits(),
                        ticker,
                        random,
                        leadership.epoch())) {
            PrometheusRegistry registry = new PrometheusRegistry();
            ReconcileMetrics meter = new ReconcileMetrics(registry);
            RecentChanges changes = new RecentChanges(clock);
            Dependencies dependencies = new Dependencies(
                    workers, new Timing(timer, ticker), random, config.work(), new RepairMeter(meter, changes));
            EventWriter eventWriter = new EventWriter(client, clock, ticker, workers);
            PodEvents events = new PodEvents(eventWriter, changes::addEvent);
            StatusWriter statuses = new StatusWriter(
                    new StatusApi(client, shared.keys(), clock), members::pod, events::unwritten, dependencies);
            ApiUnlabelledPodLister unlabelled =
                    new ApiUnlabelledPodLister(client, shared.keys(), shared.watchNamespaces());
            Reconciler reconciler = new Reconciler(
                    shared.keys().prefix(),
                    new WatchedSenders(new MeasuredAgent(sessions, ticker, registry), members, events, ticker),
                    new AttemptDeadline(ticker, config.work().limits().deadline()));
            PathProber paths = new PathProber(
                    members,
                    reconciler::lastVerified,
                    config.networks().paths(),
                    new PathTools(sessions, new PathMetrics(registry)),
                    dependencies);
            Controller controller = new Controller(
                    members,
                    reconciler,
                    unlabelled,
                    new Recorders(
                            events,
                            new WatchedStatuses(
                                    statuses, changes, uid -> members.pod(uid).isPresent()),
                            paths),
                    dependencies);
            Optional<Names> names = Names.of(config, client, eventWriter, dependencies);
            try (Informers informers =
                            new Informers(watches, controller, shared, names.map(one -> one.controller()::changed));
                    Certificates certificates = new Certificates(client, watches, config, clock, random)) {
                CompletableFuture<Void> synced = informers.start();
                NetworksGuard guard =
                        new NetworksGuard(client, config, known(informers, members), System::nanoTime, random);
                var _ = synced.exceptionally(failure -> {
                    fail("initial list failed: " + Reason.of(failure), ended, failed);
                    return null;
                });
                CacheSyncBarrier barrier = new CacheSyncBarrier(
                        new ApiLabelledPodLister(client, shared.keys(), shared.watchNamespaces()),
                        controller,
                        dependencies);
                leadership.start(
                        () -> {
                            workers.execute(certificates);
                            var _ = synced.thenRun(() -> {
                                barrier.begin();
                                names.ifPresent(one -> one.controller().start(informers::names));
                                var _ = timer.scheduleWithFixedDelay(
                                        () -> workers.execute(() -> guarded(guard::check)),
                                        0,
                                        TICK_SECONDS,
                                        TimeUnit.SECONDS);
                            });
                        },
                        () -> fail("lost the Lease: another controller leads or will lead soon", ended, failed));
                NotReady notReady = new NotReady(ticker);
                register(registry, sessions, members, notReady, controller, leadership, statuses, eventWriter);
                names.ifPresent(one -> one.register(registry));
                new ControllerMetrics(registry)
                        .gauge(
                                "networks_gone",
                                "Whether the ConfigMap with the definitions is missing.",
                                () -> synced.isDone() && !informers.hasDefinitions() ? 1 : 0);
                WatchAges.register(registry, ages::byResource);
                try (AdminServer admin = admin(shared.adminPort(), synced, registry);
                        var _ = LivePage.start(config.publication().pagePort(), members, leadership, changes)) {
                    LOG.info("controller serves health and metrics on port {}", admin.port());
                    var _ = timer.scheduleWithFixedDelay(
                            () -> guarded(() -> {
                                sessions.closeIdle();
                                ages.endSilent();
                                controller.checkDue();
                                notReady.check(members.notReady());
                            }),
                            TICK_SECONDS,
                            TICK_SECONDS,
                            TimeUnit.SECONDS);
                    ended.await();
                    LOG.info("controller ends");
                    if (failed.get() != null) {
                        throw new StartException(failed.get());
                    }
                }
            } finally {
                workers.shutdownNow();
                timer.shutdownNow();
            }
        }
    }

    /** Ends the process, so that Kubernetes starts another one; does nothing if it is ending already. */
    private static void fail(String reason, CountDownLatch ended, AtomicReference<@Nullable String> failed) {
        if (ended.getCount() > 0) {
            LOG.warn("{}; exiting so that Kubernetes restarts the container", reason);
            failed.set(reason);
        }
        ended.countDown();
    }

    private static AdminServer admin(int port, CompletableFuture<Void> synced, PrometheusRegistry metrics)
            throws StartException {
        try {
            return AdminServer.start(
                    port,
                    () -> synced.isDone()
                            ? Optional.empty()
                            : Optional.of("the controller has not listed pods, namespaces and definitions yet"),
                    metrics);
        } catch (IOException e) {
            throw new StartException("port " + port + " for health and metrics can't be opened: " + Reason.of(e), e);
        }
    }

    private static NetworksGuard.Known known(Informers informers, Members members) {
        return new NetworksGuard.Known() {
            @Override
            public boolean hasDefinitions() {
                return informers.hasDefinitions();
            }

            @Override
            public long joined() {
                return members.joined();
            }

            @Override
            public long membersWritten() {
                return members.membersWritten();
            }
        };
    }

    /** Catches exceptions, because a timer stops after a task that threw. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("unexpected failure; another try follows", e);
        }
    }

    /** The host's name tells people where it runs; the rest makes it one that no other process ever had. */
    private static String identity(SecureRandom random) {
        byte[] unique = new byte[8];
        random.nextBytes(unique);
        return System.getenv().getOrDefault("HOSTNAME", "controller") + "-"
                + HexFormat.of().formatHex(unique);
    }

    private static void register(
            PrometheusRegistry registry,
            SessionPool sessions,
            Members members,
            NotReady notReady,
            Controller controller,
            Leadership leadership,
            StatusWriter statuses,
            EventWriter events) {
        new ControllerMetrics(registry)
                .members(members::states)
                .notReady(notReady::longest)
                .agents(members::agents)
                .addresses(members::addressUses)
                .queue(controller::load)
                .gauge("pods", "Labelled pods to which other pods send.", members::reachable)
                .gauge("leader", "Whether this controller holds the Lease.", () -> leadership.leads() ? 1 : 0)
                .gauge("agent_sessions", "Open sessions with agents.", sessions::size)
                .counter("agent_sessions_opened_total", "Exec requests sent to the API server.", sessions::opened)
                .counter("agent_round_trips_total", "Requests sent to agents.", sessions::roundTrips)
                .counter("status_writes_total", "Writes of pods' status sent to the API server.", statuses::sent)
                .counter("events_written_total", "Events sent to the API server.", events::sent)
                .counter(
                        "events_left_out_total",
                        "Events that were not written because a budget was used up.",
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
