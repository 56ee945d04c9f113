package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;

/**
 * What a member is to measure.
 *
 * @param link its interface in the segment
 * @param from one of the interface's addresses
 * @param to the other end
 */
public record ProbeRequest(IfName link, IpAddr from, Echo to) {}
