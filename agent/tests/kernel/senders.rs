//! Port security against real packets: three members whose links lead to one bridge, of which the third is hostile.

use super::{Pod, bridged};
use serde_json::{Value, json};

const FRAMES: &str = include_str!("frames.py");

/// What the hostile one sends, and how it is counted.
const ATTACKS: [(&str, &str); 14] = [
    ("another's MAC", "mac"),
    ("another's IPv4 source", "address"),
    ("another's IPv6 source", "address"),
    ("another's link-local source", "address"),
    ("gratuitous ARP", "arp"),
    ("ARP reply of another's MAC", "arp"),
    ("unsolicited advertisement", "nd"),
    ("advertisement behind options", "hidden"),
    ("search for a duplicate", "nd"),
    ("router advertisement", "router"),
    ("redirect", "router"),
    ("DHCP offer", "dhcp"),
    ("DHCPv6 reply", "dhcp"),
    ("gratuitous ARP with a tag", "hidden"),
];

struct Segment {
    ipv6: bool,
    _hub: Pod,
    members: Vec<Pod>,
}

impl Segment {
    fn new(ipv6: bool, mode: &str) -> Segment {
        let (hub, members) = bridged(3);
        let segment = Segment { ipv6, _hub: hub, members };
        for number in 1..=3 {
            let member = segment.member(number);
            let made = member.session().run(segment.join(number, mode));
            assert_eq!(made["failures"], json!([]));
        }
        segment
    }

    fn member(&self, number: usize) -> &Pod {
        &self.members[number - 1]
    }

    fn vtep(&self, number: usize) -> String {
        if self.ipv6 { format!("fd00::{number}") } else { format!("10.100.0.{number}") }
    }

    fn filter(&self) -> Value {
        json!({"vni": 100, "port": 8472, "ipv6": self.ipv6})
    }

    fn name(&self) -> String {
        format!("vni100-port8472-ipv{}", if self.ipv6 { 6 } else { 4 })
    }

    fn senders(&self, number: usize) -> Value {
        let vtep = self.vtep(number);
        let ips = [format!("10.1.0.{number}"), format!("fd01::{number}"), format!("fe80::7078:ff:fe00:{number}")];
        json!({"filter": self.filter(), "macs": [[vtep, format!("72:78:00:00:00:0{number}")]],
            "ips": ips.map(|ip| [vtep.clone(), ip])})
    }

    /// As the controller does it: who may send what, then the link.
    fn join(&self, number: usize, mode: &str) -> Value {
        let others: Vec<_> = (1..=3).filter(|other| *other != number).collect();
        let vteps: Vec<_> = others.iter().map(|other| self.vtep(*other)).collect();
        let mut ops = vec![
            json!({"put_filter": self.filter()}),
            json!({"admit": {"filter": self.filter(), "vteps": vteps}}),
            json!({"put_security": {"filter": self.filter(), "mode": mode}}),
        ];
        ops.extend(others.iter().map(|other| json!({"permit": self.senders(*other)})));
        ops.push(json!({"add_link": {"link": "vx0", "mac": format!("72:78:00:00:00:0{number}"), "vni": 100,
            "port": 8472, "local": self.vtep(number), "dev": "eth0", "mtu": 1430}}));
        ops.push(json!({"put_entries": {"link": "vx0", "flood": vteps}}));
        for address in [format!("10.1.0.{number}/24"), format!("fd01::{number}/64")] {
            ops.push(json!({"put_address": {"link": "vx0", "address": address}}));
        }
        ops.push(json!({"set_up": {"link": "vx0", "up": true}}));
        json!(ops)
    }

    /// The packets that the second member has counted.
    fn counted(&self, kind: &str) -> u64 {
        let counter = format!("nft list counter inet kube-vxlan-controller {}-{kind}", self.name());
        let shown = self.member(2).sees(&counter);
        shown.split_whitespace().skip_while(|word| *word != "packets").nth(1).unwrap().parse().unwrap()
    }

