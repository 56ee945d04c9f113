/** Converts manifests from text to trees and back, and finds the Kubernetes objects in them. Pure. */
@NullMarked
package io.github.kubevxlan.cli.manifest;

import org.jspecify.annotations.NullMarked;
