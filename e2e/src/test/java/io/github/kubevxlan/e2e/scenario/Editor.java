package io.github.kubevxlan.e2e.scenario;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Edits the entries of some networks in the ConfigMap at random, and deletes the whole of it at times. */
final class Editor {
    /** How many networks may change between two rests, so that most members are in none of them. */
    private static final int MOST_CHANGED = 2;

    /** What is edited, and how often. */
    private static final List<Kind> KINDS = List.of(
            Kind.CHANGE,
            Kind.CHANGE,
            Kind.CHANGE,
            Kind.REMOVE,
            Kind.REMOVE,
            Kind.MISFIT,
            Kind.MISFIT,
            Kind.MISFIT,
            Kind.MISFIT,
            Kind.MALFORMED,
            Kind.MALFORMED,
            Kind.UNJUDGED,
            Kind.MEND,
            Kind.DELETE_MAP);

    private enum Kind {
        CHANGE,
        REMOVE,
        MISFIT,
        MALFORMED,
        UNJUDGED,
        MEND,
        DELETE_MAP
    }

    private final Stage stage;
    private final Random random;
    private final Consumer<EditedNetwork> beforeChange;
    private final List<EditedNetwork> networks;
    private final Set<EditedNetwork> changed = ConcurrentHashMap.newKeySet();
    private final List<String> history = new ArrayList<>();
    private @Nullable ConfigMap deleted;
    private int nextVni;

    /**
     * Defines the networks.
     *
     * @param firstVni this one and those after it are used, one more an edit at most
     * @param beforeChange called before the first edit since the last rest that changes what the members of a network have
     */
    Editor(Stage stage, Random random, int count, int firstVni, Consumer<EditedNetwork> beforeChange) {
        this.stage = stage;
        this.random = random;
        this.beforeChange = beforeChange;
        networks = IntStream.range(0, count)
                .mapToObj(i -> new EditedNetwork(i, firstVni + i))
                .toList();
        nextVni = firstVni + count;
        networks.forEach(network -> stage.define(network.name(), network.definition()));
    }

    List<EditedNetwork> networks() {
        return networks;
    }

    /** A line for each edit so far. */
    List<String> history() {
        return history;
    }

    /** Whether a network may be on its way to another state, or is gone; any thread may ask. */
    boolean isUnsettled(EditedNetwork network) {
        return changed.contains(network) || !network.isPresent();
    }

    /** Notes that all members have what they must have. */
    void settled() {
        changed.clear();
    }

    /** Makes one edit, or none where the one that was drawn is impossible now. */
    void edit() {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        EditedNetwork network = networks.get(random.nextInt(networks.size()));
        if (deleted != null) {
            history.add("the ConfigMap is restored");
            restoreMap();
            return;
        }
        boolean stays = !isUnsettled(network);
        switch (kind) {
            case CHANGE -> change(network);
            case REMOVE -> remove(network);
            case MISFIT -> {
                if (stays) {
                    write(network, network.misfit(random));
                }
            }
            case MALFORMED -> {
                if (network.fits()) {
                    refused(network, network.malformed(random));
                }
            }
            case UNJUDGED -> {
                if (stays) {
                    unjudged(network, network.malformed(random));
                }
            }
            case MEND -> {
                if (stays && !network.fits()) {
                    write(network, network.mended());
                }
            }
            case DELETE_MAP -> {
                if (changed.isEmpty()) {
                    history.add("the ConfigMap is deleted");
                    deleted = Networks.deleteMap();
                }
            }
        }
    }

    /** Restores the ConfigMap and gives every network a definition that fits. */
    void mendAll() {
        restoreMap();
        networks.stream().filter(network -> !network.isPresent()).forEach(changed::add);
        networks.forEach(network -> write(network, network.mended()));
    }

    /** Restores the ConfigMap if it is deleted, with the mistakes in it, which the webhook's validation would refuse. */
    void restoreMap() {
        if (deleted != null) {
            ConfigMap before = deleted;
            Webhook.withoutValidation(() -> Await.until("the ConfigMap is back", () -> {
                Networks.restore(before);
                return Optional.empty();
            }));
            deleted = null;
        }
    }

    private void change(EditedNetwork network) {
        if (mayChange(network)) {
            write(network, network.change(random, nextVni++));
        }
    }

    private void remove(EditedNetwork network) {
        if (network.isPresent() && mayChange(network)) {
            network.remove();
            history.add(network.name() + " is no more");
            Networks.remove(network.name());
        }
    }

    private boolean mayChange(EditedNetwork network) {
        if (!changed.contains(network)) {
            if (changed.size() == MOST_CHANGED) {
                return false;
            }
            beforeChange.accept(network);
            changed.add(network);
        }
        return true;
    }

    private void refused(EditedNetwork network, String definition) {
        history.add("%s can't be '%s'".formatted(network.name(), definition));
        Optional<String> before = Optional.ofNullable(Networks.all().get(network.name()));
        Await.until("the edit is refused: " + history.getLast(), () -> {
            try {
                stage.define(network.name(), definition);
            } catch (KubernetesClientException refusal) {
                return Optional.empty();
            }
            before.ifPresentOrElse(text -> stage.define(network.name(), text), () -> Networks.remove(network.name()));
            return Optional.of("it got in");
        });
    }

    /** With the webhook's validation gone, so that it gets in. */
    private void unjudged(EditedNetwork network, String definition) {
        history.add("%s is '%s', unjudged".formatted(network.name(), definition));
        network.spoil();
        Webhook.withoutValidation(() -> Await.until("the edit gets in", () -> {
            stage.define(network.name(), definition);
            return Optional.empty();
        }));
    }

    private void write(EditedNetwork network, String definition) {
        history.add("%s is '%s'".formatted(network.name(), definition));
        stage.define(network.name(), definition);
    }
}
