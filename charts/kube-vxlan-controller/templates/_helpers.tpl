{{- /*
The names of all objects are fixed (kube-vxlan-controller…), whatever the release is called: two of them in one cluster
would program the same pods, and Helm refuses the second by name.
*/ -}}

{{- define "kube-vxlan-controller.selectorLabels" -}}
app.kubernetes.io/name: kube-vxlan-controller
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "kube-vxlan-controller.labels" -}}
{{ include "kube-vxlan-controller.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- end -}}

{{- define "kube-vxlan-controller.image" -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end -}}

{{- /* Where a pod of ours runs, and as whom. */ -}}
{{- define "kube-vxlan-controller.podSpec" -}}
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "kube-vxlan-controller.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end -}}

{{- /* Startup is looked at every second, so that a pod is ready within the moment. */ -}}
{{- define "kube-vxlan-controller.probes" -}}
startupProbe:
  httpGet:
    path: /livez
    port: admin
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet:
    path: /livez
    port: admin
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet:
    path: /readyz
    port: admin
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 3
{{- end -}}

{{- /* The settings that both commands read. */ -}}
{{- define "kube-vxlan-controller.env" -}}
- name: KUBEVXLAN_KEY_PREFIX
  value: {{ .Values.keyPrefix | quote }}
- name: KUBEVXLAN_NAMESPACE
  value: {{ .Release.Namespace | quote }}
- name: KUBEVXLAN_CONFIGMAP
  value: kube-vxlan-controller
- name: KUBEVXLAN_WATCH_NAMESPACES
  value: {{ join "," .Values.watchNamespaces | quote }}
- name: KUBEVXLAN_DEFAULT_DEV
  value: {{ .Values.defaults.dev | quote }}
- name: KUBEVXLAN_DEFAULT_DSTPORT
  value: {{ .Values.defaults.dstport | quote }}
- name: KUBEVXLAN_RESERVED_RANGES
  value: {{ join "," .Values.reservedRanges | quote }}
- name: KUBEVXLAN_ALLOW_POD_NETWORK_ID
  value: {{ .Values.allowPodNetworkId | quote }}
- name: KUBEVXLAN_ADMIN_PORT
  value: "8080"
- name: KUBEVXLAN_LOG_LEVEL
  value: {{ .Values.log.level }}
- name: KUBEVXLAN_LOG_FORMAT
  value: {{ .Values.log.format }}
{{- end -}}

{{- /* What the controller may do to members, in the cluster or in each of the chosen namespaces. */ -}}
{{- define "kube-vxlan-controller.podRules" -}}
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
# A websocket upgrade is a GET, and servers that know better ask for create.
- apiGroups: [""]
  resources: [pods/exec]
  verbs: [create, get]
# P/status and P/ready.
- apiGroups: [""]
  resources: [pods/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- end -}}

{{- /* Namespaces are no namespace's own: a right to list some by name can only be given in the whole cluster. */ -}}
{{- define "kube-vxlan-controller.namespaceRules" -}}
- apiGroups: [""]
  resources: [namespaces]
  {{- with .Values.watchNamespaces }}
  resourceNames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  verbs: [list, watch]
{{- end -}}

{{- /* One line `name=definition` for each network; white space inside a definition becomes one blank. */ -}}
{{- define "kube-vxlan-controller.initialNetworks" -}}
{{- range $name, $definition := .Values.networks }}
{{ $name }}={{ if kindIs "string" $definition }}{{ regexReplaceAll "\\s+" (trim $definition) " " }}{{ else }}{{ int64 $definition }}{{ end }}
{{- end }}
{{- end -}}

{{- /* What whoever keeps the webhook's certificate asks of a webhook configuration: cert-manager an annotation. */ -}}
{{- define "kube-vxlan-controller.caAnnotations" -}}
{{- if eq .Values.tls.mode "cert-manager" }}
annotations:
  cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/kube-vxlan-controller-webhook
{{- end }}
{{- end -}}

{{- /* Only in the mode `files` the bundle is the chart's: else it has an owner, and left out here it stays as it is. */ -}}
{{- define "kube-vxlan-controller.caBundle" -}}
{{- if eq .Values.tls.mode "files" }}
caBundle: {{ required "tls.files.caBundle: found nothing, allowed: certificates in PEM" .Values.tls.files.caBundle | b64enc }}
{{- end }}
{{- end -}}

{{- /* The Secret with the webhook's certificate. Each keeper has its own, so that none finds what another made. */ -}}
{{- define "kube-vxlan-controller.tlsSecret" -}}
{{- if eq .Values.tls.mode "cert-manager" }}kube-vxlan-controller-cert-manager-tls{{ else }}kube-vxlan-controller-webhook-tls{{ end }}
{{- end -}}
