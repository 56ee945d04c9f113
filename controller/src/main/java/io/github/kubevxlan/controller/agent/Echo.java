package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.net.IpAddr;
import java.time.Duration;

/**
 * A member that answers.
 *
 * @param address in the overlay
 * @param port of UDP
 * @param token what packets carry that it answers
 * @param mtu of its interface, in bytes
 */
public record Echo(IpAddr address, int port, String token, int mtu) {
    /**
     * How long it answers: as long as the answer to its request and the probe behind it may take together. The agent allows
     * 10 seconds at most.
     */
    public static final Duration LIFETIME = PathAgent.DEADLINE.multipliedBy(2);
}
