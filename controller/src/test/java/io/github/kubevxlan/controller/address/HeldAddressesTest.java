package io.github.kubevxlan.controller.address;

import static io.github.kubevxlan.controller.address.AddressRequests.absent;
import static io.github.kubevxlan.controller.address.AddressRequests.avoiding;
import static io.github.kubevxlan.controller.address.AddressRequests.byHand;
import static io.github.kubevxlan.controller.address.AddressRequests.ips;
import static io.github.kubevxlan.controller.address.AddressRequests.named;
import static io.github.kubevxlan.controller.address.AddressRequests.pod;
import static io.github.kubevxlan.controller.address.AddressRequests.pool;
import static io.github.kubevxlan.controller.address.AddressRequests.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Pool;
import io.github.kubevxlan.common.spec.Reservation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses for pods that are away. */
class HeldAddressesTest {
    private static final Pool FOUR = pool("10.1.0.0/24", "10.1.0.10-10.1.0.13");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void ofManyNamesThatAreAwayTheLatestCount() {
        KeptAddresses kept = new KeptAddresses(
                new PoolState(List.of(pool("fd00::/64", "fd00::1-fd00::ffff")), AddressPolicy.NONE),
                new AddressPolicy(List.of(), Optional.of(HOUR), Optional.empty()));
        for (int pod = 1; pod <= 10_001; pod++) {
            kept.keep(
                    new Claimant("u" + pod, "ns/p" + pod, NameKind.BARE, false, Instant.EPOCH),
                    List.of(IpAddr.parse("fd00::" + Integer.toHexString(pod))));
        }
        assertEquals(List.of(), kept.of("ns/p1"));
        assertEquals(1, kept.of("ns/p10001").size());
    }

    @Test
    void aReservedAddressIsForItsNameAlone() {
        AddressPlan plan = plan(Optional.empty(), "db-0 10.1.0.11", "b/db-0 10.1.0.12");
        for (int i = 0; i < 4; i++) {
            plan.put(pod("u" + i, "a/p" + i, FOUR));
        }
        plan.put(byHand("thief", "a/thief", "10.1.0.11/24"));

        assertEquals(Set.of(ip("10.1.0.10"), ip("10.1.0.13")), given(plan, "u0", "u1", "u2", "u3"));
        assertEquals(
                List.of("all 4 usable addresses of 10.1.0.10-10.1.0.13 are taken or held for pods that are away"),
                plan.allocation("u2").refusals());
        assertEquals(
                List.of("ip=10.1.0.11 is reserved for pod db-0"),
                plan.allocation("thief").refusals());

        plan.put(pod("db", "a/db-0", FOUR));
        plan.put(pod("namesake", "b/db-0", FOUR));
        plan.put(byHand("late", "c/db-0", "10.1.0.11/24"));

        assertEquals(ips("10.1.0.11"), plan.allocation("db").claims());
        assertEquals(ips("10.1.0.12"), plan.allocation("namesake").claims());
        assertEquals(
                List.of("ip=10.1.0.11 is an address of pod a/db-0"),
                plan.allocation("late").refusals());
    }

    @Test
    void aReservedAddressMayBeOutsideTheRangeAndStaysWithItsPod() {
        AddressPlan plan = plan(Optional.empty(), "a/db-0 10.1.0.200");
        plan.put(pod("db", "a/db-0", FOUR));
        plan.put(written(pod("db", "a/db-0", FOUR), "10.1.0.200"));

        assertEquals(ips("10.1.0.200"), plan.allocation("db").claims());
        assertEquals(List.of("10.1.0.200/24"), addresses(plan, "db"));
    }

    @Test
    void aGatewaysAddressThatIsReservedIsItsOwnPodsAlone() {
        Pool routed = pool("10.1.0.0/24", "10.1.0.1-10.1.0.4", "10.1.0.1");
        AddressPlan plan = new AddressPlan(List.of(routed), policy(Optional.empty(), "a/gw 10.1.0.1"));
        plan.open();
        plan.put(byHand("thief", "a/thief", "10.1.0.1/24"));
        plan.put(avoiding(pod("gw", "a/gw", routed), "10.1.0.1"));
        assertEquals(
                List.of("ip=10.1.0.1 is reserved for pod a/gw"),
                plan.allocation("thief").refusals());
        assertEquals(ips("10.1.0.1"), plan.allocation("gw").claims());

        plan.remove("gw");
        assertEquals(List.of(), plan.allocation("thief").claims(), "nor while it is away");
        for (int i = 0; i < 4; i++) {
            plan.put(avoiding(pod("u" + i, "a/p" + i, routed), "10.1.0.1"));
        }
        assertEquals(Set.of(ip("10.1.0.2"), ip("10.1.0.3"), ip("10.1.0.4")), given(plan, "u0", "u1", "u2", "u3"));

        plan.put(byHand("again", "a/gw", "10.1.0.1/24"));
        assertEquals(ips("10.1.0.1"), plan.allocation("again").claims());
    }