    fn all_counted(&self) -> Vec<(&'static str, u64)> {
        let kinds = ["mac", "address", "arp", "nd", "router", "dhcp", "hidden"];
        kinds.into_iter().map(|kind| (kind, self.counted(kind))).filter(|(_, count)| *count > 0).collect()
    }

    /// Whom the second member tells that it refused, and for what.
    fn caught(&self) -> Vec<(String, String)> {
        let ask = json!({"do": {"id": 1, "epoch": 1, "session": 1, "ask": {"state": true}}});
        let told = self.member(2).session().ask(&ask)["done"]["state"]["filters"]["caught"].clone();
        let text = |value: &Value| value.as_str().unwrap().to_string();
        let mut all: Vec<_> = told.as_array().unwrap().iter().map(|one| (text(&one[1]), text(&one[2]))).collect();
        for one in told.as_array().unwrap() {
            assert_eq!(one[0], json!(self.name()));
            assert!(one[3].as_u64().unwrap() < 600, "it was lately: {told}");
        }
        all.sort();
        all
    }

    fn pings(&self, from: usize, to: usize) {
        let addresses = [format!("10.1.0.{to}"), format!("fd01::{to}"), format!("fe80::7078:ff:fe00:{to}%vx0")];
        let mut ping = self.member(from).command("python3");
        let ping = ping.args(["-c", FRAMES, "ping"]).args(&addresses).output().unwrap();
        assert!(ping.status.success(), "{from} to {addresses:?}: {ping:?}");
    }

    fn sends(&self, what: &str) {
        let sent = self.member(3).command("python3").args(["-c", FRAMES, "vx0", what]).output().unwrap();
        assert!(sent.status.success(), "{sent:?}");
    }

    /// What the second member takes the first one's addresses to be at.
    fn neighbours(&self) -> String {
        let show = "ip neigh show dev vx0 | grep -E '^(10.1.0.1|fd01::1) ' | grep -o '.* lladdr [^ ]*' | sort";
        self.member(2).sees(show)
    }
}

/// A redirect comes in the name of the next hop that the second member has, and leads to the third.
#[test]
fn a_guarded_link_takes_no_redirects() {
    let segment = Segment::new(false, "log");
    let member = segment.member(2);
    let router = "fe80::7078:ff:fe00:1";
    member.sees(&format!("ip route add 10.9.0.0/24 via 10.1.0.1; ip route add fd09::/64 via {router} dev vx0"));
    let redirects = [
        ("IPv4 redirect in the router's name", "10.9.0.1", "10.1.0.1", "10.1.0.3"),
        ("IPv6 redirect in the router's name", "fd09::1", router, "fe80::7078:ff:fe00:3"),
    ];
    let next_hop = |to: &str| {
        let route = member.sees(&format!("ip route get {to}"));
        route.split_whitespace().skip_while(|word| *word != "via").nth(1).unwrap_or_default().to_string()
    };
    for (redirect, to, router, hostile) in redirects {
        assert_eq!(next_hop(to), router);
        segment.pings(2, 3); // a redirect to a next hop whose MAC is not known has no effect
        segment.sends(redirect);
        segment.pings(3, 2);
        assert_eq!(next_hop(to), hostile, "without a guard: {redirect}");
    }
    member.sees("ip route flush cache; ip -6 route flush cache");
    member.session().does(json!([{"set_guard": {"links": ["vx0"]}}]));
    for (redirect, to, router, _) in redirects {
        segment.sends(redirect);
        segment.pings(3, 2);
        assert_eq!(next_hop(to), router, "{redirect}");
    }
    let counted = member.sees("nft list chain inet kube-vxlan-controller router-advertisements | grep -c 'packets 1 '");
    assert_eq!(counted, "2");
}

const TRUE_NEIGHBOURS: &str = "10.1.0.1 lladdr 72:78:00:00:00:01\nfd01::1 lladdr 72:78:00:00:00:01";

