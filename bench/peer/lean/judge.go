package main

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"

	"github.com/kubevxlan/kube-vxlan-controller/bench/peer/networks"
)

// The path of the annotation in gjson's syntax, which takes a dot for a step.
var networksKey = strings.ReplaceAll(networks.Prefix, ".", `\.`) + "/networks"

const (
	noToken   = `{"name":"vxlan-controller-no-token","downwardAPI":{}}`
	condition = networks.Prefix + "/ready"
	statusKey = networks.Prefix + "/status"
)

type judge struct {
	facts       facts
	agentBefore string // the agent as JSON, up to its resources
	agentBehind string // and from there on
}

func newJudge(image string, facts facts) *judge {
	return &judge{facts,
		`{"name":"vxlan-controller-agent","image":` + strconv.Quote(image) + `,"imagePullPolicy":"IfNotPresent","resources":`,
		`,"restartPolicy":"Always","startupProbe":{"exec":{"command":["/bin/networks-ready"]},"periodSeconds":1,` +
			`"timeoutSeconds":3600,"failureThreshold":604800},"securityContext":{"runAsUser":0,"runAsNonRoot":false,` +
			`"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"],"add":["NET_ADMIN"]},` +
			`"seccompProfile":{"type":"RuntimeDefault"}},"volumeMounts":[{"name":"vxlan-controller-no-token",` +
			`"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","readOnly":true}]}`,
	}
}

// What decides, found in one pass over a review.
type found struct {
	uid, namespace, annotation             string
	isLabelled, isNamed, isHost, isWindows bool
	hasStatus, hasGate, hasGates           bool
	hasVolumes, hasInit, isOwn             bool
	isUnguaranteed, isUnlimited            bool
}

func (j *judge) answer(body []byte) ([]byte, error) {
	text := unsafe.String(unsafe.SliceData(body), len(body))
	if !gjson.Valid(text) {
		return nil, errors.New("body: no JSON")
	}
	var f found
	gjson.Parse(text).ForEach(func(key, value gjson.Result) bool {
		if key.Str == "request" {
			f.request(value)
		}
		return true
	})
	if !f.isLabelled {
		return respond(f.uid, true, "", nil, nil), nil
	}
	if f.isHost || f.isWindows {
		return respond(f.uid, false, "the node's network, or Windows", nil, nil), nil
	}
	annotation := f.annotation
	if !f.isNamed {
		annotation = j.facts.namespaces[f.namespace]
	}
	warnings, err := networks.Judge(annotation, j.facts.definitions)
	if err != nil {
		return respond(f.uid, false, err.Error(), nil, nil), nil
	}
	return respond(f.uid, true, "", j.patch(&f), warnings), nil
}

func (f *found) request(request gjson.Result) {
	request.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "uid":
			f.uid = value.Str
		case "namespace":
			f.namespace = value.Str
		case "object":
			value.ForEach(func(key, value gjson.Result) bool {
				switch key.Str {
				case "metadata":
					f.metadata(value)
				case "spec":
					f.spec(value)
				}
				return true
			})
		}
		return true
	})
}

func (f *found) metadata(metadata gjson.Result) {
	metadata.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "labels":
			value.ForEach(func(key, value gjson.Result) bool {
				f.isLabelled = f.isLabelled || key.Str == networks.Prefix && value.Str == "true"
				return true
			})
		case "annotations":
			value.ForEach(func(key, value gjson.Result) bool {
				switch key.Str {
				case networks.Prefix + "/networks":
					f.annotation, f.isNamed = value.Str, true
				case statusKey:
					f.hasStatus = true
				}
				return true
			})
		}
		return true
	})
}

