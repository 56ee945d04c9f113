package io.github.kubevxlan.controller.path;

import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.agent.PathReport.Size;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.path.Measurement.End;
import io.github.kubevxlan.controller.path.Measurement.Result;
import io.github.kubevxlan.controller.path.PeerSample.Candidate;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.registry.Members;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** Measures the paths of one pod in a round: who is sampled in each of its networks, and what came of each. */
final class PathSampler {
    /** No request of a round begins later: rounds of a few members must not keep all places for minutes. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(20);

    private final Members members;
    private final Function<String, Optional<DesiredPod>> lastVerified;
    private final PathSettings settings;
    private final Measurement measurement;
    private final PathMeter meter;
    private final SilentPeers silent;
    private final Ticker ticker;
    /** Agents that do not know how, by pod. */
    private final Map<String, String> unable = new ConcurrentHashMap<>();

    /** What was measured between a pod and one of the peers on a node. */
    private record Best(PathMeter.Ends ends, PathReport report) {
        Best orBetter(Best other) {
            return other.report.size().passes() > report.size().passes() ? other : this;
        }
    }

    /** What a round found so far. */
    private static final class Findings {
        final Duration end;
        final Map<Path, Best> measured = new HashMap<>();
        final Map<String, Set<String>> answered = new HashMap<>();
        final Set<Path> gone = new HashSet<>();
        final Set<String> postponed = new HashSet<>();

        Findings(Duration end) {
            this.end = end;
        }

        void add(Path path, Best one) {
            measured.merge(path, one, Best::orBetter);
            if (one.report().size().isFull()) {
                answered.computeIfAbsent(path.network(), _ -> new HashSet<>())
                        .add(one.ends().to());
            }
        }

        PodPaths.Round round(Set<String> networks) {
            Map<Path, Size> sizes = new HashMap<>();
            measured.forEach((path, best) -> sizes.put(path, best.report().size()));
            return new PodPaths.Round(networks, sizes, answered, gone, postponed);
        }
    }

    /** Takes the members, what each was last known to hold by UID, how many peers are measured, and what measures. */
    PathSampler(
            Members members,
            Function<String, Optional<DesiredPod>> lastVerified,
            PathSettings settings,
            PathTools tools,
            Dependencies dependencies) {
        this.members = members;
        this.lastVerified = lastVerified;
        this.settings = settings;
        this.measurement = new Measurement(tools.agent(), dependencies.random());
        this.meter = tools.meter();
        this.ticker = dependencies.ticker();
        this.silent = new SilentPeers(ticker, dependencies.random());
    }

    /** Measures the pod's paths in all its networks; empty if its agent can't be asked now. */
    Optional<PodPaths.Round> measure(PodSnapshot pod, DesiredPod held, PodPaths paths) throws InterruptedException {
        Findings findings = new Findings(ticker.elapsed().plus(LONGEST_ROUND));
        Set<String> networks = settings.measured(held);
        for (DesiredLink link : inTurn(held.links(), paths.counts().all())) {
            if (networks.contains(link.network().name())
                    && !isUnable(pod)
                    && !measure(new End(pod, link), paths, findings)) {
                return Optional.empty();
            }
        }
        findings.measured.forEach((path, best) -> {
            meter.measured(path, best.ends(), best.report());
            forgetIfGone(best.ends().to());
        });
        return Optional.of(findings.round(networks));
    }

    /** Each round begins with another one, so that none is left over each time. */
    private static List<DesiredLink> inTurn(List<DesiredLink> links, long round) {
        List<DesiredLink> turned = new ArrayList<>(links);
        Collections.rotate(turned, -(int) Math.floorMod(round, (long) Math.max(1, links.size())));
        return turned;
    }

    private boolean isLate(Findings findings) {
        return ticker.elapsed().compareTo(findings.end) >= 0;
    }

    /** Measures to a sample of the peers in one network; tells whether the pod's own agent can be asked. */
    private boolean measure(End from, PodPaths paths, Findings findings) throws InterruptedException {
        DesiredLink link = from.link();
        String network = link.network().name();
        Candidate own = new Candidate(from.pod().ref().uid(), from.pod().node());
        List<Candidate> running = running(own, link);
        List<Candidate> peers = running.stream().filter(this::hasAnswered).toList();
        Set<String> brokenTo = paths.brokenTo(network);
        List<String> lost = brokenTo.stream()
                .filter(node -> peers.stream().noneMatch(one -> one.node().equals(node)))
                .toList();
        lost.forEach(node -> findings.gone.add(path(from, node)));
        if (isUnanswered(running, peers, own.node()) || running.stream().anyMatch(one -> lost.contains(one.node()))) {
            findings.postponed.add(network);
        }
        long round = paths.counts().all();
        Deque<Candidate> next = new ArrayDeque<>(
                new PeerSample(own.uid(), own.node(), settings.of(link.network())).of(peers, brokenTo, round));
        Set<Candidate> asked = new HashSet<>(next);
        Set<String> doubted = new HashSet<>();
        while (!next.isEmpty()) {
            Candidate peer = next.remove();
            Optional<End> to = end(peer.uid(), link);
            if (to.isEmpty()) {
                continue;
            }
            if (isLate(findings)) {
                findings.postponed.add(network);
                return true;
            }
            switch (result(from, to.get(), findings)) {
                case Result.Failed() -> {
                    return false;
                }
                case Result.Apart() -> {}
                case Result.Unable(PodSnapshot pod) -> {
                    unable.put(pod.ref().uid(), pod.agentId());
                    forgetIfGone(pod.ref().uid());
                }
                case Result.Postponed(), Result.Silent() -> findings.postponed.add(network);
                case Result.Measured(PathReport report) -> {
                    findings.add(path(from, peer.node()), new Best(ends(from, to.get()), report));
                    if (!report.size().isFull() && doubted.add(peer.node())) {
                        another(peers, peer, asked, round).ifPresent(next::add);
                    }
                }
            }
        }
        return true;
    }

