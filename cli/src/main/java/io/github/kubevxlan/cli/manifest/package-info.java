/** Manifests: text to trees and back, and the Kubernetes objects in them. Pure. */
@NullMarked
package io.github.kubevxlan.cli.manifest;

import org.jspecify.annotations.NullMarked;
