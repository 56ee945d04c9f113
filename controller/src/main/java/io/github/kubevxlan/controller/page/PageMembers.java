package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.registry.Overview;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A pod's networks as the page shows them: those that are written on it, then those that it declares beside. Pure. */
final class PageMembers {
    private static final String WAITS_FOR_AGENT = "its agent does not run yet";
    private static final String WAITS_FOR_CONTROLLER = "the controller has not set it up yet";

    private PageMembers() {}

    static Stream<PageMember> of(Overview.Declared declared) {
        PodSnapshot pod = declared.pod();
        if (pod.finished()) {
            return Stream.empty();
        }
        Map<String, NetworkStatus> written = pod.observedStatus().status().byName();
        Map<String, String> problems = problems(declared);
        List<PageMember> members = Stream.of(
                        written.keySet().stream(),
                        declared.resolution().networks().stream().map(Network::name),
                        problems.keySet().stream())
                .flatMap(Function.identity())
                .distinct()
                .map(network -> {
                    Optional<NetworkStatus> status = Optional.ofNullable(written.get(network));
                    Optional<String> problem = Optional.ofNullable(problems.get(network));
                    return member(pod, network, status, judgement(pod, status, problem));
                })
                .toList();
        List<Problem> mistakes = declared.resolution().problems();
        return members.isEmpty() && !mistakes.isEmpty()
                ? Stream.of(member(
                        pod,
                        "",
                        Optional.empty(),
                        Judgement.failed(mistakes.getFirst().toString())))
                : members.stream();
    }

    /** Why a pod can't have networks that it declares, by their names. */
    private static Map<String, String> problems(Overview.Declared declared) {
        return Stream.concat(
                        declared.resolution().definitionProblems().stream()
                                .map(problem -> Map.entry(problem.network(), problem.toString())),
                        declared.resolution().tenancyProblems().stream()
                                .map(problem -> Map.entry(
                                        problem.network(), problem.problem().toString())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, _) -> first));
    }

    private static Judgement judgement(PodSnapshot pod, Optional<NetworkStatus> status, Optional<String> problem) {
        return status.map(written -> Judgement.of(written, pod.observedStatus()))
                .or(() -> problem.map(Judgement::failed))
                .orElseGet(() -> Judgement.untouched(pod));
    }

    private static PageMember member(
            PodSnapshot pod, String network, Optional<NetworkStatus> status, Judgement judgement) {
        return new PageMember(
                new PageMember.Identity(
                        pod.ref().uid(), pod.ref().namespace(), pod.ref().name(), pod.node(), texts(pod.ips())),
                network,
                new PageMember.Link(
                        status.flatMap(NetworkStatus::ifName).map(IfName::value).orElse(""),
                        texts(status.map(NetworkStatus::ips).orElse(List.of())),
                        status.flatMap(NetworkStatus::mac).map(Mac::toString).orElse("")),
                judgement.state().word(),
                judgement.reason());
    }

    private static List<String> texts(List<IpAddr> ips) {
        return ips.stream().map(IpAddr::toString).toList();
    }

    /** How one network of a pod is, and why it is not ready. */
    record Judgement(PageState state, String reason) {
        static final Judgement READY = new Judgement(PageState.READY, "");

        static Judgement failed(String reason) {
            return new Judgement(PageState.FAILED, reason);
        }

        static Judgement waiting(String reason) {
            return new Judgement(PageState.WAITING, reason);
        }

        /** By what is written on the pod. An interface that is as wanted may still have peers that do not know of it. */
        static Judgement of(NetworkStatus status, ObservedStatus pod) {
            return switch (status.state()) {
                case READY ->
                    pod.status()
                            .ready()
                            .filter(ready -> !ready.holds() && ready.reason().equals("PeersPending"))
                            .map(ready -> waiting(ready.message()))
                            .orElse(READY);
                case DEGRADED -> new Judgement(PageState.DEGRADED, status.message());
                case UNAVAILABLE -> failed(status.message());
                case CLAIMED -> waiting("its addresses are being given");
                case PENDING -> status.message().isEmpty() ? waiting(WAITS_FOR_CONTROLLER) : failed(status.message());
            };
        }

        /** Of a pod that nothing is written on. */
        static Judgement untouched(PodSnapshot pod) {
            if (pod.hostNetwork()) {
                return failed("it uses its node's network, which is never touched");
            }
            return switch (pod.agent()) {
                case NONE -> failed("it was made without an agent: recreate it");
                case OF_WINDOWS -> failed("it is for Windows, where nothing is set up");
                case OF_STATIC_POD -> failed("a file on its node makes it (static pod), so it can't be a member");
                case WAITING -> waiting(WAITS_FOR_AGENT);
                case RUNNING, ALONE -> waiting(WAITS_FOR_CONTROLLER);
            };
        }
    }
}
