package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;

/**
 * What a member is to answer.
 *
 * @param link its interface in the segment
 * @param address one of the interface's
 * @param from whose packets
 * @param token what they carry: 32 hexadecimal digits that nobody can foresee
 */
public record EchoRequest(IfName link, IpAddr address, IpAddr from, String token) {}
