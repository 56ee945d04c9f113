package io.github.kubevxlan.e2e.scenario;

import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Declared.Traits;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** The networks of a history as they are defined now: each with a rate, port security and probes, or without. */
final class HistoryNetworks {
    /** Has addresses of its own: one is reserved, and those of names that are away are kept. */
    static final String HOLDING = "e2e-h3";

    /** Of as many names as have none reserved, so that what is not kept is soon another's. */
    private static final String SUBNET = " subnet=10.93.0.0/24 range=10.93.0.10-10.93.0.14 keep=1h";

    private static final String RESERVED_NAME = "h-1";
    private static final String RESERVED = "10.93.0.200";
    private static final String CHOOSING_NAME = "h-4";
    private static final String CHOSEN = "72:78:00:00:00:a4";

    private final Stage stage;
    private final Random random;
    private final int firstVni;
    private final Map<String, Defined> defined = new TreeMap<>();
    private int definitions;

    /** One of them; a rate as it is printed, empty for none. */
    private record Defined(int vni, String rate, boolean secured, boolean probed) {
        String text(String network) {
            List<String> words = new ArrayList<>(List.of("id=" + vni));
            if (!rate.isEmpty()) {
                words.add("rate=" + rate.toLowerCase(Locale.ROOT));
            }
            if (secured) {
                words.add("security=on");
            }
            if (probed) {
                words.add("ready=probed");
            }
            return String.join(" ", words)
                    + (network.equals(HOLDING)
                            ? SUBNET + " reserve=" + RESERVED_NAME + ":" + RESERVED + " mac=" + CHOOSING_NAME + ":"
                                    + CHOSEN
                            : "");
        }
    }

    HistoryNetworks(Stage stage, Random random, int firstVni) {
        this.stage = stage;
        this.random = random;
        this.firstVni = firstVni;
    }

    boolean has(String network) {
        return defined.containsKey(network);
    }

    /** What it will be, under a VNI of its own; {@link #apply} makes it so. */
    String next(String network) {
        return next(network, firstVni + definitions++);
    }

    /** The same with the VNI that it has, which running members take over in place. */
    Optional<String> tuned(String network) {
        return Optional.ofNullable(defined.get(network)).map(now -> next(network, now.vni()));
    }

    private String next(String network, int vni) {
        Defined next = new Defined(
                vni,
                List.of("", "10Mbit", "20Mbit").get(random.nextInt(3)),
                random.nextBoolean(),
                random.nextInt(3) == 0);
        defined.put(network, next);
        return next.text(network);
    }

    /** Writes it into the ConfigMap as it is here. */
    void apply(String network) {
        stage.define(
                network, Optional.ofNullable(defined.get(network)).orElseThrow().text(network));
    }

    void remove(String network) {
        Networks.remove(network);
        defined.remove(network);
    }

    /** What a member has of it. */
    Net net(String network, String member, String address) {
        Defined now = Optional.ofNullable(defined.get(network)).orElseThrow();
        Optional<String> mac =
                network.equals(HOLDING) && member.equals(CHOOSING_NAME) ? Optional.of(CHOSEN) : Optional.empty();
        return Net.of(network, now.vni(), address).with(new Traits(now.rate(), now.secured(), mac));
    }

    /** The address that is reserved for a name. */
    static Optional<String> reserved(String member) {
        return member.equals(RESERVED_NAME) ? Optional.of(RESERVED) : Optional.empty();
    }
}
