package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.agent.protocol.NativeDialect;
import io.github.kubevxlan.controller.agent.shell.ShellDialect;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which dialect an agent speaks. An image speaks one, so what the first agent of an image speaks is tried first with the
 * others of that image, and only those that are opened before it is known cost an exec in vain.
 *
 * <p>An agent is not trusted: one whose programs end at once costs one exec a try after the first, and changes nothing for
 * other agents of its image. One that hides the native agent's program in an image that has it costs each of them one exec.
 */
final class Dialects {
    private static final int MOST_IMAGES = 1_000;
    private static final int MOST_PODS = 20_000;

    private final Dialect ours = new NativeDialect();
    private final Dialect shell = new ShellDialect();
    private final Map<String, Known> byPod = new Latest<>(MOST_PODS);
    private final Map<String, Dialect> byImage = new Latest<>(MOST_IMAGES);

    /**
     * What to try with an agent.
     *
     * @param agentId of the container that it was learnt of
     * @param doubtful whether its program ended the last time
     */
    private record Known(Dialect dialect, String agentId, boolean doubtful) {}

    /** Forgets what came first when there are too many. */
    private static final class Latest<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        private final int most;

        Latest(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > most;
        }
    }

    /** Those that are to be tried now, in this order: one or two. */
    synchronized List<Dialect> of(PodSnapshot pod) {
        Dialect image = byImage.getOrDefault(pod.agentImage(), ours);
        return known(pod).map(known -> List.of(known.dialect())).orElse(List.of(image, other(image)));
    }

    /** The pod's agent spoke it. */
    synchronized void spoke(PodSnapshot pod, Dialect dialect) {
        byPod.put(pod.ref().uid(), new Known(dialect, pod.agentId(), false));
        if (pod.agentImage().isEmpty()) {
            return;
        }
        if (dialect.equals(ours)) {
            byImage.put(pod.agentImage(), ours);
        } else {
            byImage.putIfAbsent(pod.agentImage(), dialect);
        }
    }

    /**
     * The program that speaks it ended before it answered, or is not in the pod's agent. One that has spoken before may only
     * have been killed, so it is tried once more before the other.
     */
    synchronized void ended(PodSnapshot pod, Dialect dialect) {
        boolean spokeBefore = known(pod)
                .filter(known -> known.dialect().equals(dialect) && !known.doubtful())
                .isPresent();
        byPod.put(pod.ref().uid(), new Known(spokeBefore ? dialect : other(dialect), pod.agentId(), true));
    }

    /** The pod is gone. */
    synchronized void forget(String uid) {
        byPod.remove(uid);
    }

    private Optional<Known> known(PodSnapshot pod) {
        return Optional.ofNullable(byPod.get(pod.ref().uid()))
                .filter(known -> known.agentId().equals(pod.agentId()));
    }

    private Dialect other(Dialect dialect) {
        return dialect.equals(ours) ? shell : ours;
    }
}
