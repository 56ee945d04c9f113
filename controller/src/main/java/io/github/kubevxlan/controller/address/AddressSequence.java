package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.IpRange;
import io.github.kubevxlan.common.util.Sha256;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The order in which a pod's name searches a range: from an index, by equal steps, around the end. The step has no
 * divisor in common with the range's size, so that each address comes up once.
 *
 * @param range what is looked through
 * @param first the index to begin with, 0 or more
 * @param step to the next one, 1 or more
 */
record AddressSequence(IpRange range, BigInteger first, BigInteger step) {
    private static final int HALF = 16;

    /** The sequence of a name: index and step are the two halves of its SHA-256. */
    static AddressSequence of(String name, IpRange range) {
        byte[] hash = Sha256.of(name);
        BigInteger size = range.size();
        BigInteger first = new BigInteger(1, Arrays.copyOf(hash, HALF)).mod(size);
        BigInteger step = new BigInteger(1, Arrays.copyOfRange(hash, HALF, hash.length)).mod(size);
        while (!step.gcd(size).equals(BigInteger.ONE)) {
            step = step.add(BigInteger.ONE);
        }
        return new AddressSequence(range, first, step);
    }

    /** The first address in the sequence that fits; empty if none does. */
    Optional<IpAddr> find(Predicate<IpAddr> fits) {
        BigInteger size = range.size();
        BigInteger index = first;
        do {
            IpAddr address = range.at(index);
            if (fits.test(address)) {
                return Optional.of(address);
            }
            index = index.add(step).mod(size);
        } while (!index.equals(first));
        return Optional.empty();
    }
}
