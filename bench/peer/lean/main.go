// Command lean is the webhook with as little work as Go allows: net/http alone, no type of Kubernetes, one pass over the
// review for the few fields that decide, and patches made by hand. It reads definitions and namespaces once, at its start.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/tidwall/gjson"
)

const mostBytes = 10 << 20

func main() {
	port := flag.Int("port", 0, "for HTTPS")
	adminPort := flag.Int("admin-port", 0, "for probes")
	certificates := flag.String("tls", "", "directory of tls.crt and tls.key, which the API server has too")
	image := flag.String("agent-image", "", "of the agents")
	api := flag.String("api", "", "URL of the API server")
	flag.Parse()
	if err := run(*port, *adminPort, *certificates, *image, *api); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(port, adminPort int, certificates, image, api string) error {
	facts, err := read(api, certificates)
	if err != nil {
		return err
	}
	judge := newJudge(image, facts)
	hooks := http.NewServeMux()
	hooks.HandleFunc("POST /mutate", func(out http.ResponseWriter, request *http.Request) {
		body, err := whole(request)
		if err != nil {
			http.Error(out, err.Error(), http.StatusBadRequest)
			return
		}
		answer, err := judge.answer(body)
		if err != nil {
			http.Error(out, err.Error(), http.StatusBadRequest)
			return
		}
		out.Header().Set("Content-Type", "application/json")
		out.Header().Set("Content-Length", fmt.Sprint(len(answer)))
		_, _ = out.Write(answer)
	})
	probes := http.NewServeMux()
	probes.HandleFunc("/readyz", func(out http.ResponseWriter, _ *http.Request) { fmt.Fprintln(out, "ok") })
	go func() {
		fmt.Fprintln(os.Stderr, http.ListenAndServe(fmt.Sprintf("127.0.0.1:%d", adminPort), probes))
	}()
	server := http.Server{
		Addr: fmt.Sprintf("127.0.0.1:%d", port), Handler: hooks, ReadHeaderTimeout: 10 * time.Second,
		TLSConfig: &tls.Config{NextProtos: []string{"http/1.1"}},
	}
	return server.ListenAndServeTLS(filepath.Join(certificates, "tls.crt"), filepath.Join(certificates, "tls.key"))
}

func whole(request *http.Request) ([]byte, error) {
	if request.ContentLength < 0 || request.ContentLength > mostBytes {
		return io.ReadAll(io.LimitReader(request.Body, mostBytes))
	}
	body := make([]byte, request.ContentLength)
	_, err := io.ReadFull(request.Body, body)
	return body, err
}

// Definitions by name, and each namespace's annotation.
type facts struct{ definitions, namespaces map[string]string }

func read(api, certificates string) (facts, error) {
	authority, err := os.ReadFile(filepath.Join(certificates, "tls.crt"))
	if err != nil {
		return facts{}, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	read := facts{map[string]string{}, map[string]string{}}
	configMaps, err := list(client, api+"/api/v1/namespaces/kube-system/configmaps")
	if err != nil {
		return facts{}, err
	}
	for _, each := range configMaps {
		each.Get("data").ForEach(func(name, text gjson.Result) bool {
			read.definitions[name.String()] = text.String()
			return true
		})
	}
	namespaces, err := list(client, api+"/api/v1/namespaces")
	for _, each := range namespaces {
		read.namespaces[each.Get("metadata.name").String()] = each.Get("metadata.annotations").Get(networksKey).String()
	}
	return read, err
}

func list(client http.Client, url string) ([]gjson.Result, error) {
	answer, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return gjson.GetBytes(text, "items").Array(), err
}
