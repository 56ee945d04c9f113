package io.github.kubevxlan.controller.reconcile;

import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.overlay.Refusal;
import io.github.kubevxlan.controller.pod.PodRef;

/**
 * That a member got packets which their sender must not send (port security).
 *
 * @param receiver the member that tells
 * @param mode whether it drops them
 */
public record RefusedPackets(String network, PodRef receiver, Security mode, Refusal reason) {}
