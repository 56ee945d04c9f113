package io.github.kubevxlan.cli.kube;

import io.github.kubevxlan.cli.view.Inspections.Asked;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;

/** Asks agents what their pods' kernels hold. */
public interface Agents {
    /** Asks one agent, or says why it can't. Changes nothing in the pod. */
    Asked ask(PodSnapshot pod, DesiredPod want);
}