    @Test
    void whatAPodHasItKeepsThoughItIsReservedForAnother() {
        AddressPlan plan = plan(Optional.empty());
        plan.put(written(pod("u", "a/p", FOUR), "10.1.0.11"));
        AddressPlan edited = plan.offering(List.of(FOUR), policy(Optional.empty(), "a/db-0 10.1.0.11"));
        edited.put(written(pod("u", "a/p", FOUR), "10.1.0.11"));
        edited.put(pod("db", "a/db-0", FOUR));
        edited.open();

        assertEquals(ips("10.1.0.11"), edited.allocation("u").claims());
        assertNotEquals(ips("10.1.0.11"), edited.allocation("db").claims());

        edited.remove("u");
        edited.remove("db");
        for (int i = 0; i < 4; i++) {
            edited.put(pod("u" + i, "a/q" + i, FOUR));
        }
        edited.put(pod("again", "a/db-0", FOUR));
        assertEquals(ips("10.1.0.11"), edited.allocation("again").claims());
    }

    @Test
    void anAddressIsKeptForAsLongAsTheDefinitionSays() {
        AddressPlan plan = plan(Optional.of(HOUR));
        List<IpAddr> had = claimed(plan, named(NameKind.BARE, pod("u", "a/p", FOUR)));
        plan.remove("u");
        for (int i = 0; i < 4; i++) {
            plan.put(pod("u" + i, "a/q" + i, FOUR));
        }
        assertEquals(List.of(), plan.allocation("u3").claims());
        plan.put(byHand("thief", "a/thief", had.getFirst() + "/24"));
        assertEquals(
                List.of("ip=" + had.getFirst() + " is kept for pod a/p, which is away"),
                plan.allocation("thief").refusals());
        plan.remove("thief");

        assertEquals(Set.of(), plan.expire(Duration.ZERO));
        assertEquals(Set.of(), plan.expire(HOUR.minusSeconds(1)));
        assertEquals(Set.of("u3"), plan.expire(HOUR));
        assertEquals(had, plan.allocation("u3").claims());
    }

    @Test
    void aNameThatReturnsInTimeHasItsAddressAgain() {
        AddressPlan plan = plan(Optional.of(HOUR));
        // another name's, which this one would not look for first
        List<IpAddr> had = ips("10.1.0.12");
        AddressRequest pod = named(NameKind.BARE, pod("u", "a/p", FOUR));
        for (int round = 0; round < 3; round++) {
            plan.put(round == 0 ? written(pod, "10.1.0.12") : renamed(pod, "u" + round));
            String uid = round == 0 ? "u" : "u" + round;
            assertEquals(had, plan.allocation(uid).claims());
            plan.remove(uid);
            plan.expire(Duration.ofMinutes(round * 59L));
        }
        // it is known and has no agent yet: it is not away any more
        plan.put(absent(renamed(pod, "pending")));
        plan.expire(Duration.ofDays(1));
        plan.expire(Duration.ofDays(2));
        plan.put(renamed(pod, "pending"));

        assertEquals(had, plan.allocation("pending").claims());
    }

    @Test
    void nothingIsKeptWhereNobodySaysSoOrNoNameReturnsOrThePodIsStillThere() {
        AddressPlan byDefault = plan(Optional.empty());
        claimed(byDefault, named(NameKind.BARE, pod("bare", "a/p", FOUR)));
        byDefault.remove("bare");
        AddressPlan withKeep = plan(Optional.of(HOUR));
        claimed(withKeep, pod("passing", "a/web-7d9-x2x", FOUR));
        claimed(withKeep, named(NameKind.BARE, byHand("hand", "a/hand", "10.1.0.200/24")));
        claimed(withKeep, named(NameKind.BARE, pod("leaves", "a/leaves", FOUR)));
        withKeep.remove("passing");
        withKeep.remove("hand");
        withKeep.leave("leaves");
        AddressPlan never = plan(Optional.of(Duration.ZERO));
        claimed(never, named(NameKind.STATEFUL, pod("set", "a/set-0", FOUR)));
        never.remove("set");

        for (AddressPlan plan : List.of(byDefault, withKeep, never)) {
            assertEquals(
                    List.of(0),
                    plan.uses("vx0").stream().map(use -> use.used().intValue()).toList());
        }
    }

