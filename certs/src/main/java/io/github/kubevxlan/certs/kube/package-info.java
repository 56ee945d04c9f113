/**
 * Keeps certificates in Secrets and their authorities in webhook configurations of the Kubernetes API.
 *
 * <p>Rights that it uses, and no others:
 *
 * <table>
 *   <caption>RBAC</caption>
 *   <tr><th>scope</th><th>resource</th><th>resourceNames</th><th>verbs</th></tr>
 *   <tr><td>namespace</td><td>{@code secrets}</td><td>the two Secrets</td>
 *       <td>get, list, watch, update</td></tr>
 *   <tr><td>namespace</td><td>{@code secrets}</td><td>none, as RBAC can't name what is to be created</td>
 *       <td>create</td></tr>
 *   <tr><td>cluster</td><td>{@code mutatingwebhookconfigurations.admissionregistration.k8s.io},
 *       {@code validatingwebhookconfigurations.admissionregistration.k8s.io}</td>
 *       <td>those configured</td><td>get, list, watch, patch</td></tr>
 * </table>
 *
 * <p>Reads are GETs without a resourceVersion, so the API server answers with the latest state and not from a cache
 * (Kubernetes API concepts, "Resource versions").
 */
@NullMarked
package io.github.kubevxlan.certs.kube;

import org.jspecify.annotations.NullMarked;
