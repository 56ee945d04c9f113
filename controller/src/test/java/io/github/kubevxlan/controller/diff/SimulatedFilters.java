package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedFilters.Guard;
import io.github.kubevxlan.controller.observe.ObservedSecurity;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Our table of filters in a {@link SimulatedKernel}: what is done to it together is done or not, as nft -f does. */
public final class SimulatedFilters {
    private Map<String, Chain> chains = new TreeMap<>();
    private boolean isThere;
    private List<String> guarded = List.of();
    private boolean guardIsWhole = true;
    private boolean offered = true;
    private boolean knowsSecurity = true;
    private Map<String, Secured> secured = new TreeMap<>();

    private record Secured(Filter filter, Security mode, Set<Entry> senders) {
        Secured copy() {
            return new Secured(filter, mode, new TreeSet<>(senders));
        }
    }

    private record Chain(Filter filter, boolean whole, Set<Entry> admitted) {}

    /** Whether the agent has nft. */
    public void offer(boolean nft) {
        offered = nft;
    }

    /** Whether the agent knows port security. */
    public void offerSecurity(boolean known) {
        knowsSecurity = known;
    }

    public boolean knowsSecurity() {
        return knowsSecurity;
    }

    /** Changes what port security does of a segment by hand. */
    public void breakSecurity(Filter filter) {
        secured.computeIfPresent(filter.name(), (_, one) -> new Secured(one.filter(), Security.OFF, one.senders()));
    }

    /** What port security does of a segment. */
    public Security security(Filter filter) {
        return Optional.ofNullable(secured.get(filter.name()))
                .map(Secured::mode)
                .orElse(Security.OFF);
    }

    /** What members of a segment may send, to be read or changed by hand. */
    public Set<Entry> senders(Filter filter) {
        Secured one = secured.get(filter.name());
        return one == null ? new TreeSet<>() : one.senders();
    }

    public boolean isOffered() {
        return offered;
    }

    /** Whether a filter is there and does its work. */
    public boolean isWhole(Filter filter) {
        return Optional.ofNullable(chains.get(filter.name()))
                .filter(Chain::whole)
                .isPresent();
    }

    /** The links whose router advertisements and redirects are dropped. */
    public List<String> guarded() {
        return guarded;
    }

    /** Deletes a rule of the guard by hand. */
    public void breakGuard() {
        guardIsWhole = false;
    }

    /** Whether the guard has all its rules. */
    public boolean guardIsWhole() {
        return guardIsWhole;
    }

    /** Whom a filter lets through, to be read or changed by hand. */
    public Set<Entry> admitted(Filter filter) {
        Chain chain = chains.get(filter.name());
        return chain == null ? new TreeSet<>() : chain.admitted();
    }

    /** The filters that are there, whole or not. */
    public List<Filter> all() {
        return chains.values().stream().map(Chain::filter).toList();
    }

    /** Deletes the table by hand. */
    public void clear() {
        chains.clear();
        secured.clear();
        guarded = List.of();
        isThere = false;
    }

    /** Deletes a filter's rule by hand. */
    public void breakRule(Filter filter) {
        chains.computeIfPresent(filter.name(), (_, chain) -> new Chain(filter, false, chain.admitted()));
    }

    Optional<ObservedFilters> observed() {
        Map<Filter, Boolean> whole = new HashMap<>();
        chains.values().forEach(chain -> whole.put(chain.filter(), chain.whole()));
        Map<Filter, Security> modes = new HashMap<>();
        secured.values().forEach(one -> modes.put(one.filter(), one.mode()));
        ObservedSecurity security = new ObservedSecurity(knowsSecurity, modes, Map.of(), List.of());
        return offered
                ? Optional.of(new ObservedFilters(isThere, whole, new Guard(guarded, guardIsWhole), Map.of(), security))
                : Optional.empty();
    }

    /** Does all of it or nothing; gives an error for each operation that is refused. */
    List<String> transact(List<NetOp> ops) {
        if (!offered) {
            return List.of("nft: not found");
        }
        Map<String, Chain> before = new TreeMap<>();
        chains.forEach((name, chain) ->
                before.put(name, new Chain(chain.filter(), chain.whole(), new TreeSet<>(chain.admitted()))));
        Map<String, Secured> securedBefore = new TreeMap<>();
        secured.forEach((name, one) -> securedBefore.put(name, one.copy()));
        boolean wasThere = isThere;
        List<String> wasGuarded = guarded;
        List<String> errors =
                ops.stream().map(this::apply).filter(error -> !error.isEmpty()).toList();
        if (!errors.isEmpty()) {
            chains = before;
            secured = securedBefore;
            isThere = wasThere;
            guarded = wasGuarded;
        }
        return errors;
    }

    private String apply(NetOp op) {
        switch (op) {
            case NetOp.PutFilter(Filter filter) -> {
                isThere = true;
                chains.put(filter.name(), new Chain(filter, true, admitted(filter)));
            }
            case NetOp.DelFilter(Filter filter) -> {
                isThere = true;
                chains.remove(filter.name());
            }
            case NetOp.DelFilters() -> clear();
            case NetOp.SetGuard(var links) -> {
                isThere = true;
                guarded = links.stream().map(IfName::value).toList();
                guardIsWhole = true;
            }
            case NetOp.PutEntry(var link, Entry.Admitted(Filter filter, var vtep)) -> {
                return change(filter, set -> set.add(new Entry.Admitted(filter, vtep)));
            }
            case NetOp.DelEntry(var link, Entry.Admitted(Filter filter, var vtep)) -> {
                return change(filter, set -> set.remove(new Entry.Admitted(filter, vtep)));
            }
            case NetOp.PutSecurity(Filter filter, Security mode) -> {
                isThere = true;
                secured.put(filter.name(), new Secured(filter, mode, senders(filter)));
            }
            case NetOp.DelSecurity(Filter filter) -> {
                isThere = true;
                secured.remove(filter.name());
            }
            case NetOp.PutEntry(var link, Entry.Permitted sender) -> {
                return change(sender, set -> set.add(sender));
            }
            case NetOp.DelEntry(var link, Entry.Permitted sender) -> {
                return change(sender, set -> set.remove(sender));
            }
            default -> throw new AssertionError("not for nft: " + op);
        }
        return "";
    }

    private interface Change {
        void on(Set<Entry> admitted);
    }

    private String change(Entry.Permitted sender, Change change) {
        Secured one = secured.get(sender.filter().name());
        if (one == null || !knowsSecurity) {
            return "No such file or directory: " + sender.key();
        }
        change.on(one.senders());
        return "";
    }

    private String change(Filter filter, Change change) {
        Chain chain = chains.get(filter.name());
        if (chain == null) {
            return "No such file or directory: " + filter;
        }
        change.on(chain.admitted());
        return "";
    }
}
