/** What the webhook knows of the cluster, kept up to date by watches; the only place with Kubernetes client types. */
@NullMarked
package io.github.kubevxlan.webhook.cluster;

import org.jspecify.annotations.NullMarked;
