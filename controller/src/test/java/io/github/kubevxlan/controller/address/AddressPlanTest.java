package io.github.kubevxlan.controller.address;

import static io.github.kubevxlan.controller.address.Applicants.absent;
import static io.github.kubevxlan.controller.address.Applicants.avoiding;
import static io.github.kubevxlan.controller.address.Applicants.byHand;
import static io.github.kubevxlan.controller.address.Applicants.ips;
import static io.github.kubevxlan.controller.address.Applicants.pod;
import static io.github.kubevxlan.controller.address.Applicants.pool;
import static io.github.kubevxlan.controller.address.Applicants.recorded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Pool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressPlanTest {
    private static final Pool FOUR = pool("10.1.0.0/24", "10.1.0.10-10.1.0.13");
    private static final Pool WIDE = pool("10.1.0.0/16", "10.1.0.1-10.1.255.254");
    private static final Pool SIX = pool("fd01::/64", "fd01::1-fd01::ffff:ffff:ffff:ffff");

    private final AddressPlan plan = opened(FOUR);

    @Test
    void eachGetsOneOfItsOwnUntilNoneIsLeft() {
        Set<IpAddr> given = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            plan.put(pod("u" + i, "a/p" + i, FOUR));
            given.addAll(plan.grant("u" + i).claims());
        }
        plan.put(pod("late", "a/late", FOUR));

        assertEquals(Set.copyOf(ips("10.1.0.10", "10.1.0.11", "10.1.0.12", "10.1.0.13")), given);
        assertEquals(
                List.of("all 4 addresses to give of 10.1.0.10-10.1.0.13 are taken"),
                plan.grant("late").refusals());
    }

    @Test
    void theOneThatWaitsLongestGetsTheOneThatFrees() {
        for (int i = 0; i < 6; i++) {
            plan.put(pod("u" + i, "a/p" + i, FOUR));
        }
        List<IpAddr> freed = plan.grant("u2").claims();

        assertEquals(Set.of("u4"), plan.remove("u2"));
        assertEquals(freed, plan.grant("u4").claims());
        assertEquals(List.of(), plan.grant("u5").claims());
    }

    @Test
    void aNameThatReturnsGetsTheSameUnlessItIsTaken() {
        AddressPlan wide = opened(WIDE);
        wide.put(pod("before", "a/set-0", WIDE));
        List<IpAddr> first = wide.grant("before").claims();
        wide.remove("before");
        for (int i = 0; i < 100; i++) {
            wide.put(pod("u" + i, "a/p" + i, WIDE));
        }
        wide.put(pod("after", "a/set-0", WIDE));
        wide.put(pod("namesake", "b/set-0", WIDE));

        assertEquals(first, wide.grant("after").claims());
        assertNotEquals(first, wide.grant("namesake").claims());

        wide.remove("after");
        wide.put(recorded(pod("thief", "a/thief", WIDE), first.getFirst().toString()));
        wide.put(pod("again", "a/set-0", WIDE));
        assertNotEquals(first, wide.grant("again").claims());
        assertTrue(wide.grant("again").refusals().isEmpty());
    }

    @Test
    void bothFamiliesAreGivenWithTheirSubnetsPrefixLength() {
        AddressPlan both = opened(FOUR, SIX);
        both.put(pod("u", "a/p", FOUR, SIX));

        List<InterfaceAddress> addresses = both.grant("u").addresses();
        assertEquals(
                List.of(24, 64),
                addresses.stream().map(InterfaceAddress::prefixLength).toList());
        assertTrue(FOUR.offers(addresses.getFirst().address()));
        assertTrue(SIX.offers(addresses.getLast().address()));
    }

    @Test
    void whatIsWrittenOnPodsIsTheirsInWhateverOrderTheyAreListed() {
        AddressPlan listed = new AddressPlan(List.of(FOUR));
        listed.put(pod("new", "a/new", FOUR));
        listed.put(byHand("chooses", "a/chooses", "10.1.0.11/24"));
        for (int i = 10; i < 14; i++) {
            listed.put(recorded(pod("u" + i, "a/p" + i, FOUR), "10.1.0." + i));
        }
        assertEquals(Grant.NOTHING.claims(), listed.grant("new").claims());
        assertEquals(Set.of("new", "chooses"), listed.open());

        for (int i = 10; i < 14; i++) {
            assertEquals(ips("10.1.0." + i), listed.grant("u" + i).claims());
        }
        assertEquals(
                List.of("ip=10.1.0.11 is an address of pod a/p11"),
                listed.grant("chooses").refusals());
    }

    @Test
    void aPlanAfterARestartGivesWhatTheOneBeforeGave() {
        AddressPlan before = opened(WIDE);
        AddressPlan after = new AddressPlan(List.of(WIDE));
        for (int i = 0; i < 500; i++) {
            before.put(pod("u" + i, "a/p" + i, WIDE));
        }
        for (int i = 499; i >= 0; i--) {
            after.put(recorded(
                    pod("u" + i, "a/p" + i, WIDE),
                    before.grant("u" + i).claims().getFirst().toString()));
        }

        assertEquals(Set.of(), after.open());
        for (int i = 0; i < 500; i++) {
            assertEquals(before.grant("u" + i), after.grant("u" + i));
        }
    }

    @Test
    void anAddressChosenByHandIsGivenToNobodyElse() {
        plan.put(absent(byHand("chooses", "a/chooses", "10.1.0.12/24")));
        for (int i = 0; i < 4; i++) {
            plan.put(pod("u" + i, "a/p" + i, FOUR));
        }

        assertEquals(3, givenTo("u0", "u1", "u2", "u3").size());
        assertEquals(Set.of("chooses"), plan.put(byHand("chooses", "a/chooses", "10.1.0.12/24")));
        assertEquals(ips("10.1.0.12"), plan.grant("chooses").claims());
    }

    @Test
    void ofTwoThatChoseOneAddressTheFirstHolderKeepsIt() {
        plan.put(byHand("first", "b/first", "10.1.0.200/24"));
        plan.put(byHand("second", "a/second", "10.1.0.200/24", "10.99.0.1/24"));

        assertEquals(ips("10.1.0.200"), plan.grant("first").claims());
        assertEquals(
                List.of(InterfaceAddress.parse("10.99.0.1/24")),
                plan.grant("second").addresses());
        assertEquals(
                List.of("ip=10.1.0.200 is an address of pod b/first"),
                plan.grant("second").refusals());

        assertEquals(Set.of("second"), plan.remove("first"));
        assertEquals(ips("10.1.0.200"), plan.grant("second").claims());
    }

    @Test
    void addressesOutsideItsSubnetsAreNoneOfItsConcern() {
        plan.put(byHand("one", "a/one", "10.99.0.1/24", "fe80::1/64"));
        plan.put(byHand("two", "a/two", "10.99.0.1/24", "fe80::1/64"));

        assertEquals(plan.grant("one"), plan.grant("two"));
        assertEquals(List.of(), plan.grant("two").claims());
    }

    @Test
    void gatewaysAreGivenToNobody() {
        Pool pool = pool("10.1.0.0/24", "10.1.0.10-10.1.0.12", "10.1.0.10");
        AddressPlan few = opened(pool);
        few.put(avoiding(pod("u0", "a/p0", pool), "10.1.0.11"));
        few.put(pod("u1", "a/p1", pool));
        few.put(pod("u2", "a/p2", pool));

        assertEquals(ips("10.1.0.12"), few.grant("u0").claims());
        assertEquals(ips("10.1.0.11"), few.grant("u1").claims());
        assertEquals(
                List.of("all 2 addresses to give of 10.1.0.10-10.1.0.12 are taken"),
                few.grant("u2").refusals());
    }

    @Test
    void aGrownSubnetLeavesEveryAddressAndServesThoseWhoWait() {
        for (int i = 0; i < 6; i++) {
            plan.put(pod("u" + i, "a/p" + i, FOUR));
        }
        AddressPlan grown = plan.offering(List.of(WIDE));
        for (int i = 5; i >= 0; i--) {
            grown.put(pod("u" + i, "a/p" + i, WIDE));
        }
        grown.open();

        for (int i = 0; i < 4; i++) {
            assertEquals(plan.grant("u" + i).claims(), grown.grant("u" + i).claims());
            assertEquals(16, grown.grant("u" + i).addresses().getFirst().prefixLength());
        }
        assertEquals(1, grown.grant("u4").claims().size());
        assertEquals(1, grown.grant("u5").claims().size());
    }

    @Test
    void aShrunkSubnetLeavesWhatItStillOffersAndRefusesTheRest() {
        for (int i = 10; i < 14; i++) {
            plan.put(recorded(pod("u" + i, "a/p" + i, FOUR), "10.1.0." + i));
        }
        Pool two = pool("10.1.0.0/24", "10.1.0.12-10.1.0.13");
        AddressPlan shrunk = plan.offering(List.of(two));
        for (int i = 10; i < 14; i++) {
            shrunk.put(recorded(pod("u" + i, "a/p" + i, two), "10.1.0." + i));
        }
        shrunk.open();

        assertEquals(ips("10.1.0.12"), shrunk.grant("u12").claims());
        assertEquals(ips("10.1.0.13"), shrunk.grant("u13").claims());
        assertEquals(1, shrunk.grant("u10").refusals().size());
        assertEquals(1, shrunk.grant("u11").refusals().size());
    }

    @Test
    void aMovedSubnetGivesEverybodyAnother() {
        plan.put(recorded(pod("u", "a/p", FOUR), "10.1.0.10"));
        Pool other = pool("10.2.0.0/24", "10.2.0.1-10.2.0.254");
        AddressPlan moved = plan.offering(List.of(other));
        moved.put(recorded(pod("u", "a/p", other), "10.1.0.10"));
        moved.open();

        assertEquals(1, moved.grant("u").claims().size());
        assertTrue(other.offers(moved.grant("u").claims().getFirst()));
    }

    @Test
    void whatAPodMayHaveNoMoreIsNobodysUntilThatIsWrittenOnIt() {
        plan.put(recorded(byHand("u", "a/p", "10.1.0.10/24"), "10.1.0.10"));
        plan.put(recorded(byHand("u", "a/p", "10.1.0.200/24"), "10.1.0.10"));
        plan.put(byHand("next", "a/next", "10.1.0.10/24"));
        assertEquals(List.of(), plan.grant("next").claims());

        assertEquals(Set.of("next"), plan.put(recorded(byHand("u", "a/p", "10.1.0.200/24"), "10.1.0.200")));
        assertEquals(ips("10.1.0.10"), plan.grant("next").claims());
    }

    @Test
    void aPodThatCanBeProgrammedNoMoreKeepsTheAddressThatIsWrittenOnIt() {
        plan.put(pod("u", "a/p", FOUR));
        List<IpAddr> before = plan.grant("u").claims();
        Applicant written = recorded(pod("u", "a/p", FOUR), before.getFirst().toString());
        plan.put(written);

        assertEquals(Set.of(), plan.put(absent(written)));
        assertEquals(before, plan.grant("u").claims());
    }

    @Test
    void aPodThatCanBeProgrammedNoMoreGivesBackWhatWasNeverWrittenOnIt() {
        for (String uid : List.of("1", "2", "3", "4", "5")) {
            plan.put(pod(uid, "a/" + uid, FOUR));
        }
        List<IpAddr> first = plan.grant("1").claims();

        assertEquals(Set.of("1", "5"), plan.put(absent(pod("1", "a/1", FOUR))));
        assertEquals(List.of(), plan.grant("1").claims());
        assertEquals(first, plan.grant("5").claims());
    }

    private Set<IpAddr> givenTo(String... uids) {
        Set<IpAddr> all = new HashSet<>();
        for (String uid : uids) {
            all.addAll(plan.grant(uid).claims());
        }
        return all;
    }

    private static AddressPlan opened(Pool... pools) {
        AddressPlan plan = new AddressPlan(List.of(pools));
        plan.open();
        return plan;
    }
}
