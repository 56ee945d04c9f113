package io.github.kubevxlan.cli.kube;

import io.github.kubevxlan.cli.view.Inspections.Asked;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;

/** The way to ask an agent what its pod's kernel holds. */
public interface Agents {
    /** Asks one; says why where it cannot be asked. Nothing is changed in the pod. */
    Asked ask(PodSnapshot pod, DesiredPod want);
}
