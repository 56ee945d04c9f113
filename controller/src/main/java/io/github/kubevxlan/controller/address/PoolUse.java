package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.Family;
import java.math.BigInteger;

/**
 * How many addresses of a network's pool are in use.
 *
 * @param used held by pods, chosen by their owners, or reserved or kept for names
 * @param free to be given
 */
public record PoolUse(String network, Family family, BigInteger used, BigInteger free) {}
