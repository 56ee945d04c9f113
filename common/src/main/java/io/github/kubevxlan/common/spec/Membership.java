package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.Mtu;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Collects the networks of one pod. */
final class Membership {
    private static final int MOST_PROBLEMS = 20;

    private final Definitions definitions;
    private final String namespace;
    private final List<Network> networks = new ArrayList<>();
    private final List<DefinitionProblem> definitionProblems = new ArrayList<>();
    private final List<TenancyProblem> tenancyProblems = new ArrayList<>();
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

    /** Adds the network that an entry names, if it is usable and breaks no rule. */
    void join(Entry entry, String where) {
        Definition named = definitions.usable().get(entry.network());
        if (named == null) {
            definitionProblems.add(definitionProblem(entry, where));
            return;
        }
        List<ProblemText> problems = EntryRules.check(named, entry, definitions.defaults());
        if (!problems.isEmpty()) {
            problems.forEach(problem -> refuse(problem(entry, where, problem)));
            return;
        }
        Options allowed = EntryRules.allowed(
                named, entry, definitions.defaults(), problem -> disallow(named, problem(entry, where, problem)));
        Entry rest = new Entry(entry.network(), allowed, entry.line(), entry.column());
        Segment segment = new Segment(
                entry.options().id().orElse(named.segment().vni()),
                named.segment().port());
        Optional<Family> family = named.options().family();
        Optional<String> owner = definitions.owner(segment, family);
        Optional<Definition> usable =
                owner.flatMap(name -> Optional.ofNullable(definitions.usable().get(name)));
        if (owner.isPresent() && usable.isEmpty()) {
            definitionProblems.add(definitions.problem(owner.get()));
        } else {
            Options ofNoNetwork = named.options().only(Option.FAMILY);
            join(rest, where, segment, usable.map(Definition::options).orElse(ofNoNetwork), named);
        }
    }

    /** The network stays the pod's, without what the operator does not allow. */
    private void disallow(Definition network, Problem problem) {
        if (tenancyProblems.size() < MOST_PROBLEMS) {
            tenancyProblems.add(new TenancyProblem(network.name(), problem));
        }
    }

    /** The segment's own options are those of the network that has it, if any does. */
    private void join(Entry entry, String where, Segment segment, Options ofSegment, Definition named) {
        Optional<ProblemText> tenancy = EntryRules.tenancy(named.name(), named.options(), namespace)
                .or(() -> EntryRules.tenancy("id=" + segment.vni(), ofSegment, namespace));
        if (tenancy.isPresent()) {
            tenancyProblems.add(new TenancyProblem(named.name(), problem(entry, where, tenancy.get())));
            return;
        }
        Network declared = network(named, segment, named.options().with(entry.options()), ofSegment);
        Optional<ProblemText> unfit = declared.impairments().problem();
        unfit.ifPresent(problem -> disallow(named, problem(entry, where, problem)));
        Network network = unfit.isPresent() ? declared.impaired(named.options().impairments()) : declared;
        List<ProblemText> problems = InterfaceRules.check(network, networks, definitions.defaults());
        if (problems.isEmpty()) {
            networks.add(network);
        }
        problems.forEach(problem -> refuse(problem(entry, where, problem)));
    }

    private DefinitionProblem definitionProblem(Entry entry, String where) {
        DefinitionProblem found = definitions.problem(entry.network());
        if (!found.isUnknown()) {
            return found;
        }
        return new DefinitionProblem(
                found.network(),
                found.reasons(),
                Optional.of(problem(entry, where, new ProblemText(entry.network(), definitions.defined(namespace)))));
    }

    private static Problem problem(Entry entry, String where, ProblemText problem) {
        return new Problem(where, entry.line(), entry.column(), problem.found(), problem.allowed());
    }

    Resolution resolution(Source source) {
        return new Resolution(networks, definitionProblems, problems, tenancyProblems, source);
    }

    private Network network(Definition named, Segment segment, Options options, Options ofSegment) {
        return new Network(
                named.name(),
                new SegmentOptions(
                        segment,
                        ofSegment.family(),
                        ofSegment.forwarding().orElse(Forwarding.STATIC),
                        ofSegment.peer(),
                        Checks.of(ofSegment)),
                new LinkOptions(
                        EntryRules.interfaceName(named.name(), options).orElseThrow(),
                        options.dev().orElse(definitions.defaults().dev()),
                        options.up().orElse(true),
                        options.mtu().orElse(Mtu.AUTO),
                        new LinkTuning(
                                ofSegment.with(options.only(Option.TXQUEUELEN)).attributes(), options.impairments())),
                new IpOptions(
                        options.ip(),
                        pools(ofSegment, options),
                        options.route(),
                        options.metric().map(OptionalInt::of).orElse(OptionalInt.empty()),
                        ofSegment.ra().orElse(Advertisements.IGNORE)),
                options.mac());
    }

    /** A hand-given address takes the place of an automatic one of its family; a link-local one does not. */
    private static List<Pool> pools(Options ofSegment, Options options) {
        return Pool.of(ofSegment).stream()
                .filter(pool -> options.ip().stream()
                        .map(InterfaceAddress::address)
                        .noneMatch(address -> address.isIpv6() == pool.isIpv6()
                                && !address.value().isLinkLocal()))
                .toList();
    }
}
