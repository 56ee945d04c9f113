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

{{- /* A duration in milliseconds. */ -}}
{{- define "kube-vxlan-controller.millis" -}}
{{- mul (regexFind "^[0-9]+" . | int64) (get (dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000) (regexFind "[a-z]+$" .)) -}}
{{- end -}}

{{- /* Fails unless a duration is within a range, in milliseconds; what is allowed is said as in values.yaml. */ -}}
{{- define "kube-vxlan-controller.checkDuration" -}}
{{- $millis := include "kube-vxlan-controller.millis" .value | int64 }}
{{- if or (lt $millis (int64 .least)) (gt $millis (int64 .most)) }}
{{- fail (printf "%s: found %s, allowed: %s" .name .value .allowed) }}
{{- end }}
{{- end -}}

{{- /* Fails for what the controller would refuse at each start. */ -}}
{{- define "kube-vxlan-controller.checkDurations" -}}
{{- $check := "kube-vxlan-controller.checkDuration" }}
{{- with .Values.controller }}
{{- include $check (dict "name" "controller.sessionIdle" "value" .sessionIdle "least" 1000 "most" 3600000 "allowed" "1s to 1h") }}
{{- include $check (dict "name" "controller.execDeadline" "value" .execDeadline "least" 1000 "most" 300000 "allowed" "1s to 5m") }}
{{- include $check (dict "name" "controller.resync" "value" .resync "least" 1000 "most" 86400000 "allowed" "1s to 24h") }}
{{- end }}
{{- if eq .Values.tls.mode "self" }}
{{- with .Values.tls.self }}
{{- $leaf := include "kube-vxlan-controller.millis" .leafLifetime | int64 }}
{{- include $check (dict "name" "tls.self.leafLifetime" "value" .leafLifetime "least" 30000 "most" 157680000000 "allowed" "30s to 43800h") }}
{{- include $check (dict "name" "tls.self.caLifetime" "value" .caLifetime "least" (mul 2 $leaf) "most" 630720000000 "allowed" (printf "from twice tls.self.leafLifetime, which is %s, to 175200h" .leafLifetime)) }}
{{- include $check (dict "name" "tls.self.overlap" "value" .overlap "least" 0 "most" (div $leaf 4) "allowed" (printf "at most a quarter of tls.self.leafLifetime, which is %s" .leafLifetime)) }}
{{- end }}
{{- end }}
{{- end -}}
