package io.github.kubevxlan.cli.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network as {@code list networks} shows it.
 *
 * @param name of its entry in the ConfigMap
 * @param vni its VNI; null where the definition is broken
 * @param port its UDP port; null likewise
 * @param family {@code ipv4}, {@code ipv6}, or {@code pod} for that of each pod's primary address
 * @param members how many pods are in it
 * @param ready how many of them have it as declared
 * @param subnets where members' addresses come from; may be empty
 * @param addressesUsed how many of the subnets' addresses are in use
 * @param addressesFree how many are left; null where it has no subnet
 * @param namespaces which may join; empty for all
 * @param isDefault whether pods that name no network join it
 * @param problems the mistakes in its definition; empty for a usable one
 */
public record NetworkView(
        String name,
        @Nullable Integer vni,
        @Nullable Integer port,
        String family,
        long members,
        long ready,
        List<String> subnets,
        long addressesUsed,
        @Nullable Long addressesFree,
        List<String> namespaces,
        boolean isDefault,
        List<String> problems) {}
