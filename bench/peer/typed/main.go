// Command typed is the webhook written the usual way in Go: on controller-runtime, with the pod decoded to corev1.Pod and
// the patch found by comparing the pod before and after. A watch tells it the network definitions and the namespaces.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

var configMap = types.NamespacedName{Namespace: "kube-system", Name: "kube-vxlan-controller"}

func main() {
	port := flag.Int("port", 0, "for HTTPS")
	adminPort := flag.Int("admin-port", 0, "for probes")
	certificates := flag.String("tls", "", "directory of tls.crt and tls.key")
	image := flag.String("agent-image", "", "of the agents")
	flag.Parse()
	ctrl.SetLogger(zap.New())
	if err := run(*port, *adminPort, *certificates, *image); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(port, adminPort int, certificates, image string) error {
	scheme := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(scheme); err != nil {
		return err
	}
	manager, err := ctrl.NewManager(ctrl.GetConfigOrDie(), ctrl.Options{
		Scheme:                 scheme,
		HealthProbeBindAddress: fmt.Sprintf("127.0.0.1:%d", adminPort),
		Metrics:                server.Options{BindAddress: "0"},
		Cache: cache.Options{ByObject: map[client.Object]cache.ByObject{
			&corev1.ConfigMap{}: {
				Namespaces: map[string]cache.Config{configMap.Namespace: {}},
				Field:      fields.OneTermEqualSelector("metadata.name", configMap.Name),
			},
			&corev1.Namespace{}: {},
		}},
		WebhookServer: webhook.NewServer(webhook.Options{
			Host: "127.0.0.1", Port: port, CertDir: certificates,
			TLSOpts: []func(*tls.Config){func(config *tls.Config) { config.NextProtos = []string{"http/1.1"} }},
		}),
	})
	if err != nil {
		return err
	}
	for _, object := range []client.Object{&corev1.ConfigMap{}, &corev1.Namespace{}} {
		if _, err := manager.GetCache().GetInformer(context.Background(), object); err != nil {
			return err
		}
	}
	hooks := manager.GetWebhookServer()
	hooks.Register("/mutate", &webhook.Admission{Handler: &mutator{
		decoder: admission.NewDecoder(scheme), client: manager.GetClient(), image: image,
	}})
	if err := manager.AddReadyzCheck("webhook", hooks.StartedChecker()); err != nil {
		return err
	}
	if err := manager.AddReadyzCheck("synced", func(request *http.Request) error {
		ctx, cancel := context.WithTimeout(request.Context(), 100*time.Millisecond)
		defer cancel()
		if !manager.GetCache().WaitForCacheSync(ctx) {
			return fmt.Errorf("definitions and namespaces are not read yet")
		}
		return nil
	}); err != nil {
		return err
	}
	return manager.Start(ctrl.SetupSignalHandler())
}
