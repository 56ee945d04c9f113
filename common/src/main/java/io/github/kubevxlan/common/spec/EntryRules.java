package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What must hold between a network's definition and the entry of a pod that names it. */
final class EntryRules {
    private EntryRules() {}

    static List<ProblemText> check(Definition definition, Entry entry, Defaults defaults) {
        return Stream.of(
                        (defaults.podsChooseId() ? Optional.<ProblemText>empty() : sameId(definition, entry)).stream(),
                        nameable(definition, entry).stream(),
                        NameRules.checkAnnotation(entry.options()).stream())
                .flatMap(found -> found)
                .toList();
    }

    /**
     * What of an entry's options the operator allows now. A new pod is refused for the others; one that runs, because the
     * operator allowed it then, goes on without them.
     *
     * @param told gets why something is left out
     */
    static Options allowed(Definition definition, Entry entry, Defaults defaults, Consumer<ProblemText> told) {
        Options allowed = entry.options();
        Optional<ProblemText> impairable = impairable(definition, entry);
        if (impairable.isPresent()) {
            told.accept(impairable.get());
            allowed = allowed.without(Option.IMPAIRING);
        }
        Optional<ProblemText> local = NameRules.local(entry.options(), defaults.anyMac());
        if (local.isPresent()) {
            told.accept(local.get());
            allowed = allowed.without(Set.of(Option.MAC));
        }
        return allowed;
    }

    /** Checks whether pods of a namespace may join a network. */
    static Optional<ProblemText> tenancy(String network, Options options, String namespace) {
        return options.admits(namespace)
                ? Optional.empty()
                : Optional.of(new ProblemText(network, "a network that pods of namespace " + namespace + " may join"));
    }

    /** The interface's name if one is given or the network's own name will do. */
    static Optional<IfName> interfaceName(String network, Options options) {
        return options.name().or(() -> {
            try {
                return Optional.of(new IfName(network));
            } catch (InvalidValueException e) {
                return Optional.empty();
            }
        });
    }

    private static Optional<ProblemText> sameId(Definition definition, Entry entry) {
        return entry.options()
                .id()
                .filter(id -> !id.equals(definition.segment().vni()))
                .map(id -> new ProblemText(
                        "id=" + id,
                        "id=" + definition.segment().vni() + ", the id of network " + definition.name()
                                + ", or no id"));
    }

    private static Optional<ProblemText> impairable(Definition definition, Entry entry) {
        return definition.options().podsImpair().orElse(false)
                ? Optional.empty()
                : entry.options()
                        .firstImpairment()
                        .map(option -> new ProblemText(
                                entry.options().only(option).toString(),
                                "no " + option + " here, because the definition of network " + definition.name()
                                        + " does not say impairments"));
    }

    private static Optional<ProblemText> nameable(Definition definition, Entry entry) {
        return interfaceName(definition.name(), definition.options().with(entry.options()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of(new ProblemText(
                        definition.name(),
                        "an option name=INTERFACE here, because the network's own name is not " + IfName.ALLOWED));
    }
}
