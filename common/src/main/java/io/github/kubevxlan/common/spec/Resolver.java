package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Family;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which networks a pod is in: those of its {@code networks} annotation, else its {@code names}, else its
 * namespace's, else the default networks that its namespace may join, else none.
 *
 * @param keys the annotations' keys
 * @param definitions the networks there are
 */
public record Resolver(Keys keys, Definitions definitions) {
    /**
     * Resolves one pod; takes any text.
     *
     * @param namespace the pod's
     * @param ofPod its annotations
     * @param ofNamespace its namespace's annotations
     */
    public Resolution resolve(String namespace, Map<String, String> ofPod, Map<String, String> ofNamespace) {
        Membership membership = new Membership(definitions, namespace);
        return Declaration.find(keys, namespace, ofPod, ofNamespace)
                .map(declaration -> declared(membership, declaration))
                .orElseGet(() -> byDefault(membership, namespace));
    }

    /** A network that a pod is left in, with what is defined now for all members of its segment. */
    public Network current(Network kept) {
        return definitions
                .owner(kept.segment(), kept.family())
                .flatMap(name -> Optional.ofNullable(definitions.usable().get(name)))
                .map(Definition::options)
                .map(now -> kept.shared(now.forwarding().orElse(Forwarding.STATIC), now.peer(), Checks.of(now)))
                .orElse(kept);
    }

    /** Whether no network of another name has the segment that a pod was in by its address of a family. */
    public boolean isOfNoOther(Network was, Family family) {
        return definitions
                .owner(was.segment(), Optional.of(family))
                .filter(owner -> !owner.equals(was.name()))
                .isEmpty();
    }

    private static Resolution declared(Membership membership, Declaration declaration) {
        declaration.entries().problems().forEach(membership::refuse);
        declaration.entries().value().forEach(entry -> membership.join(entry, declaration.where()));
        return membership.resolution(declaration.source());
    }

    private Resolution byDefault(Membership membership, String namespace) {
        List<String> names = definitions.defaultsFor(namespace);
        names.forEach(name -> membership.join(new Entry(name, Options.NONE, 1, 1), Definitions.where(name)));
        return membership.resolution(names.isEmpty() ? Source.NONE : Source.DEFAULT);
    }
}
