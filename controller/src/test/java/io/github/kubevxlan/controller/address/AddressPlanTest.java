package io.github.kubevxlan.controller.address;

import static io.github.kubevxlan.controller.address.AddressRequests.absent;
import static io.github.kubevxlan.controller.address.AddressRequests.avoiding;
import static io.github.kubevxlan.controller.address.AddressRequests.byHand;
import static io.github.kubevxlan.controller.address.AddressRequests.created;
import static io.github.kubevxlan.controller.address.AddressRequests.ips;
import static io.github.kubevxlan.controller.address.AddressRequests.pod;
import static io.github.kubevxlan.controller.address.AddressRequests.pool;
import static io.github.kubevxlan.controller.address.AddressRequests.sharing;
import static io.github.kubevxlan.controller.address.AddressRequests.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Pool;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
            given.addAll(plan.allocation("u" + i).claims());
        }
        plan.put(pod("late", "a/late", FOUR));

        assertEquals(Set.copyOf(ips("10.1.0.10", "10.1.0.11", "10.1.0.12", "10.1.0.13")), given);
        assertEquals(
                List.of("all 4 usable addresses of 10.1.0.10-10.1.0.13 are taken"),
                plan.allocation("late").refusals());
    }

    @Test
    void theOneThatWaitsLongestGetsTheOneThatFrees() {
        for (int i = 0; i < 6; i++) {
            plan.put(pod("u" + i, "a/p" + i, FOUR));
        }
        List<IpAddr> freed = plan.allocation("u2").claims();

        assertEquals(Set.of("u4"), plan.remove("u2"));
        assertEquals(freed, plan.allocation("u4").claims());
        assertEquals(List.of(), plan.allocation("u5").claims());
    }

    @Test
    void aNameThatReturnsGetsTheSameUnlessItIsTaken() {
        AddressPlan wide = opened(WIDE);
        wide.put(pod("before", "a/set-0", WIDE));
        List<IpAddr> first = wide.allocation("before").claims();
        wide.remove("before");
        for (int i = 0; i < 100; i++) {
            wide.put(pod("u" + i, "a/p" + i, WIDE));
        }
        wide.put(pod("after", "a/set-0", WIDE));
        wide.put(pod("namesake", "b/set-0", WIDE));

        assertEquals(first, wide.allocation("after").claims());
        assertNotEquals(first, wide.allocation("namesake").claims());

        wide.remove("after");
        wide.put(written(pod("thief", "a/thief", WIDE), first.getFirst().toString()));
        wide.put(pod("again", "a/set-0", WIDE));
        assertNotEquals(first, wide.allocation("again").claims());
        assertTrue(wide.allocation("again").refusals().isEmpty());
    }

    @Test
    void bothFamiliesAreGivenWithTheirSubnetsPrefixLength() {
        AddressPlan both = opened(FOUR, SIX);
        both.put(pod("u", "a/p", FOUR, SIX));

        List<InterfaceAddress> addresses = both.allocation("u").addresses();
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
            listed.put(written(pod("u" + i, "a/p" + i, FOUR), "10.1.0." + i));
        }
        assertEquals(Allocation.NOTHING.claims(), listed.allocation("new").claims());
        assertEquals(Set.of("new", "chooses"), listed.open());

        for (int i = 10; i < 14; i++) {
            assertEquals(ips("10.1.0." + i), listed.allocation("u" + i).claims());
        }
        assertEquals(
                List.of("ip=10.1.0.11 is an address of pod a/p11"),
                listed.allocation("chooses").refusals());
    }

    @Test
    void aPlanAfterARestartGivesWhatTheOneBeforeGave() {
        AddressPlan before = opened(WIDE);
        AddressPlan after = new AddressPlan(List.of(WIDE));
        for (int i = 0; i < 500; i++) {
            before.put(pod("u" + i, "a/p" + i, WIDE));
        }
        for (int i = 499; i >= 0; i--) {
            after.put(written(
                    pod("u" + i, "a/p" + i, WIDE),
                    before.allocation("u" + i).claims().getFirst().toString()));
        }

        assertEquals(Set.of(), after.open());
        for (int i = 0; i < 500; i++) {
            assertEquals(before.allocation("u" + i), after.allocation("u" + i));
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
        assertEquals(ips("10.1.0.12"), plan.allocation("chooses").claims());
    }

    @Test
    void ofTwoThatChoseOneAddressTheFirstHolderKeepsIt() {
        plan.put(byHand("first", "b/first", "10.1.0.200/24"));
        plan.put(byHand("second", "a/second", "10.1.0.200/24", "10.99.0.1/24"));

        assertEquals(ips("10.1.0.200"), plan.allocation("first").claims());
        assertEquals(
                List.of(InterfaceAddress.parse("10.99.0.1/24")),
                plan.allocation("second").addresses());
        assertEquals(
                List.of("ip=10.1.0.200 is an address of pod b/first"),
                plan.allocation("second").refusals());

        assertEquals(Set.of("second"), plan.remove("first"));
        assertEquals(ips("10.1.0.200"), plan.allocation("second").claims());
    }

    @Test
    void addressesOutsideItsSubnetsAreNoneOfItsConcern() {
        plan.put(byHand("one", "a/one", "10.99.0.1/24", "fe80::1/64"));
        plan.put(byHand("two", "a/two", "10.99.0.1/24", "fe80::1/64"));

        assertEquals(plan.allocation("one"), plan.allocation("two"));
        assertEquals(List.of(), plan.allocation("two").claims());
    }

    @Test
    void wherePortSecurityIsOnAnAddressOutsideTheSubnetsIsItsFirstHoldersToo() {
        AddressPlan checked = checked();
        checked.open();
        checked.put(byHand("first", "b/first", "10.99.0.1/24", "fe80::1/64", "fd99::1/64"));
        checked.put(byHand("second", "a/second", "10.99.0.1/24", "fe80::1/64", "fd99::2/64"));

        assertEquals(
                ips("10.99.0.1", "fe80::1", "fd99::1"),
                checked.allocation("first").claims());
        assertEquals(ips("fd99::2"), checked.allocation("second").claims());
        assertEquals(
                List.of(InterfaceAddress.parse("fd99::2/64")),
                checked.allocation("second").addresses());
        assertEquals(
                List.of("ip=10.99.0.1 is an address of pod b/first", "ip=fe80::1 is an address of pod b/first"),
                checked.allocation("second").refusals());

        assertEquals(Set.of("second"), checked.remove("first"));
        assertEquals(
                ips("10.99.0.1", "fe80::1", "fd99::2"),
                checked.allocation("second").claims());
    }

    @Test
    void whatTheDefinitionGivesToAllMembersManyHave() {
        AddressPlan checked = checked("10.99.0.1", "fe80::1");
        checked.open();
        checked.put(byHand("one", "a/one", "10.99.0.1/24", "fe80::1/64"));
        checked.put(byHand("two", "a/two", "10.99.0.1/32"));

        assertEquals(2, checked.allocation("one").addresses().size());
        assertEquals(1, checked.allocation("two").addresses().size());
        assertEquals(List.of(), checked.allocation("two").refusals());
    }

    @Test
    void ofTwoThatHadOneAddressBeforeItWasCheckedTheOlderKeepsIt() {
        for (List<String> listed : List.of(List.of("older", "younger"), List.of("younger", "older"))) {
            AddressPlan checked = checked();
            listed.forEach(uid -> checked.put(written(
                    created(
                            Instant.EPOCH.plusSeconds(uid.equals("older") ? 1 : 2),
                            byHand(uid, uid.equals("older") ? "b/old" : "a/young", "10.99.0.1/24")),
                    "10.99.0.1")));
            checked.open();

            assertEquals(ips("10.99.0.1"), checked.allocation("older").claims());
            assertEquals(
                    List.of("ip=10.99.0.1 is an address of pod b/old"),
                    checked.allocation("younger").refusals());
        }
    }

    @Test
    void whoHasAnAddressWrittenKeepsItThoughAnOlderPodAsksForIt() {
        AddressPlan checked = checked();
        checked.put(created(Instant.EPOCH, byHand("older", "a/old", "10.99.0.1/24")));
        checked.put(written(
                created(Instant.EPOCH.plusSeconds(1), byHand("younger", "b/young", "10.99.0.1/24")), "10.99.0.1"));
        checked.open();

        assertEquals(ips("10.99.0.1"), checked.allocation("younger").claims());
        assertEquals(List.of(), checked.allocation("older").claims());
    }

    @Test
    void podsThatAreExceptedShareAnAddressAndLeaveItToNobodyElse() {
        AddressPlan checked = checked();
        checked.open();
        checked.put(sharing(byHand("one", "a/one", "10.99.0.1/24")));
        checked.put(byHand("thief", "a/thief", "10.99.0.1/24"));
        checked.put(sharing(byHand("two", "a/two", "10.99.0.1/24")));
        assertEquals(ips("10.99.0.1"), checked.allocation("two").claims());
        assertEquals(List.of(), checked.allocation("thief").claims());

        checked.remove("one");
        assertEquals(ips("10.99.0.1"), checked.allocation("two").claims());
        assertEquals(
                List.of("ip=10.99.0.1 is an address of pod a/two"),
                checked.allocation("thief").refusals());

        assertEquals(Set.of("thief"), checked.remove("two"));
        checked.put(sharing(byHand("three", "a/three", "10.99.0.1/24")));
        checked.put(byHand("three", "a/three", "10.99.0.1/24"));
        assertEquals(List.of(), checked.allocation("three").claims(), "it is excepted no more");
    }

    @Test
    void anAddressOfASubnetIsOnePodsAlsoWhereSeveralAreExcepted() {
        plan.put(sharing(byHand("one", "a/one", "10.1.0.200/24")));
        plan.put(sharing(byHand("two", "a/two", "10.1.0.200/24")));

        assertEquals(List.of(), plan.allocation("two").claims());
    }

    @Test
    void gatewaysAreGivenToNobody() {
        Pool pool = pool("10.1.0.0/24", "10.1.0.10-10.1.0.12", "10.1.0.10");
        AddressPlan few = opened(pool);
        few.put(avoiding(pod("u0", "a/p0", pool), "10.1.0.11"));
        few.put(pod("u1", "a/p1", pool));
        few.put(pod("u2", "a/p2", pool));

        assertEquals(ips("10.1.0.12"), few.allocation("u0").claims());
        assertEquals(ips("10.1.0.11"), few.allocation("u1").claims());
        assertEquals(
                List.of("all 2 usable addresses of 10.1.0.10-10.1.0.12 are taken"),
                few.allocation("u2").refusals());
    }

    @Test
    void aGrownSubnetLeavesEveryAddressAndServesThoseWhoWait() {
        for (int i = 0; i < 6; i++) {
            plan.put(pod("u" + i, "a/p" + i, FOUR));
        }
        AddressPlan grown = plan.offering(List.of(WIDE), AddressPolicy.NONE);
        for (int i = 5; i >= 0; i--) {
            grown.put(pod("u" + i, "a/p" + i, WIDE));
        }
        grown.open();

        for (int i = 0; i < 4; i++) {
            assertEquals(
                    plan.allocation("u" + i).claims(), grown.allocation("u" + i).claims());
            assertEquals(16, grown.allocation("u" + i).addresses().getFirst().prefixLength());
        }
        assertEquals(1, grown.allocation("u4").claims().size());
        assertEquals(1, grown.allocation("u5").claims().size());
    }

    @Test
    void whoFindsNoPlaceInAShrunkRangeKeepsItsAddressUntilThereIsOne() {
        for (int i = 10; i < 14; i++) {
            plan.put(written(pod("u" + i, "a/p" + i, FOUR), "10.1.0." + i));
        }
        Pool two = pool("10.1.0.0/24", "10.1.0.12-10.1.0.13");
        AddressPlan shrunk = plan.offering(List.of(two), AddressPolicy.NONE);
        for (int i = 10; i < 14; i++) {
            shrunk.put(written(pod("u" + i, "a/p" + i, two), "10.1.0." + i));
        }
        shrunk.open();
        shrunk.put(pod("late", "a/late", two));

        for (int i = 10; i < 14; i++) {
            assertEquals(ips("10.1.0." + i), shrunk.allocation("u" + i).claims());
        }
        assertEquals(List.of(), shrunk.allocation("u12").notApplied());
        assertEquals(
                List.of("all 2 usable addresses of 10.1.0.12-10.1.0.13 are taken; the interface keeps 10.1.0.10"),
                shrunk.allocation("u10").notApplied());
        assertEquals(List.of(), shrunk.allocation("u10").refusals());
        assertEquals(1, shrunk.allocation("late").refusals().size());
        assertEquals(List.of(), shrunk.allocation("late").claims());

        Set<String> changed = shrunk.remove("u12");

        assertEquals(1, changed.size());
        String next = changed.iterator().next();
        assertEquals(ips("10.1.0.12"), shrunk.allocation(next).claims());
        assertTrue(shrunk.allocation(next).isWhole());
    }

    @Test
    void nobodyKeepsAnAddressThatIsNoHostsInTheSmallerSubnet() {
        Pool wide = pool("10.1.0.0/16", "10.1.0.250-10.1.0.255");
        AddressPlan before = opened(wide);
        before.put(written(pod("u255", "a/p255", wide), "10.1.0.255"));
        Pool one = pool("10.1.0.0/24", "10.1.0.10-10.1.0.10");
        AddressPlan shrunk = before.offering(List.of(one), AddressPolicy.NONE);
        shrunk.put(written(pod("u10", "a/p10", one), "10.1.0.10"));
        shrunk.put(written(pod("u255", "a/p255", one), "10.1.0.255"));
        shrunk.open();

        assertEquals(List.of(), shrunk.allocation("u255").claims());
        assertEquals(1, shrunk.allocation("u255").refusals().size());
    }

    @Test
    void aLeaderThatNeverSawTheWiderRangeLeavesAMemberItsAddressToo() {
        Pool one = pool("10.1.0.0/24", "10.1.0.12-10.1.0.12");
        AddressPlan cold = new AddressPlan(List.of(one));
        cold.put(written(pod("u10", "a/p10", one), "10.1.0.10"));
        cold.put(written(pod("u12", "a/p12", one), "10.1.0.12"));
        cold.open();

        assertEquals(ips("10.1.0.10"), cold.allocation("u10").claims());
        assertEquals(ips("10.1.0.12"), cold.allocation("u12").claims());
    }

    @Test
    void aMovedSubnetGivesEverybodyAnother() {
        plan.put(written(pod("u", "a/p", FOUR), "10.1.0.10"));
        Pool other = pool("10.2.0.0/24", "10.2.0.1-10.2.0.254");
        AddressPlan moved = plan.offering(List.of(other), AddressPolicy.NONE);
        moved.put(written(pod("u", "a/p", other), "10.1.0.10"));
        moved.open();

        assertEquals(1, moved.allocation("u").claims().size());
        assertTrue(other.offers(moved.allocation("u").claims().getFirst()));
    }

    @Test
    void whatAPodMayHaveNoMoreIsNobodysUntilThatIsWrittenOnIt() {
        plan.put(written(byHand("u", "a/p", "10.1.0.10/24"), "10.1.0.10"));
        plan.put(written(byHand("u", "a/p", "10.1.0.200/24"), "10.1.0.10"));
        plan.put(byHand("next", "a/next", "10.1.0.10/24"));
        assertEquals(List.of(), plan.allocation("next").claims());

        assertEquals(Set.of("next"), plan.put(written(byHand("u", "a/p", "10.1.0.200/24"), "10.1.0.200")));
        assertEquals(ips("10.1.0.10"), plan.allocation("next").claims());
    }

    @Test
    void aPodThatCanBeProgrammedNoMoreKeepsTheAddressThatIsWrittenOnIt() {
        plan.put(pod("u", "a/p", FOUR));
        List<IpAddr> before = plan.allocation("u").claims();
        AddressRequest written =
                written(pod("u", "a/p", FOUR), before.getFirst().toString());
        plan.put(written);

        assertEquals(Set.of(), plan.put(absent(written)));
        assertEquals(before, plan.allocation("u").claims());
    }

    @Test
    void aPodThatCanBeProgrammedNoMoreGivesBackWhatWasNeverWrittenOnIt() {
        for (String uid : List.of("1", "2", "3", "4", "5")) {
            plan.put(pod(uid, "a/" + uid, FOUR));
        }
        List<IpAddr> first = plan.allocation("1").claims();

        assertEquals(Set.of("1", "5"), plan.put(absent(pod("1", "a/1", FOUR))));
        assertEquals(List.of(), plan.allocation("1").claims());
        assertEquals(first, plan.allocation("5").claims());
    }

    private Set<IpAddr> givenTo(String... uids) {
        Set<IpAddr> all = new HashSet<>();
        for (String uid : uids) {
            all.addAll(plan.allocation(uid).claims());
        }
        return all;
    }

    /** One where members check what others send, and which gives all of them some addresses. */
    private static AddressPlan checked(String... common) {
        return new AddressPlan(
                List.of(), new AddressPolicy(List.of(), Optional.empty(), Optional.of(Set.copyOf(ips(common)))));
    }

    private static AddressPlan opened(Pool... pools) {
        AddressPlan plan = new AddressPlan(List.of(pools));
        plan.open();
        return plan;
    }
}
