package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what pods' kernels hold, and compares it with who is a member. */
public final class Overlays {
    private Overlays() {}

    /** Reads one pod's by this machine's tools, which no trouble with its agent can hinder, and which cost no exec. */
    public static Overlay of(Pod pod) {
        return Overlay.parse(Lab.inPod(pod, Overlay.SCRIPT));
    }

    /** Reads those of many pods at once; in the pods' order. */
    public static List<Overlay> of(List<Pod> pods) {
        return each(pods, Overlays::of);
    }

    /** What a script of this machine prints in many pods at once; in the pods' order. */
    static List<String> inPods(List<Pod> pods, String script) {
        return each(pods, pod -> Lab.inPod(pod, script));
    }

    private static <T> List<T> each(List<Pod> pods, Function<Pod, T> read) {
        List<T> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> reading = pods.stream()
                    .map(pod -> executor.submit(() -> read.apply(pod)))
                    .toList();
            for (Future<T> result : reading) {
                results.add(result.get());
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return results;
    }

    /** Waits until every pod's link sends to every other of these pods and to nobody else. */
    public static void awaitExact(String link, List<Pod> members) {
        Await.until("exact entries of " + link + " in " + members.size() + " pods", () -> inexact(link, members));
    }

    /** The same over IPv6. */
    public static void awaitExactOverIpv6(String link, List<Pod> members) {
        Await.until(
                "exact IPv6 entries of " + link + " in " + members.size() + " pods",
                () -> inexact(link, members, Pods::ipv6));
    }

    /** Has every pod ping every pod by its link-local address on a link, as soon as it has one that it may use. */
    public static void pingEachOther(String link, List<Pod> pods) {
        String[] addresses =
                pods.stream().map(pod -> linkLocal(link, pod) + "%" + link).toArray(String[]::new);
        pods.forEach(pod -> ping(pod, addresses));
    }

    /**
     * Has a pod ping addresses, each by one packet; options may stand before an address. Gives ping's output. The process runs
     * outside the pod's containers: in a container that requests no CPU it may wait for seconds, and give up before it reads
     * the answer.
     */
    public static String ping(Pod from, String... addresses) {
        return Lab.inPod(
                from,
                Stream.of(addresses)
                        .map(address -> "busybox ping -c 1 -W 20 " + address)
                        .collect(Collectors.joining(" && ")));
    }

    /** The same for a ping that nobody may answer: its output tells whether somebody did, so its exit status is of no interest. */
    public static String tryPing(Pod from, String arguments) {
        return Lab.inPod(from, "busybox ping " + arguments + " || true");
    }

    /** A pod may use it once the kernel has found it to be nobody else's. */
    private static String linkLocal(String name, Pod pod) {
        Await.until("a link-local address in " + pod.getMetadata().getName(), () -> {
            String tentative = Lab.inPod(pod, "ip -6 address show dev " + name + " tentative");
            Overlay.Link link = of(pod).link(name);
            return link.linkLocal().isPresent() && tentative.isBlank()
                    ? Optional.empty()
                    : Optional.of(link + ", tentative: " + tentative);
        });
        return of(pod).link(name).linkLocal().orElseThrow();
    }

    /** What is wrong with the all-zero entries of these pods' links, a line a pod; empty if they are exact. */
    public static Optional<String> inexact(String link, List<Pod> members) {
        return inexact(link, members, Pods::ip);
    }

    private static Optional<String> inexact(String link, List<Pod> members, Function<Pod, String> vtep) {
        List<Overlay> overlays = of(members);
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            inexact(members.get(i), overlays.get(i).floods(link), members, vtep).ifPresent(faults::add);
        }
        return faults.isEmpty() ? Optional.empty() : Optional.of("\n  " + String.join("\n  ", faults));
    }

    private static Optional<String> inexact(
            Pod member, List<String> floods, List<Pod> members, Function<Pod, String> vtep) {
        Map<String, String> names = members.stream()
                .filter(other -> !other.getMetadata()
                        .getUid()
                        .equals(member.getMetadata().getUid()))
                .collect(Collectors.toMap(vtep, other -> other.getMetadata().getName()));
        TreeSet<String> missing = new TreeSet<>(names.keySet());
        floods.forEach(missing::remove);
        TreeSet<String> over = new TreeSet<>(floods);
        over.removeAll(names.keySet());
        if (missing.isEmpty() && over.isEmpty() && floods.size() == names.size()) {
            return Optional.empty();
        }
        return Optional.of("%s (%s): missing %s, left over %s, %d entries"
                .formatted(
                        member.getMetadata().getName(),
                        vtep.apply(member),
                        missing.stream().map(ip -> ip + " of " + names.get(ip)).toList(),
                        over,
                        floods.size()));
    }
}
