/**
 * Keeps a certificate authority and a webhook's serving certificate, with no other component.
 *
 * <p>One look at the cluster is one line: {@code CertStore.read -> Observed -> CertPlan -> one write}, again until
 * nothing is left to do. The rules that let no admission fail while certificates change:
 *
 * <ul>
 *   <li>A new authority signs a serving certificate only once every webhook entry has trusted it for
 *       {@link io.github.kubevxlan.certs.Lifetimes#overlap()}, or for half of what is left of the certificate in use,
 *       if that is less.
 *   <li>A retired authority (its key is gone) stays trusted until it expires, and nothing it signed outlives it.
 *   <li>Certificates are renewed at two thirds of their life.
 *   <li>Webhook entries are read before the serving certificate, that before the authority, and each write names the
 *       version that was read. So a replica that acts on an outdated authority is refused: since it read it another
 *       must have written what it is about to write.
 *   <li>When the authority is lost, every certificate still trusted anywhere becomes a retired one.
 * </ul>
 */
@NullMarked
package io.github.kubevxlan.certs;

import org.jspecify.annotations.NullMarked;
