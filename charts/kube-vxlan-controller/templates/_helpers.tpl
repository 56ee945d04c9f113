{{- /*
The names of all objects are fixed (kube-vxlan-controller…), whatever the release is called: two of them in one cluster
would program the same pods, and Helm refuses the second by name.
*/ -}}

{{- define "kube-vxlan-controller.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Values.nameOverride | default "kube-vxlan-controller" | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "kube-vxlan-controller.labels" -}}
{{ include "kube-vxlan-controller.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- with omit .root.Values.commonLabels "app.kubernetes.io/name" "app.kubernetes.io/component" "app.kubernetes.io/version" }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* A reference to an image; a digest counts instead of the tag. */ -}}
{{- define "kube-vxlan-controller.image" -}}
{{- with .root.Values.global.imageRegistry | default .image.registry }}{{ . }}/{{ end }}
{{- .image.repository }}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end -}}

{{- /* The name of a component's service account. */ -}}
{{- define "kube-vxlan-controller.account" -}}
{{- $account := (get .root.Values .component).serviceAccount }}
{{- if not (or $account.create $account.name) }}
{{- fail (printf "%s.serviceAccount.name: found nothing, allowed: the name of a service account, as create is false" .component) }}
{{- end }}
{{- $account.name | default (eq .component "webhook" | ternary "kube-vxlan-controller-webhook" "kube-vxlan-controller") }}
{{- end -}}

{{- /* A component's own value, or the common one where its own is empty. */ -}}
{{- define "kube-vxlan-controller.own" -}}
{{- with get (get .root.Values .component) .value | default (get .root.Values .value) }}
{{- toYaml . }}
{{- end }}
{{- end -}}

{{- /* The common value and a component's own together, as a map. */ -}}
{{- define "kube-vxlan-controller.both" -}}
{{- with merge (dict) (get (get .root.Values .component) .value) (get .root.Values .value) }}
{{- toYaml . }}
{{- end }}
{{- end -}}

{{- /* The common value and a component's own behind it, as a list. */ -}}
{{- define "kube-vxlan-controller.all" -}}
{{- with concat (get .root.Values .value) (get (get .root.Values .component) .value) }}
{{- toYaml . }}
{{- end }}
{{- end -}}

{{- /* Annotations of a component's Deployment. */ -}}
{{- define "kube-vxlan-controller.deploymentAnnotations" -}}
{{- with include "kube-vxlan-controller.both" (merge (dict "value" "deploymentAnnotations") .) }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* Labels and annotations of a component's pods. */ -}}
{{- define "kube-vxlan-controller.podMetadata" -}}
{{- $own := include "kube-vxlan-controller.both" (merge (dict "value" "podLabels") .) | fromYaml }}
{{- $fixed := include "kube-vxlan-controller.labels" . | fromYaml -}}
labels:
  {{- toYaml (merge (omit $own "app.kubernetes.io/name" "app.kubernetes.io/component" "app.kubernetes.io/version") $fixed) | nindent 2 }}
{{- with include "kube-vxlan-controller.both" (merge (dict "value" "podAnnotations") .) }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* Where a pod of ours runs, and as whom. */ -}}
{{- define "kube-vxlan-controller.podSpec" -}}
{{- $in := . -}}
serviceAccountName: {{ include "kube-vxlan-controller.account" . | quote }}
automountServiceAccountToken: true
enableServiceLinks: false
{{- with .root.Values.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with get .root.Values .component | dig "priorityClassName" "" | default .root.Values.priorityClassName }}
{{- with ne . "auto" | ternary . (eq $in.root.Release.Namespace "kube-system" | ternary "system-cluster-critical" "") }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- end }}
{{- range $value := list "nodeSelector" "tolerations" "affinity" }}
{{- with include "kube-vxlan-controller.own" (merge (dict "value" $value) $in) }}
{{ $value }}:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
topologySpreadConstraints:
  {{- with include "kube-vxlan-controller.own" (merge (dict "value" "topologySpreadConstraints") .) }}
  {{- . | nindent 2 }}
  {{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "kube-vxlan-controller.selectorLabels" . | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end -}}

{{- /* A component's container, but for its name, image, ports and environment of its own. */ -}}
{{- define "kube-vxlan-controller.container" -}}
{{- include "kube-vxlan-controller.probes" . }}
{{- with (get .root.Values .component).resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* How many old ReplicaSets a component's Deployment keeps. */ -}}
{{- define "kube-vxlan-controller.revisionHistoryLimit" -}}
{{- $own := (get .root.Values .component).revisionHistoryLimit }}
{{- kindIs "string" $own | ternary .root.Values.revisionHistoryLimit $own | int }}
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
- name: KUBEVXLAN_ALLOW_ANY_MAC
  value: {{ .Values.allowAnyMac | quote }}
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
{{- if .Values.controller.names.enabled }}
# Services that name a network, and the slices with its members' addresses.
- apiGroups: [""]
  resources: [services]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch, create, update, delete]
{{- end }}
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

{{- /* Requests and limits on one line, as `requests.cpu=10m,limits.memory=64Mi`; `none` where there are none. */ -}}
{{- define "kube-vxlan-controller.quantities" -}}
{{- $all := list }}
{{- range $kind, $quantities := . }}
{{- range $name, $quantity := $quantities }}
{{- if not (kindIs "invalid" $quantity) }}
{{- $all = append $all (printf "%s.%s=%v" $kind $name $quantity) }}
{{- end }}
{{- end }}
{{- end }}
{{- join "," $all | default "none" }}
{{- end -}}

{{- /* Whether this server has the ValidatingAdmissionPolicies that the chart has. */ -}}
{{- define "kube-vxlan-controller.hasPolicies" -}}
{{- if semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version }}true{{ end }}
{{- end -}}

{{- /* What this server does not confine for want of policies; nothing where it has them. */ -}}
{{- define "kube-vxlan-controller.missingPolicies" -}}
{{- if not (include "kube-vxlan-controller.hasPolicies" .) }}
WARNING: this server is Kubernetes {{ .Capabilities.KubeVersion.Version }} and has no ValidatingAdmissionPolicies. Kubernetes has them from 1.30 on.
These policies are missing:

  kube-vxlan-controller-exec              the controller's token can run commands in every container that it can see
  kube-vxlan-controller-create            it can create any ConfigMap, Lease and Secret in {{ .Release.Namespace }}
  kube-vxlan-controller-status            it can write the whole status of pods
  kube-vxlan-controller-status-of-others  others can write the annotation {{ .Values.keyPrefix }}/status
{{- if .Values.controller.names.enabled }}
  kube-vxlan-controller-slices            the controller's token can write every EndpointSlice that it can see
{{- end }}
{{- end }}
{{- end -}}

{{- /* One line `name=definition` for each network; white space inside a definition becomes one blank. */ -}}
{{- define "kube-vxlan-controller.initialNetworks" -}}
{{- range $name, $definition := .Values.networks }}
{{ $name }}={{ if kindIs "string" $definition }}{{ regexReplaceAll "\\s+" (trim $definition) " " }}{{ else }}{{ int64 $definition }}{{ end }}
{{- end }}
{{- end -}}

{{- /* Annotations of the webhook configurations: cert-manager fills in the caBundle of those that have its own. */ -}}
{{- define "kube-vxlan-controller.configurationAnnotations" -}}
{{- if eq .Values.tls.mode "cert-manager" }}
cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/kube-vxlan-controller-webhook
{{- end }}
{{- with .Values.webhook.configurationAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* The namespaces whose labelled pods the webhook sees: the three values that choose them, together. */ -}}
{{- define "kube-vxlan-controller.namespaceSelector" -}}
{{- $expressions := .Values.webhook.namespaceSelector.matchExpressions | default list }}
{{- range $operator, $namespaces := dict "In" .Values.watchNamespaces "NotIn" .Values.webhook.excludedNamespaces }}
{{- with $namespaces }}
{{- $expressions = append $expressions (dict "key" "kubernetes.io/metadata.name" "operator" $operator "values" .) }}
{{- end }}
{{- end }}
{{- with .Values.webhook.namespaceSelector.matchLabels }}
matchLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $expressions }}
matchExpressions:
  {{- toYaml . | nindent 2 }}
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
{{- include $check (dict "name" "controller.sessionIdle" "value" .sessionIdle "least" 1000 "most" 86400000 "allowed" "1s to 24h") }}
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
