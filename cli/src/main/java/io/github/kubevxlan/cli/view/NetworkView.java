package io.github.kubevxlan.cli.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network as {@code list networks} shows it.
 *
 * @param identity which network it is
 * @param pods how many pods are in it
 * @param addresses those of its members
 * @param access who joins it
 * @param problems the mistakes in its definition; empty for a usable one
 */
public record NetworkView(
        @JsonUnwrapped Identity identity,
        @JsonUnwrapped Pods pods,
        @JsonUnwrapped Addresses addresses,
        @JsonUnwrapped Access access,
        List<String> problems) {
    /**
     * A network's name and segment.
     *
     * @param name of its entry in the ConfigMap
     * @param vni its VNI; null where the definition is broken
     * @param port its UDP port; null likewise
     * @param family {@code ipv4}, {@code ipv6}, or {@code pod} for that of each pod's primary address
     */
    public record Identity(
            String name, @Nullable Integer vni, @Nullable Integer port, String family) {}

    /**
     * The pods of a network.
     *
     * @param members how many pods are in it
     * @param ready how many of them have it as declared
     */
    public record Pods(long members, long ready) {}

    /**
     * The addresses of a network.
     *
     * @param subnets where members' addresses come from; may be empty
     * @param addressesUsed how many of the subnets' addresses are in use
     * @param addressesFree for how many more members there are addresses: of two subnets that of which fewer are left; null
     *     where it has no subnet
     */
    public record Addresses(
            List<String> subnets,
            long addressesUsed,
            @Nullable Long addressesFree) {
        static final Addresses NONE = new Addresses(List.of(), 0, null);

        /** Whether the network has a subnet, and none of its addresses is left. */
        public boolean areTaken() {
            return addressesFree != null && addressesFree <= 0;
        }
    }

    /**
     * Who joins a network.
     *
     * @param namespaces which may join; empty for all
     * @param isDefault whether pods that name no network join it
     */
    public record Access(List<String> namespaces, boolean isDefault) {}

    /** The name of its entry in the ConfigMap. */
    public String name() {
        return identity.name();
    }
}