#[test]
fn a_hostile_member_poisons_nobody() {
    for ipv6 in [false, true] {
        let segment = Segment::new(ipv6, "on");
        for (from, to) in [(1, 2), (2, 1), (3, 2), (2, 3)] {
            segment.pings(from, to);
        }
        segment.sends("honest");
        segment.pings(3, 2);
        assert_eq!(segment.all_counted(), [], "what honest members send is not refused");
        for (attack, kind) in ATTACKS {
            let before = segment.counted(kind);
            segment.pings(2, 1);
            segment.sends(attack);
            segment.pings(3, 2);
            assert_eq!(segment.counted(kind), before + 1, "{attack}");
            assert_eq!(segment.neighbours(), TRUE_NEIGHBOURS, "{attack}");
        }
        assert_eq!(segment.member(2).sees("ip -6 route show default"), "");
        segment.pings(2, 1);
        let mut kinds: Vec<_> = ATTACKS.iter().map(|(_, kind)| (segment.vtep(3), (*kind).to_string())).collect();
        kinds.sort();
        kinds.dedup();
        assert_eq!(segment.caught(), kinds, "the sender is named by its VTEP");
        let refused: u64 = segment.all_counted().iter().map(|(_, count)| count).sum();
        assert_eq!(refused, ATTACKS.len() as u64);
    }
}

#[test]
fn one_for_whom_there_is_no_place_among_the_caught_is_refused_all_the_same() {
    let segment = Segment::new(false, "on");
    segment.pings(3, 2);
    let full: Vec<_> = (1..=64).map(|number| format!("192.0.2.{number} . 3")).collect();
    let set = format!("inet kube-vxlan-controller {}-caught", segment.name());
    segment.member(2).sees(&format!("nft add element {set} '{{ {} }}'", full.join(", ")));
    assert_eq!(segment.caught().len(), 64);
    segment.sends("gratuitous ARP");
    segment.pings(3, 2);
    assert_eq!(segment.all_counted(), [("arp", 1)]);
    assert_eq!(segment.caught().len(), 64, "there is no place");
    assert_eq!(segment.neighbours(), "");
}

#[test]
fn what_is_only_logged_gets_through_and_so_does_all_of_an_exempt_member() {
    let segment = Segment::new(false, "log");
    segment.pings(2, 1);
    segment.sends("gratuitous ARP");
    segment.sends("unsolicited advertisement");
    segment.pings(3, 2);
    assert_eq!(segment.all_counted(), [("arp", 1), ("nd", 1)]);
    assert_eq!(segment.caught(), ["arp", "nd"].map(|kind| (segment.vtep(3), kind.to_string())));
    assert_eq!(segment.neighbours(), TRUE_NEIGHBOURS.replace(":01", ":03"), "the attacks are real");

    let vtep = segment.vtep(3);
    let exempt = json!([{"put_security": {"filter": segment.filter(), "mode": "on"}},
        {"permit": {"filter": segment.filter(), "exempt": [vtep]}}, {"forbid": segment.senders(3)}]);
    segment.member(2).session().does(exempt);
    segment.sends("gratuitous ARP");
    segment.sends("router advertisement");
    segment.pings(3, 2);
    assert_eq!(segment.all_counted(), [("arp", 1), ("nd", 1)]);
}

#[test]
fn fragments_of_the_underlay_hide_nothing() {
    let segment = Segment::new(true, "on");
    segment.pings(2, 1);
    segment.pings(3, 2);
    let mac = |number: usize| segment.member(number).sees("cat /sys/class/net/eth0/address");
    let underlay = mac(2) + &mac(3);
    let sent = segment.member(3).command("python3").args(["-c", FRAMES, "eth0", "fragments", &underlay]).output();
    assert!(sent.unwrap().status.success());
    segment.pings(3, 2);
    assert_eq!(segment.all_counted(), [("hidden", 1)]);
    assert_eq!(segment.neighbours(), TRUE_NEIGHBOURS);
}
