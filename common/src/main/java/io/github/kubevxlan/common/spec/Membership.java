package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Mtu;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The networks of one pod in the making. */
final class Membership {
    private static final int MOST_PROBLEMS = 20;

    private final Definitions definitions;
    private final String namespace;
    private final List<Network> networks = new ArrayList<>();
    private final List<Unavailable> unavailable = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    Membership(Definitions definitions, String namespace) {
        this.definitions = definitions;
        this.namespace = namespace;
    }

    void refuse(Problem problem) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(problem);
        }
    }

    /** Adds the network that an entry names, if it can be had and nothing speaks against it. */
    void join(Entry entry, String where) {
        Definition definition = definitions.usable().get(entry.network());
        if (definition == null) {
            unavailable.add(definitions.unavailable(entry.network()));
            return;
        }
        List<Fault> faults = EntryRules.check(definition, entry, namespace);
        if (faults.isEmpty()) {
            Network network = network(definition, definition.options().with(entry.options()));
            faults = InterfaceRules.check(
                    network, networks, definitions.defaults().dev());
            if (faults.isEmpty()) {
                networks.add(network);
            }
        }
        faults.forEach(
                fault -> refuse(new Problem(where, entry.line(), entry.column(), fault.found(), fault.allowed())));
    }

    Resolution resolution(Source source) {
        return new Resolution(networks, unavailable, problems, source);
    }

    private Network network(Definition definition, Options options) {
        return new Network(
                definition.name(),
                definition.segment().vni(),
                definition.segment().port(),
                EntryRules.interfaceName(definition.name(), options).orElseThrow(),
                options.dev().orElse(definitions.defaults().dev()),
                options.up().orElse(true),
                options.ip(),
                options.route(),
                options.metric().map(OptionalInt::of).orElse(OptionalInt.empty()),
                options.mtu().orElse(Mtu.AUTO),
                options.peer());
    }
}
