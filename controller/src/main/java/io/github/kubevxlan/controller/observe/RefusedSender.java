package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Refusal;
import java.time.Duration;

/**
 * A VTEP whose packets a member refused of late, as its agent tells.
 *
 * @param filter that of the segment
 * @param ago the time since the last such packet
 */
public record RefusedSender(Filter filter, IpAddr vtep, Refusal reason, Duration ago) {}
