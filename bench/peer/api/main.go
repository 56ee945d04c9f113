// Command api stands in for an API server: it lists the network definitions and some namespaces, lets watches wait, and
// knows nothing else. A webhook that is measured needs no cluster then, and what a cluster does meanwhile is not measured.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/http"
	"path/filepath"
	"strings"
)

type object = map[string]any

var lists = map[string]object{
	"/api/v1/namespaces/kube-system/configmaps": list("v1", "ConfigMap", object{
		"metadata": metadata("kube-vxlan-controller", "kube-system"),
		"data":     object{"vxeth0": "100", "vxeth1": "id=101 up", "vxeth2": "id=102 mtu=1400"},
	}),
	"/api/v1/namespaces": list("v1", "Namespace", namespaces()...),
	"/apis/coordination.k8s.io/v1/namespaces/kube-system/leases": list("coordination.k8s.io/v1", "Lease"),
}

var others = map[string]object{
	"/version": {"major": "1", "minor": "34", "gitVersion": "v1.34.0"},
	"/api":     {"kind": "APIVersions", "versions": []string{"v1"}},
	"/apis":    {"kind": "APIGroupList", "apiVersion": "v1", "groups": []object{}},
	"/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": []object{
		{"name": "configmaps", "kind": "ConfigMap", "namespaced": true, "verbs": []string{"list", "watch"}},
		{"name": "namespaces", "kind": "Namespace", "namespaced": false, "verbs": []string{"list", "watch"}},
	}},
}

func main() {
	port := flag.Int("port", 0, "for HTTPS")
	certificates := flag.String("tls", "", "directory of tls.crt and tls.key")
	flag.Parse()
	log.Fatal(http.ListenAndServeTLS(fmt.Sprintf("127.0.0.1:%d", *port), filepath.Join(*certificates, "tls.crt"),
		filepath.Join(*certificates, "tls.key"), http.HandlerFunc(answer)))
}

func answer(out http.ResponseWriter, request *http.Request) {
	query := request.URL.Query()
	found, isList := lists[request.URL.Path]
	switch {
	case isList && query.Has("sendInitialEvents"):
		status(out, http.StatusUnprocessableEntity, "Invalid")
	case isList && query.Has("watch"):
		out.Header().Set("Content-Type", "application/json")
		out.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(out).Flush()
		<-request.Context().Done()
	case isList:
		write(out, found)
	case others[request.URL.Path] != nil:
		write(out, others[request.URL.Path])
	default:
		status(out, http.StatusNotFound, "NotFound")
	}
}

func status(out http.ResponseWriter, code int, reason string) {
	out.Header().Set("Content-Type", "application/json")
	out.WriteHeader(code)
	_ = json.NewEncoder(out).Encode(object{
		"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason,
	})
}

func write(out http.ResponseWriter, value object) {
	out.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(out).Encode(value)
}

func list(version, kind string, items ...object) object {
	for _, item := range items {
		item["apiVersion"], item["kind"] = version, kind
	}
	return object{
		"apiVersion": version, "kind": kind + "List", "metadata": object{"resourceVersion": "1"},
		"items": append([]object{}, items...),
	}
}

func namespaces() []object {
	all := []object{{"metadata": metadata("default", "")}, {"metadata": metadata("kube-system", "")}}
	for i := range 50 {
		all = append(all, object{"metadata": metadata(fmt.Sprintf("team-%d", i), "")})
	}
	return all
}

func metadata(name, namespace string) object {
	made := object{
		"name": name, "uid": "00000000-0000-0000-0000-" + strings.Repeat("0", 12), "resourceVersion": "1",
		"creationTimestamp": "2026-01-02T03:04:05Z",
		"labels":            object{"kubernetes.io/metadata.name": name, "pod-security.kubernetes.io/warn": "baseline"},
	}
	if namespace != "" {
		made["namespace"] = namespace
	}
	return made
}
