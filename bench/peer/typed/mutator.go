package main

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/kubevxlan/kube-vxlan-controller/bench/peer/networks"
)

const noToken = "vxlan-controller-no-token"

type mutator struct {
	decoder admission.Decoder
	client  client.Client
	image   string
}

func (m *mutator) Handle(ctx context.Context, request admission.Request) admission.Response {
	pod := &corev1.Pod{}
	if err := m.decoder.Decode(request, pod); err != nil {
		return admission.Errored(http.StatusBadRequest, err)
	}
	if pod.Labels[networks.Prefix] != "true" {
		return admission.Allowed("not labelled")
	}
	if pod.Spec.HostNetwork {
		return admission.Denied("spec.hostNetwork: found true")
	}
	if pod.Spec.OS != nil && pod.Spec.OS.Name == corev1.Windows {
		return admission.Denied("spec.os.name: found windows")
	}
	var namespace corev1.Namespace
	if err := m.client.Get(ctx, types.NamespacedName{Name: request.Namespace}, &namespace); err != nil {
		return admission.Errored(http.StatusServiceUnavailable, err)
	}
	var definitions corev1.ConfigMap
	if err := m.client.Get(ctx, configMap, &definitions); err != nil && !apierrors.IsNotFound(err) {
		return admission.Errored(http.StatusServiceUnavailable, err)
	}
	annotation, isNamed := pod.Annotations[networks.Prefix+"/networks"]
	if !isNamed {
		annotation = namespace.Annotations[networks.Prefix+"/networks"]
	}
	warnings, err := networks.Judge(annotation, definitions.Data)
	if err != nil {
		return admission.Denied(err.Error())
	}
	m.mutate(pod)
	mutated, err := json.Marshal(pod)
	if err != nil {
		return admission.Errored(http.StatusInternalServerError, err)
	}
	return admission.PatchResponseFromRaw(request.Object.Raw, mutated).WithWarnings(warnings...)
}

func (m *mutator) mutate(pod *corev1.Pod) {
	delete(pod.Annotations, networks.Prefix+"/status")
	agent := m.agent(pod)
	pod.Spec.Volumes = append(pod.Spec.Volumes, corev1.Volume{
		Name:         noToken,
		VolumeSource: corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{}},
	})
	pod.Spec.InitContainers = append([]corev1.Container{agent}, pod.Spec.InitContainers...)
	gate := corev1.PodReadinessGate{ConditionType: corev1.PodConditionType(networks.Prefix + "/ready")}
	if !slices.Contains(pod.Spec.ReadinessGates, gate) {
		pod.Spec.ReadinessGates = append(pod.Spec.ReadinessGates, gate)
	}
}

func (m *mutator) agent(pod *corev1.Pod) corev1.Container {
	return corev1.Container{
		Name:            "vxlan-controller-agent",
		Image:           m.image,
		ImagePullPolicy: corev1.PullIfNotPresent,
		Resources:       resources(pod),
		RestartPolicy:   ptr.To(corev1.ContainerRestartPolicyAlways),
		StartupProbe: &corev1.Probe{
			ProbeHandler:     corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"/bin/networks-ready"}}},
			PeriodSeconds:    1,
			TimeoutSeconds:   3600,
			FailureThreshold: 7 * 24 * 3600,
		},
		SecurityContext: &corev1.SecurityContext{
			RunAsUser:                ptr.To[int64](0),
			RunAsNonRoot:             ptr.To(false),
			AllowPrivilegeEscalation: ptr.To(false),
			ReadOnlyRootFilesystem:   ptr.To(true),
			Capabilities: &corev1.Capabilities{
				Drop: []corev1.Capability{"ALL"},
				Add:  []corev1.Capability{"NET_ADMIN"},
			},
			SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
		},
		VolumeMounts: []corev1.VolumeMount{{
			Name: noToken, MountPath: "/var/run/secrets/kubernetes.io/serviceaccount", ReadOnly: true,
		}},
	}
}

// Has a CPU limit where every other container has one, and the guaranteed class where all others are of it.
func resources(pod *corev1.Pod) corev1.ResourceRequirements {
	if pod.Spec.Resources != nil {
		return corev1.ResourceRequirements{}
	}
	isGuaranteed, isLimited := true, true
	for _, containers := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for _, container := range containers {
			_, hasLimit := container.Resources.Limits[corev1.ResourceCPU]
			isLimited = isLimited && hasLimit
			for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
				limit, hasLimit := container.Resources.Limits[name]
				request, hasRequest := container.Resources.Requests[name]
				isGuaranteed = isGuaranteed && hasLimit && (!hasRequest || request.Cmp(limit) == 0)
			}
		}
	}
	if isGuaranteed {
		both := list("25m", "64Mi")
		return corev1.ResourceRequirements{Requests: both, Limits: both}
	}
	limits := list("40m", "64Mi")
	if !isLimited {
		delete(limits, corev1.ResourceCPU)
	}
	return corev1.ResourceRequirements{Requests: list("10m", "16Mi"), Limits: limits}
}

func list(cpu, memory string) corev1.ResourceList {
	return corev1.ResourceList{
		corev1.ResourceCPU: resource.MustParse(cpu), corev1.ResourceMemory: resource.MustParse(memory),
	}
}
