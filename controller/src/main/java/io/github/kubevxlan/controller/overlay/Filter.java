package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Segment;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A member's packet filter for one segment: it drops packets for its VNI and port from an address that is no peer,
 * before the VXLAN socket sees them. In the kernel it is a chain with its rule, a set of peers and a counter, all of
 * one name, in a table of ours (nftables).
 */
public final class Filter {
    /** Our table, of the family {@code inet}. What else is in it stays as long as it does. */
    public static final String TABLE = "kube-vxlan-controller";

    private static final Pattern NAME = Pattern.compile("vni([1-9][0-9]{0,7})-port([1-9][0-9]{0,4})-ipv([46])");

    private final SegmentKey segment;
    private final String name;

    private Filter(SegmentKey segment) {
        this.segment = segment;
        this.name = "vni" + segment.segment().vni() + "-port"
                + segment.segment().port() + "-ipv" + (segment.ipv6() ? 6 : 4);
    }

    /** That of a segment. */
    public static Filter of(SegmentKey segment) {
        return new Filter(segment);
    }

    /** The one of that name; empty if it is none of ours. */
    public static Optional<Filter> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Segment segment = new Segment(Vni.parse(matcher.group(1)), Port.parse(matcher.group(2)));
            return Optional.of(of(new SegmentKey(segment, matcher.group(3).equals("6"))));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    /** VNI, port and family. */
    public SegmentKey segment() {
        return segment;
    }

    /** The name of its objects in the kernel. */
    public String name() {
        return name;
    }

    /** The comment of each rule in its chain, in order. */
    public List<String> comments() {
        return Collections.nCopies(NftScript.rules(this).size(), name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Filter filter && segment.equals(filter.segment);
    }

    @Override
    public int hashCode() {
        return segment.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