func (f *found) spec(spec gjson.Result) {
	spec.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "hostNetwork":
			f.isHost = value.Bool()
		case "os":
			f.isWindows = value.Get("name").Str == "windows"
		case "resources":
			f.isOwn = true
		case "volumes":
			f.hasVolumes = true
		case "initContainers":
			f.hasInit = true
			f.containers(value)
		case "containers":
			f.containers(value)
		case "readinessGates":
			f.hasGates = true
			value.ForEach(func(_, gate gjson.Result) bool {
				f.hasGate = f.hasGate || gate.Get("conditionType").Str == condition
				return true
			})
		}
		return true
	})
}

func (f *found) containers(containers gjson.Result) {
	containers.ForEach(func(_, container gjson.Result) bool {
		resources := container.Get("resources")
		requests, limits := resources.Get("requests"), resources.Get("limits")
		for _, name := range []string{"cpu", "memory"} {
			limit, request := limits.Get(name), requests.Get(name)
			if !limit.Exists() || request.Exists() && request.Str != limit.Str {
				f.isUnguaranteed = true
			}
		}
		f.isUnlimited = f.isUnlimited || !limits.Get("cpu").Exists()
		return true
	})
}

func (j *judge) patch(f *found) []byte {
	patch := make([]byte, 0, 2048)
	patch = append(patch, '[')
	if f.hasStatus {
		patch = append(patch, `{"op":"remove","path":"/metadata/annotations/`...)
		patch = append(append(patch, strings.ReplaceAll(statusKey, "/", "~1")...), `"},`...)
	}
	patch = open(patch, "volumes", "-", f.hasVolumes)
	patch = shut(append(patch, noToken...), f.hasVolumes)
	patch = open(append(patch, ','), "initContainers", "0", f.hasInit)
	patch = append(append(append(patch, j.agentBefore...), f.resources()...), j.agentBehind...)
	patch = shut(patch, f.hasInit)
	if !f.hasGate {
		patch = open(append(patch, ','), "readinessGates", "-", f.hasGates)
		patch = shut(append(patch, `{"conditionType":"`+condition+`"}`...), f.hasGates)
	}
	return append(patch, ']')
}

func open(patch []byte, list, index string, isThere bool) []byte {
	patch = append(append(patch, `{"op":"add","path":"/spec/`...), list...)
	if isThere {
		return append(append(append(patch, '/'), index...), `","value":`...)
	}
	return append(patch, `","value":[`...)
}

func shut(patch []byte, isThere bool) []byte {
	if isThere {
		return append(patch, '}')
	}
	return append(patch, "]}"...)
}

func (f *found) resources() string {
	switch {
	case f.isOwn:
		return `{}`
	case !f.isUnguaranteed:
		return `{"requests":{"cpu":"25m","memory":"64Mi"},"limits":{"cpu":"25m","memory":"64Mi"}}`
	case f.isUnlimited:
		return `{"requests":{"cpu":"10m","memory":"16Mi"},"limits":{"memory":"64Mi"}}`
	default:
		return `{"requests":{"cpu":"10m","memory":"16Mi"},"limits":{"cpu":"40m","memory":"64Mi"}}`
	}
}

func respond(uid string, isAllowed bool, message string, patch []byte, warnings []string) []byte {
	out := make([]byte, 0, 512+len(patch)*4/3)
	out = append(out, `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"`...)
	out = append(append(out, uid...), `","allowed":`...)
	out = strconv.AppendBool(out, isAllowed)
	if !isAllowed {
		out = append(out, `,"status":{"code":400,"reason":"BadRequest","message":`...)
		out = append(strconv.AppendQuote(out, message), '}')
	}
	if patch != nil {
		out = append(out, `,"patchType":"JSONPatch","patch":"`...)
		out = append(base64.StdEncoding.AppendEncode(out, patch), '"')
	}
	for i, warning := range warnings {
		out = append(out, map[bool]string{true: `,"warnings":[`, false: `,`}[i == 0]...)
		out = strconv.AppendQuote(out, warning)
	}
	if len(warnings) > 0 {
		out = append(out, ']')
	}
	return append(out, `}}`...)
}