    /** Whether nobody on another node has answered the controller, or nobody at all where all are on this one. */
    private static boolean isUnanswered(List<Candidate> running, List<Candidate> answered, String node) {
        Predicate<Candidate> isElsewhere = one -> !one.node().equals(node);
        return running.stream().anyMatch(isElsewhere)
                ? answered.stream().noneMatch(isElsewhere)
                : !running.isEmpty() && answered.isEmpty();
    }

    /** Whether a pod's agent answered the controller's last request. */
    private boolean hasAnswered(Candidate one) {
        return lastVerified.apply(one.uid()).isPresent();
    }

    /** One more peer on the node of one that no packet of the full size came back from: that one alone may be at fault. */
    private static Optional<Candidate> another(
            List<Candidate> peers, Candidate peer, Set<Candidate> asked, long round) {
        List<Candidate> others = peers.stream()
                .filter(one -> one.node().equals(peer.node()) && !asked.contains(one))
                .toList();
        if (others.isEmpty()) {
            return Optional.empty();
        }
        Candidate chosen = others.get((int) Math.floorMod(round, (long) others.size()));
        asked.add(chosen);
        return Optional.of(chosen);
    }

    /** Of a pod's paths, only those in these networks are measured. */
    void only(String uid, Set<String> networks) {
        meter.only(uid, networks);
    }

    /** A pod that went during a request was forgotten before its answer was noted. */
    private void forgetIfGone(String uid) {
        if (members.pod(uid).isEmpty()) {
            forget(uid);
        }
    }

    /** Drops what is known of a pod. */
    void forget(String uid) {
        unable.remove(uid);
        silent.forget(uid);
        meter.forget(uid);
    }

    private static Path path(End from, String node) {
        return new Path(from.link().network().name(), from.pod().node(), node);
    }

    private static PathMeter.Ends ends(End from, End to) {
        return new PathMeter.Ends(from.pod().ref().uid(), to.pod().ref().uid());
    }

    private Result result(End from, End to, Findings findings) throws InterruptedException {
        String uid = to.pod().ref().uid();
        if (silent.has(uid)) {
            return new Result.Silent();
        }
        Result result = certain(from, to, findings);
        if (result instanceof Result.Silent) {
            silent.add(uid);
            forgetIfGone(uid);
        } else {
            silent.forget(uid);
        }
        return result;
    }

    /**
     * A path that seems broken is measured again at once, and counts only if both members are still what they were: one
     * that was about to go answers nothing either.
     */
    private Result certain(End from, End to, Findings findings) throws InterruptedException {
        Result first = measurement.between(from, to);
        if (!(first instanceof Result.Measured(PathReport report))
                || report.size().isFull()) {
            return first;
        }
        if (!areAsBefore(from, to) || isLate(findings)) {
            return new Result.Postponed();
        }
        Result second = measurement.between(from, to);
        return areAsBefore(from, to) ? second : new Result.Postponed();
    }

    /** Whether two still are as they were to each other, even if others came or went. */
    private boolean areAsBefore(End from, End to) {
        Optional<End> fromNow = now(from);
        Optional<End> toNow = now(to);
        return fromNow.isPresent()
                && toNow.isPresent()
                && fromNow.get().knows(toNow.get())
                && toNow.get().knows(fromNow.get());
    }

    private Optional<End> now(End end) {
        return end(end.pod().ref().uid(), end.link())
                .filter(now -> now.pod().agentId().equals(end.pod().agentId())
                        && now.link().network().equals(end.link().network()));
    }

    /** The segment's other running members whose agents can measure. */
    private List<Candidate> running(Candidate own, DesiredLink link) {
        return members.running(link.segment()).stream()
                .flatMap(uid -> members.pod(uid).stream())
                .filter(pod -> !isUnable(pod))
                .map(pod -> new Candidate(pod.ref().uid(), pod.node()))
                .filter(one -> !one.equals(own))
                .toList();
    }

    private boolean isUnable(PodSnapshot pod) {
        return pod.agentId().equals(unable.get(pod.ref().uid()));
    }

    /** A member as it is known to be in that link's segment. */
    private Optional<End> end(String uid, DesiredLink of) {
        return members.pod(uid)
                .filter(pod -> pod.agent() == AgentState.RUNNING)
                .flatMap(pod -> lastVerified
                        .apply(uid)
                        .flatMap(held -> held.links().stream()
                                .filter(link -> link.segment().equals(of.segment()))
                                .findFirst())
                        .map(link -> new End(pod, link)));
    }
}
