package io.github.kubevxlan.e2e.scenario;

import io.github.kubevxlan.e2e.harness.Declared.Net;
import java.util.List;
import java.util.Random;

/**
 * A network whose entry is edited: what its members must have, and what is written in the ConfigMap, which may be more
 * than they can have.
 */
final class EditedNetwork {
    private final int number;
    private int vni;
    private int mtu = 1450;
    private volatile boolean present = true;
    private boolean fits = true;

    EditedNetwork(int number, int vni) {
        this.number = number;
        this.vni = vni;
    }

    String name() {
        return "e2e-edited" + number;
    }

    boolean isPresent() {
        return present;
    }

    /** Whether what is written is what the members have. */
    boolean fits() {
        return fits;
    }

    /** The address of a member, without its prefix length. */
    String address(int member) {
        return "10.94.%d.%d".formatted(number, 1 + member);
    }

    /** What the kernel of a member must hold of it. */
    Net net(int member) {
        return new Net(name(), vni, false, false, mtu, List.of(address(member) + "/24"), List.of());
    }

    /** The definition that says what the members have. */
    String definition() {
        return "id=%d mtu=%d".formatted(vni, mtu);
    }

    /** Becomes one with another VNI, or with another MTU; gives its definition. */
    String change(Random random, int freshVni) {
        if (random.nextBoolean()) {
            vni = freshVni;
        } else {
            mtu = 1300 + random.nextInt(150);
        }
        return mended();
    }

    /** A definition that no running member can have, by one option more; the members keep what they have. */
    String misfit(Random random) {
        fits = false;
        return switch (random.nextInt(4)) {
            case 0 -> definition() + " dev=nowhere";
            case 1 -> definition() + " route=10.201.0.0/16:" + address(200);
            case 2 -> definition() + " peer=" + address(201);
            default -> "id=%d mtu=9000".formatted(vni);
        };
    }

    /** A definition that can't be read. */
    String malformed(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "id=abc";
            case 1 -> definition() + " up=maybe";
            case 2 -> definition() + " mtu=9000 foo";
            default -> "";
        };
    }

    /** Notes that what is written can't be read. */
    void spoil() {
        fits = false;
    }

    /** Gives the definition that is right again. */
    String mended() {
        present = true;
        fits = true;
        return definition();
    }

    /** Is no more. */
    void remove() {
        present = false;
        fits = true;
    }
}