    @Test
    void aStatefulSetsPodKeepsItsAddressAsLongAsAPodWithAHigherNumberIsThere() {
        AddressPlan plan = plan(Optional.empty());
        for (int i = 0; i < 3; i++) {
            claimed(plan, named(NameKind.STATEFUL, pod("u" + i, "a/set-" + i, FOUR)));
        }
        claimed(plan, named(NameKind.STATEFUL, pod("other", "b/set-9", FOUR)));
        List<IpAddr> had = plan.allocation("u1").claims();
        plan.remove("u1");
        plan.put(pod("waits", "a/waits", FOUR));
        plan.expire(Duration.ZERO);
        plan.expire(Duration.ofDays(1));
        assertEquals(List.of(), plan.allocation("waits").claims());

        plan.put(named(NameKind.STATEFUL, pod("again", "a/set-1", FOUR)));
        assertEquals(had, plan.allocation("again").claims());

        // scaled to one
        plan.remove("again");
        plan.remove("u2");
        plan.expire(Duration.ofDays(2));
        assertEquals(List.of(), plan.allocation("waits").claims());
        assertEquals(Set.of("waits"), plan.expire(Duration.ofDays(2).plus(AddressPolicy.GRACE)));
    }

    @Test
    void aStandbyKeepsWhatPodsHadAndTakesNothingForThemItself() {
        AddressPlan standby = new AddressPlan(List.of(FOUR), policy(Optional.of(HOUR)));
        standby.put(written(named(NameKind.BARE, pod("u", "a/p", FOUR)), "10.1.0.12"));
        standby.remove("u");
        standby.put(named(NameKind.BARE, pod("again", "a/p", FOUR)));
        assertEquals(List.of(), standby.allocation("again").claims());

        // the leader gave it another one
        standby.put(written(named(NameKind.BARE, pod("again", "a/p", FOUR)), "10.1.0.13"));
        standby.put(pod("free", "a/free", FOUR));
        standby.open();
        assertEquals(ips("10.1.0.13"), standby.allocation("again").claims());

        AddressPlan leader = new AddressPlan(List.of(FOUR), policy(Optional.of(HOUR)));
        leader.put(written(named(NameKind.BARE, pod("u", "a/p", FOUR)), "10.1.0.12"));
        leader.remove("u");
        leader.put(named(NameKind.BARE, pod("again", "a/p", FOUR)));
        leader.open();
        assertEquals(ips("10.1.0.12"), leader.allocation("again").claims());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStandbyKeepsForANameWhatTheLeaderGaveItLast(boolean isRemovedFirst) {
        AddressPlan standby = new AddressPlan(List.of(FOUR), policy(Optional.of(HOUR)));
        AddressRequest pod = named(NameKind.BARE, pod("u", "a/p", FOUR));
        standby.put(written(named(NameKind.BARE, pod("former", "a/former", FOUR)), "10.1.0.12"));
        if (isRemovedFirst) {
            standby.remove("former");
        }
        // the leader had not seen the former pod
        standby.put(written(pod, "10.1.0.12"));
        standby.remove("former");
        standby.remove("u");
        standby.put(named(NameKind.BARE, pod("returns", "a/former", FOUR)));
        standby.put(renamed(pod, "again"));
        standby.open();

        assertEquals(ips("10.1.0.12"), standby.allocation("again").claims());
        assertNotEquals(ips("10.1.0.12"), standby.allocation("returns").claims());
        assertEquals(1, standby.allocation("returns").claims().size());
    }

    @Test
    void aStandbyThatGivesUpOneAddressOfANameKeepsTheOther() {
        Pool six = pool("fd01::/64", "fd01::10-fd01::13");
        AddressPlan standby = new AddressPlan(List.of(FOUR, six), policy(Optional.of(HOUR)));
        AddressRequest former = named(NameKind.BARE, pod("former", "a/former", FOUR, six));
        standby.put(written(former, "10.1.0.12", "fd01::12"));
        standby.remove("former");
        standby.put(written(pod("u", "a/p", FOUR), "10.1.0.12"));
        standby.open();
        standby.put(renamed(former, "returns"));

        assertEquals(ips("10.1.0.12"), standby.allocation("u").claims());
        assertEquals(ips("fd01::12"), standby.allocation("returns").claims().subList(1, 2));
    }

    @Test
    void anEditOfTheNetworkKeepsWhatItStillHas() {
        AddressPlan plan = plan(Optional.of(HOUR));
        plan.put(written(named(NameKind.BARE, pod("u", "a/p", FOUR)), "10.1.0.12"));
        plan.remove("u");
        Pool wider = pool("10.1.0.0/24", "10.1.0.10-10.1.0.99");
        AddressPlan edited = plan.offering(List.of(wider), policy(Optional.of(HOUR)));
        edited.open();
        edited.put(named(NameKind.BARE, pod("again", "a/p", wider)));
        assertEquals(ips("10.1.0.12"), edited.allocation("again").claims());

        Pool moved = pool("10.2.0.0/24", "10.2.0.10-10.2.0.13");
        AddressPlan elsewhere = plan.offering(List.of(moved), policy(Optional.of(HOUR)));
        assertEquals(
                List.of(0),
                elsewhere.uses("vx0").stream().map(use -> use.used().intValue()).toList());
    }

    /** Whatever comes and goes in whatever order: no address is two pods', none that is held is a stranger's. */
    @Test
    void heldAddressesAreNobodyElsesInWhateverOrderPodsComeAndGo() {
        for (int seed = 0; seed < 300; seed++) {
            new Churn(seed).run();
        }
    }

    private static final class Churn {
        private static final Pool EIGHT = pool("10.1.0.0/24", "10.1.0.10-10.1.0.17");
        private static final List<String> NAMES =
                List.of("a/set-0", "a/set-1", "a/set-2", "a/bare", "a/db-0", "a/x", "a/y", "a/z", "b/db-0");

        private final Random random;
        private final String message;
        private final AddressPlan plan = new AddressPlan(List.of(EIGHT), policy(Optional.of(HOUR), "a/db-0 10.1.0.15"));
        private final Map<String, String> uidByName = new HashMap<>();
        private final Map<String, List<IpAddr>> keptByName = new HashMap<>();
        private final Map<String, Duration> goneAt = new HashMap<>();
        private Duration now = Duration.ZERO;

        Churn(int seed) {
            this.random = new Random(seed);
            this.message = "seed " + seed;
            plan.open();
        }

        void run() {
            for (int step = 0; step < 60; step++) {
                String name = NAMES.get(random.nextInt(NAMES.size()));
                if (random.nextInt(5) == 0) {
                    now = now.plusMinutes(random.nextInt(30));
                    plan.expire(now);
                } else if (uidByName.containsKey(name)) {
                    go(name);
                } else {
                    come(name, "uid-" + step);
                }
                check();
            }
        }

        private void come(String name, String uid) {
            uidByName.put(name, uid);
            plan.put(named(kind(name), pod(uid, name, EIGHT)));
            List<IpAddr> kept = keptByName.remove(name);
            if (kept != null && !isOver(name)) {
                assertEquals(kept, plan.allocation(uid).claims(), message);
            }
        }

        private void go(String name) {
            String uid = Objects.requireNonNull(uidByName.remove(name));
            List<IpAddr> had = plan.allocation(uid).claims();
            plan.remove(uid);
            plan.expire(now);
            if (kind(name) != NameKind.PASSING && !had.isEmpty()) {
                keptByName.put(name, had);
                goneAt.put(name, now);
            }
        }

        private boolean isOver(String name) {
            return now.minus(goneAt.getOrDefault(name, now)).compareTo(HOUR) >= 0;
        }

        private void check() {
            Set<IpAddr> all = new HashSet<>();
            uidByName.forEach((name, uid) -> plan.allocation(uid).claims().forEach(ip -> {
                assertTrue(all.add(ip), message);
                assertTrue(!ip.equals(ip("10.1.0.15")) || name.equals("a/db-0"), message);
                keptByName.forEach((away, kept) -> assertTrue(isOver(away) || !kept.contains(ip), message));
            }));
        }

        private static NameKind kind(String name) {
            return name.contains("set-") ? NameKind.STATEFUL : name.equals("a/bare") ? NameKind.BARE : NameKind.PASSING;
        }
    }

    private static AddressPlan plan(Optional<Duration> keep, String... reserved) {
        AddressPlan plan = new AddressPlan(List.of(FOUR), policy(keep, reserved));
        plan.open();
        return plan;
    }

    private static AddressPolicy policy(Optional<Duration> keep, String... reserved) {
        return new AddressPolicy(
                Arrays.stream(reserved)
                        .map(text -> text.split(" ", -1))
                        .map(parts -> new Reservation(parts[0], ip(parts[1])))
                        .toList(),
                keep,
                Optional.empty());
    }

    private static AddressRequest renamed(AddressRequest pod, String uid) {
        return new AddressRequest(
                new Claimant(uid, pod.name(), pod.pod().kind(), true, Instant.EPOCH),
                pod.byHand(),
                pod.pools(),
                pod.avoided(),
                pod.written());
    }

    private static List<IpAddr> claimed(AddressPlan plan, AddressRequest pod) {
        plan.put(pod);
        return plan.allocation(pod.uid()).claims();
    }

    private static Set<IpAddr> given(AddressPlan plan, String... uids) {
        Set<IpAddr> all = new HashSet<>();
        Arrays.stream(uids).forEach(uid -> all.addAll(plan.allocation(uid).claims()));
        return all;
    }

    private static List<String> addresses(AddressPlan plan, String uid) {
        List<String> all = new ArrayList<>();
        plan.allocation(uid).addresses().forEach(address -> all.add(address.toString()));
        return all;
    }

    private static IpAddr ip(String text) {
        return IpAddr.parse(text);
    }
}
