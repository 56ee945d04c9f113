package io.github.kubevxlan.controller.path;

import io.github.kubevxlan.common.spec.ReadyWhen;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Target;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.reconcile.Backoff;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.PathChecks;
import io.github.kubevxlan.controller.reconcile.Priority;
import io.github.kubevxlan.controller.reconcile.WorkQueue;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets members measure their paths to a few peers: at each drift check, and before they are ready where their network has
 * {@code ready=probed}. Measuring has its own few places and never delays a reconcile of another pod. It needs both pods'
 * sessions, so a reconcile of these waits while a path does not carry the full size, three seconds at most.
 */
public final class PathProber implements PathChecks {
    private static final Logger LOG = LoggerFactory.getLogger(PathProber.class);

    /** A path that is broken is measured again soon, so that its end is seen. */
    private static final Backoff AGAIN = new Backoff(Duration.ofSeconds(4), Duration.ofSeconds(30));

    /** One that could not be measured is tried again sooner: a new member waits for it. */
    private static final Backoff SOON = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** The member's own agent did not do what it was asked for: it may be tried again, but not at others' expense. */
    private static final Backoff FAILING = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(10));

    private static final int PLACES_PER = 16;
    private static final ReadyCondition UNPROVEN =
            new ReadyCondition(false, "PathsPending", "sampled peers have yet to answer at full size");

    private final Members members;
    private final Function<String, Optional<DesiredPod>> lastVerified;
    private final PathSettings settings;
    private final PathSampler sampler;
    private final RandomGenerator random;
    private final WorkQueue queue;
    private final Map<String, PodPaths> known = new ConcurrentHashMap<>();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private volatile Listener listener = (_, _, _) -> {};

    /**
     * Takes the members, what each was last known to hold, how many peers are measured, and what measures.
     *
     * @param lastVerified by UID; empty for a member whose agent failed since
     */
    public PathProber(
            Members members,
            Function<String, Optional<DesiredPod>> lastVerified,
            PathSettings settings,
            PathTools tools,
            Dependencies dependencies) {
        this.members = members;
        this.lastVerified = lastVerified;
        this.settings = settings;
        this.random = dependencies.random();
        this.sampler = new PathSampler(members, lastVerified, settings, tools, dependencies);
        this.queue =
                WorkQueue.of(this::measure, Math.max(1, dependencies.limits().execs() / PLACES_PER), dependencies);
    }

    @Override
    public void listen(Listener to) {
        listener = to;
    }

    @Override
    public void compared(Target target) {
        String uid = target.pod().ref().uid();
        Set<String> measured = settings.measured(target.desired());
        known.computeIfPresent(uid, (_, paths) -> paths.only(measured));
        sampler.only(uid, measured);
        if (!measured.isEmpty() && (target.pod().observedStatus().isReady() || known.containsKey(uid))) {
            queue.add(uid, urgency(uid));
        }
    }

    @Override
    public Optional<ReadyCondition> hindrance(String uid, DesiredPod desired) {
        Set<String> demanding = desired.links().stream()
                .map(DesiredLink::network)
                .filter(network -> network.ready() == ReadyWhen.PROBED && settings.of(network) > 0)
                .map(network -> network.name())
                .collect(Collectors.toSet());
        PodPaths paths = known.getOrDefault(uid, PodPaths.UNKNOWN);
        demanding.removeIf(paths::isProven);
        if (demanding.isEmpty()) {
            return Optional.empty();
        }
        if (!isDue(uid, paths) && !paths.judged().containsAll(held(uid, demanding)) && asked.add(uid)) {
            queue.add(uid, Priority.NEW_POD);
        }
        String broken = demanding.stream()
                .sorted()
                .map(paths::sentences)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
        return Optional.of(broken.isEmpty() ? UNPROVEN : new ReadyCondition(false, "PathBroken", broken));
    }

    @Override
    public List<NetworkStatus> withPaths(String uid, List<NetworkStatus> networks) {
        PodPaths paths = known.get(uid);
        return paths == null || paths.broken().isEmpty()
                ? networks
                : networks.stream()
                        .map(one -> one.isThere() ? one.degraded(paths.sentences(one.name())) : one)
                        .toList();
    }

    @Override
    public void forget(String uid) {
        known.remove(uid);
        asked.remove(uid);
        failures.remove(uid);
        sampler.forget(uid);
    }

    /** Those of some networks that a pod has: no round measures others. */
    private Set<String> held(String uid, Set<String> networks) {
        return lastVerified.apply(uid).stream()
                .flatMap(held -> held.links().stream())
                .map(link -> link.network().name())
                .filter(networks::contains)
                .collect(Collectors.toSet());
    }

    private void measure(String uid) {
        asked.remove(uid);
        try {
            Optional<PodSnapshot> pod = members.pod(uid);
            Optional<DesiredPod> held = lastVerified.apply(uid);
            if (pod.isPresent() && pod.get().agent() == AgentState.RUNNING && held.isPresent()) {
                PodPaths paths = known.getOrDefault(uid, PodPaths.UNKNOWN);
                Optional<PodPaths.Round> round = sampler.measure(pod.get(), held.get(), paths);
                round.ifPresentOrElse(one -> take(pod.get().ref(), one), () -> failures.merge(uid, 1, Integer::sum));
            }
            if (members.pod(uid).isPresent()) {
                againIfUnsettled(uid);
            } else {
                forget(uid);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failures.merge(uid, 1, Integer::sum);
            againIfUnsettled(uid);
            throw e;
        }
    }

    private void take(PodRef pod, PodPaths.Round round) {
        String uid = pod.uid();
        PodPaths before = known.getOrDefault(uid, PodPaths.UNKNOWN);
        PodPaths after = before.after(round);
        known.put(uid, after);
        failures.remove(uid);
        if (members.pod(uid).isEmpty()) {
            return;
        }
        List<String> mended =
                before.mendedBy(round).stream().map(PathText::mended).toList();
        after.sentences().stream()
                .filter(sentence -> !before.sentences().contains(sentence))
                .forEach(sentence -> LOG.warn("pod {}: {}", pod, sentence));
        mended.forEach(sentence -> LOG.info("pod {}: {}", pod, sentence));
        listener.measured(pod, after.sentences(), mended);
    }

    private void againIfUnsettled(String uid) {
        PodPaths paths = known.getOrDefault(uid, PodPaths.UNKNOWN);
        int failed = failures.getOrDefault(uid, 0);
        if (failed > 0) {
            queue.addAfter(uid, FAILING.after(failed, random), urgency(uid));
        } else if (paths.counts().postponed() > 0) {
            queue.addAfter(uid, SOON.after(paths.counts().postponed(), random), urgency(uid));
        } else if (!paths.broken().isEmpty()) {
            queue.addAfter(uid, AGAIN.after(paths.counts().failures(), random), urgency(uid));
        }
    }

    /** A pod that waits for its paths is measured before those that are only measured again. */
    private Priority urgency(String uid) {
        boolean isReady =
                members.pod(uid).filter(pod -> pod.observedStatus().isReady()).isPresent();
        return isReady ? Priority.CHECK : Priority.NEW_POD;
    }

    /** Whether it is to be measured again in any case, after a pause. */
    private boolean isDue(String uid, PodPaths paths) {
        return paths.counts().postponed() > 0 || failures.containsKey(uid);
    }
}
