package io.github.kubevxlan.certs;

import io.github.kubevxlan.certs.Decision.Keep;
import io.github.kubevxlan.certs.Decision.Publish;
import io.github.kubevxlan.certs.Decision.RenewLeaf;
import io.github.kubevxlan.certs.Decision.RotateCa;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides what to do about certificates. The package describes the rules.
 *
 * <p>The order of the steps matters. An unusable authority comes first, as all else needs one. What must be trusted is
 * published before anything is signed by it. The serving certificate is renewed before the authority rotates, because
 * the old key is gone afterwards and the certificate must last through the overlap.
 */
final class CertPlan {
    private static final Duration CERTIFICATE_TIME_UNIT = Duration.ofSeconds(1);

    private final Duration overlap;
    private final Set<String> dnsNames;

    /**
     * @param overlap as in {@link Lifetimes#overlap()}
     * @param dnsNames for which the serving certificate must be good, exactly; at least one
     */
    CertPlan(Duration overlap, List<String> dnsNames) {
        if (dnsNames.isEmpty()) {
            throw new IllegalArgumentException("a serving certificate needs a DNS name");
        }
        this.overlap = overlap;
        this.dnsNames = Set.copyOf(dnsNames);
    }

    /** The first step that is due at {@code now}. Repeated calls, each step done, lead to {@link Keep}. */
    Decision decide(Instant now, Observed observed, Trust trust) {
        return switch (observed.ca()) {
            case Stored.None<CaMaterial>() -> replaceCa(now, "there is none", observed);
            case Stored.Damaged<CaMaterial>(String reason) -> replaceCa(now, reason, observed);
            case Stored.Present<CaMaterial>(CaMaterial ca)
            when !ca.signer().validity().contains(now) -> rotate(now, "it is not valid now", ca);
            case Stored.Present<CaMaterial>(CaMaterial ca) -> withCa(now, ca, observed, trust);
        };
    }

    private Decision withCa(Instant now, CaMaterial ca, Observed observed, Trust trust) {
        CaBundle bundle = ca.bundle(now);
        if (!observed.trusted().stream().allMatch(new Stored.Present<>(bundle)::equals)) {
            return new Publish(bundle);
        }
        Optional<String> leafProblem = leafProblem(now, observed.leaf(), ca.signer());
        Instant signFrom = signFrom(now, ca, observed, trust);
        if (leafProblem.isPresent() && !now.isBefore(signFrom)) {
            return new RenewLeaf(leafProblem.get(), ca.signer());
        }
        if (ca.signer().validity().isDue(now)) {
            return rotate(now, "two thirds of its life are over", ca);
        }
        Instant leafCheck =
                leafProblem.isEmpty() && observed.leaf() instanceof Stored.Present<CertifiedKey>(CertifiedKey leaf)
                        ? leaf.validity().renewAt()
                        : signFrom;
        return new Keep(nextCheck(leafCheck, ca, bundle));
    }

    private static RotateCa rotate(Instant now, String reason, CaMaterial ca) {
        return new RotateCa(reason, ca.bundle(now).authorities());
    }

    private static RotateCa replaceCa(Instant now, String reason, Observed observed) {
        return new RotateCa(reason, CaBundle.merge(now, observed.salvage()).authorities());
    }

    /**
     * Why the serving certificate must be renewed; empty if it is good, or ends with its authority: a new one would too,
     * and the authority, which is older, is due then.
     */
    private Optional<String> leafProblem(Instant now, Stored<CertifiedKey> leaf, CertifiedKey signer) {
        return switch (leaf) {
            case Stored.None<CertifiedKey>() -> Optional.of("there is none");
            case Stored.Damaged<CertifiedKey>(String reason) -> Optional.of(reason);
            case Stored.Present<CertifiedKey>(CertifiedKey pair) -> problem(now, pair, signer);
        };
    }

    private Optional<String> problem(Instant now, CertifiedKey leaf, CertifiedKey signer) {
        Set<String> names = Names.dns(leaf.certificate());
        if (!names.equals(dnsNames)) {
            return Optional.of("it names " + sorted(names) + ", wanted are " + sorted(dnsNames));
        }
        if (!leaf.validity().contains(now)) {
            return Optional.of("it is not valid now");
        }
        if (!isSigned(leaf, signer)) {
            return Optional.of("the authority has changed");
        }
        boolean mayLastLonger =
                leaf.validity().until().isBefore(signer.validity().until());
        return leaf.validity().isDue(now) && mayLastLonger
                ? Optional.of("two thirds of its life are over")
                : Optional.empty();
    }

    /**
     * From when the signer may sign for the webhook: at once where that can break nothing, else after the overlap, or
     * after half of the time that was left of the serving certificate, as after an edit of the lifetimes.
     */
    private Instant signFrom(Instant now, CaMaterial ca, Observed observed, Trust trust) {
        boolean nobodyTrusts = observed.trusted().isEmpty();
        boolean firstAuthority = ca.bundle(now).authorities().size() == 1;
        if (nobodyTrusts || firstAuthority || isSuccessor(now, observed.leaf(), ca.signer())) {
            return now;
        }
        Instant since = trust.since(ca.signer().certificate()).orElse(now);
        Instant overlapEnd = since.plus(overlap);
        return observed.leaf() instanceof Stored.Present<CertifiedKey>(CertifiedKey leaf)
                ? earlier(overlapEnd, new Validity(since, leaf.validity().until()).middle())
                : overlapEnd;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Whether a new certificate by this signer asks no other trust of anybody than what is served now, if it works. */
    private static boolean isSuccessor(Instant now, Stored<CertifiedKey> served, CertifiedKey signer) {
        return served instanceof Stored.Present<CertifiedKey>(CertifiedKey leaf)
                && (isSigned(leaf, signer) || leaf.validity().isOver(now));
    }

    private static boolean isSigned(CertifiedKey leaf, CertifiedKey signer) {
        try {
            leaf.certificate().verify(signer.certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException otherSigner) {
            return false;
        }
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static Instant nextCheck(Instant leafCheck, CaMaterial ca, CaBundle bundle) {
        Stream<Instant> drops = bundle.authorities().stream()
                .map(authority -> Validity.of(authority).until().plus(CERTIFICATE_TIME_UNIT));
        return Stream.concat(Stream.of(leafCheck, ca.signer().validity().renewAt()), drops)
                .min(Instant::compareTo)
                .orElse(leafCheck);
    }
}
