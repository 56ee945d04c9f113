//! Port security: a member sends with its own MAC and its own addresses only. Its peers check that where packets arrive,
//! on the VXLAN packet, which has all that is needed: the sender's VTEP, and behind 16 bytes of UDP and VXLAN header the
//! frame. For each segment there are sets of what each VTEP may send, a chain that finds the segment's packets, and a chain
//! of checks, which ends at the first that fails. For each kind of refusal there are a counter and a chain, and for all of
//! them a set of the VTEPs that were refused of late. It is bounded: a VTEP for which there is no place is refused all the
//! same, since what refuses is a rule of its own.
//!
//! A field that a packet does not have matches nothing. So a frame that ends before a checked field passes, and the
//! kernel discards it, since it can't be the ARP packet or the neighbour advertisement that it says it is. Only what
//! fragments of the underlay hide is dropped, since the kernel puts IPv6 ones together after the checks.

use super::filters::{DEL_ELEMENTS, NEW_ELEMENTS, Transaction};
use super::rules::{self, ACCEPT, AT_LEAST, DROP, EQUAL, TRANSPORT_HEADER, UNEQUAL};
use crate::netlink::{Socket, Writer};
use crate::request::{Filter, Security, Senders};
use crate::response::Caught;
use std::fmt::Write;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

/// Why a packet is refused; each has a counter.
pub const KINDS: [&str; 7] = ["mac", "address", "arp", "nd", "router", "dhcp", "hidden"];

/// Of all kinds of all VTEPs of a segment.
pub(super) const MOST_CAUGHT: u32 = 64;

/// How long a VTEP counts as caught after its last packet.
pub(super) const CAUGHT_FOR: Duration = Duration::from_secs(3600);

const SETS: [Set; 4] = [Set::Exempt, Set::Mac, Set::Ipv4, Set::Ipv6];

/// Behind that of the filters, so that strangers are counted there.
const PRIORITY: u32 = 1;

// Bytes behind the start of the UDP header.
const SOURCE_MAC: u32 = 22;
const ETHER_TYPE: u32 = 28;
const IPV4_FRAGMENT: u32 = 36;
const IPV4_PROTOCOL: u32 = 39;
const IPV4_SOURCE: u32 = 42;
const IPV4_SOURCE_PORT: u32 = 50;
const ARP_SENDER_MAC: u32 = 38;
const ARP_SENDER: u32 = 44;
const IPV6_NEXT_HEADER: u32 = 36;
const IPV6_SOURCE: u32 = 38;
const IPV6_SOURCE_PORT: u32 = 70;
const ICMPV6_TYPE: u32 = 70;
const ND_TARGET: u32 = 78;
/// Of those that are checked.
const LAST: u32 = 93;

const ARP: Match = Match::Is(ETHER_TYPE, &[0x08, 0x06]);
const IPV4: Match = Match::Is(ETHER_TYPE, &[0x08, 0x00]);
const IPV6: Match = Match::Is(ETHER_TYPE, &[0x86, 0xdd]);
const ICMPV6: Match = Match::Is(IPV6_NEXT_HEADER, &[58]);
const UNSPECIFIED: [u8; 16] = [0; 16];

#[derive(Clone, Copy)]
enum Set {
    /// VTEPs.
    Exempt,
    /// VTEPs with MACs.
    Mac,
    /// VTEPs with IPv4 addresses.
    Ipv4,
    /// VTEPs with IPv6 addresses.
    Ipv6,
}

impl Set {
    fn word(self) -> &'static str {
        match self {
            Set::Exempt => "exempt",
            Set::Mac => "mac",
            Set::Ipv4 => "ipv4",
            Set::Ipv6 => "ipv6",
        }
    }

    fn name(self, filter: &Filter) -> String {
        format!("{filter}-{}", self.word())
    }

    /// Where what stands beside a VTEP is found in a packet, and how long it is.
    fn field(self) -> Option<(u32, usize)> {
        match self {
            Set::Exempt => None,
            Set::Mac => Some((SOURCE_MAC, 6)),
            Set::Ipv4 => Some((IPV4_SOURCE, 4)),
            Set::Ipv6 => Some((IPV6_SOURCE, 16)),
        }
    }
}

/// What a rule looks for.
enum Match {
    Is(u32, &'static [u8]),
    IsNot(u32, &'static [u8]),
    Bits(u32, &'static [u8], &'static [u8]),
    /// The sender's VTEP with what is there is not in the set.
    Foreign(u32, Set),
}

struct Check(&'static [Match], &'static str);

const CHECKS: [Check; 16] = [
    Check(&[Match::Foreign(SOURCE_MAC, Set::Mac)], "mac"),
    Check(&[IPV4, Match::IsNot(IPV4_SOURCE, &[0; 4]), Match::Foreign(IPV4_SOURCE, Set::Ipv4)], "address"),
    Check(
        &[
            // Without options, which would put the port elsewhere.
            Match::Is(ETHER_TYPE, &[0x08, 0x00, 0x45]),
            Match::Bits(IPV4_FRAGMENT, &[0x1f, 0xff], &[0, 0]),
            Match::Is(IPV4_PROTOCOL, &[17]),
            Match::Is(IPV4_SOURCE_PORT, &[0, 67]),
        ],
        "dhcp",
    ),
    Check(&[ARP, Match::Foreign(ARP_SENDER_MAC, Set::Mac)], "arp"),
    Check(&[ARP, Match::IsNot(ARP_SENDER, &[0; 4]), Match::Foreign(ARP_SENDER, Set::Ipv4)], "arp"),
    Check(&[IPV6, Match::IsNot(IPV6_SOURCE, &UNSPECIFIED), Match::Foreign(IPV6_SOURCE, Set::Ipv6)], "address"),
    // Neighbour discovery has a hop limit of 255, and in sight of these rules no extension header before it.
    Check(&[IPV6, Match::Is(IPV6_NEXT_HEADER, &[0, 255])], "hidden"),
    Check(&[IPV6, Match::Is(IPV6_NEXT_HEADER, &[43, 255])], "hidden"),
    Check(&[IPV6, Match::Is(IPV6_NEXT_HEADER, &[60, 255])], "hidden"),
    Check(&[IPV6, ICMPV6, Match::Is(ICMPV6_TYPE, &[134])], "router"),
    Check(&[IPV6, ICMPV6, Match::Is(ICMPV6_TYPE, &[137])], "router"),
    Check(&[IPV6, ICMPV6, Match::Is(ICMPV6_TYPE, &[136]), Match::Foreign(ND_TARGET, Set::Ipv6)], "nd"),
    Check(
        &[
            IPV6,
            ICMPV6,
            Match::Is(ICMPV6_TYPE, &[135]),
            Match::Is(IPV6_SOURCE, &UNSPECIFIED),
            Match::Foreign(ND_TARGET, Set::Ipv6),
        ],
        "nd",
    ),
    Check(&[IPV6, Match::Is(IPV6_NEXT_HEADER, &[17]), Match::Is(IPV6_SOURCE_PORT, &[0x02, 0x23])], "dhcp"),
    // The kernel takes a tag of VLAN 0 off, and then what is behind it for untagged.
    Check(&[Match::Is(ETHER_TYPE, &[0x81, 0x00])], "hidden"),
    Check(&[Match::Is(ETHER_TYPE, &[0x88, 0xa8])], "hidden"),
];

fn gate(filter: &Filter) -> String {
    format!("{filter}-security")
}

fn checks(filter: &Filter) -> String {
    format!("{filter}-senders")
}

fn refusal(filter: &Filter, kind: &str) -> String {
    format!("{filter}-refuse-{kind}")
}

fn caught_set(filter: &Filter) -> String {
    format!("{filter}-caught")
}

fn comment(mode: Security) -> &'static str {
    match mode {
        Security::Log => "security=log",
        Security::On => "security=on",
    }
}

impl Transaction {
    /// Its chains with nothing in them but their rules; its sets and counters stay if they are there.
    pub(super) fn put_security(&mut self, filter: &Filter, mode: Security) {
        self.make_security(filter);
        let refuse = |w: &mut Writer, kind: &str| rules::goto(w, &refusal(filter, kind));
        let (gate, checks, comment) = (gate(filter), checks(filter), comment(mode));
        let to_checks = |w: &mut Writer, shows_all: bool| {
            rules::of_family(filter, w);
            rules::on_port(filter, w);
            rules::of_vni(filter, w);
            if shows_all {
                rules::field(w, TRANSPORT_HEADER, LAST, AT_LEAST, &[0]);
            }
            rules::goto(w, &checks);
        };
        if filter.ipv6 {
            self.rule(&gate, comment, |w| to_checks(w, true));
            self.rule(&gate, comment, |w| {
                rules::on_port(filter, w);
                rules::more_fragments(w);
                refuse(w, "hidden");
            });
        }
        self.rule(&gate, comment, |w| to_checks(w, false));
        self.rule(&checks, comment, |w| {
            rules::source(filter, w);
            rules::lookup(w, &Set::Exempt.name(filter), true);
            rules::verdict(w, ACCEPT);
        });
        for Check(matches, kind) in &CHECKS {
            self.rule(&checks, comment, |w| {
                matches.iter().for_each(|one| look_for(one, filter, w));
                refuse(w, kind);
            });
        }
        // A kind is written beside a VTEP as its place, from 1 on.
        for (kind, number) in KINDS.into_iter().zip(1..) {
            let chain = refusal(filter, kind);
            self.rule(&chain, comment, |w| {
                rules::count_by(w, &format!("{filter}-{kind}"));
                rules::source(filter, w);
                rules::put_beside(w, filter, number);
                rules::update(w, &caught_set(filter));
            });
            self.rule(&chain, comment, |w| rules::verdict(w, if mode == Security::On { DROP } else { ACCEPT }));
        }
    }

    pub(super) fn delete_security(&mut self, filter: &Filter) {
        self.make_security(filter);
        self.delete_chain(&gate(filter));
        self.delete_chain(&checks(filter));
        KINDS.iter().for_each(|kind| self.delete_chain(&refusal(filter, kind)));
        self.delete_set(&caught_set(filter));
        SETS.iter().for_each(|set| self.delete_set(&set.name(filter)));
        KINDS.iter().for_each(|kind| self.delete_counter(&format!("{filter}-{kind}")));
    }

    /// Makes sure that all objects are there, and the chains are empty.
    fn make_security(&mut self, filter: &Filter) {
        self.make_table();
        for set in SETS {
            self.make_set(&set.name(filter), filter.ipv6, set.field());
        }
        for kind in KINDS {
            self.make_counter(&format!("{filter}-{kind}"));
        }
        self.make_caught(&caught_set(filter), filter.ipv6);
        let (gate, checks) = (gate(filter), checks(filter));
        self.make_chain(&gate, Some(PRIORITY));
        self.make_chain(&checks, None);
        self.empty(&gate);
        self.empty(&checks);
        for kind in KINDS {
            self.make_chain(&refusal(filter, kind), None);
            self.empty(&refusal(filter, kind));
        }
    }

    pub(super) fn senders(&mut self, senders: &Senders, kinds: &[u16]) {
        let keys = |pairs: &[(IpAddr, IpAddr)], ipv6: bool| {
            let of_family = pairs.iter().filter(|(_, ip)| ip.is_ipv6() == ipv6);
            of_family.map(|(vtep, ip)| key(vtep, &bytes(ip))).collect::<Vec<_>>()
        };
        let all = [
            (Set::Exempt, senders.exempt.iter().map(|vtep| key(vtep, &[])).collect()),
            (Set::Mac, senders.macs.iter().map(|(vtep, mac)| key(vtep, &mac.0)).collect()),
            (Set::Ipv4, keys(&senders.ips, false)),
            (Set::Ipv6, keys(&senders.ips, true)),
        ];
        for (set, keys) in all {
            self.keys(&set.name(&senders.filter), &keys, kinds);
        }
    }

    pub(super) fn permit(&mut self, senders: &Senders) {
        self.senders(senders, &[NEW_ELEMENTS]);
    }

    pub(super) fn forbid(&mut self, senders: &Senders) {
        self.senders(senders, &[NEW_ELEMENTS, DEL_ELEMENTS]);
    }
}

fn look_for(what: &Match, filter: &Filter, w: &mut Writer) {
    match *what {
        Match::Is(at, value) => rules::field(w, TRANSPORT_HEADER, at, EQUAL, value),
        Match::IsNot(at, value) => rules::field(w, TRANSPORT_HEADER, at, UNEQUAL, value),
        Match::Bits(at, mask, value) => rules::bits(w, TRANSPORT_HEADER, at, mask, value),
        Match::Foreign(at, set) => {
            let length = set.field().map_or(0, |(_, length)| length as u32);
            rules::source(filter, w);
            rules::load_beside(w, filter, TRANSPORT_HEADER, at, length);
            rules::lookup(w, &set.name(filter), false);
        }
    }
}

fn bytes(ip: &IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    }
}

/// Each part fills registers of four bytes.
pub(super) fn key(vtep: &IpAddr, beside: &[u8]) -> Vec<u8> {
    let mut key = bytes(vtep);
    key.extend(beside);
    key.resize(key.len().next_multiple_of(4), 0);
    key
}

/// What each VTEP may send; nothing where the kernel has no such sets.
pub fn permitted(socket: &mut Socket, filter: &Filter) -> io::Result<Senders> {
    let mut senders = Senders { filter: filter.clone(), ..Senders::default() };
    let width = if filter.ipv6 { 16 } else { 4 };
    for set in SETS {
        let Some(keys) = super::filters::keys(socket, &set.name(filter))? else { break };
        for key in keys {
            let Some((vtep, beside)) = key.split_at_checked(width) else { continue };
            let (Some(vtep), Some(length)) = (ip(vtep), set.field().map_or(Some(0), |(_, length)| Some(length))) else {
                continue;
            };
            let Some(beside) = beside.get(..length) else { continue };
            match set {
                Set::Exempt => senders.exempt.push(vtep),
                Set::Mac => senders.macs.extend(beside.try_into().ok().map(|mac| (vtep, crate::values::Mac(mac)))),
                Set::Ipv4 | Set::Ipv6 => senders.ips.extend(ip(beside).map(|ip| (vtep, ip))),
            }
        }
    }
    Ok(senders)
}

/// Who was refused of late in the segments of these chains, and for what.
pub fn caught(socket: &mut Socket, chains: &[(String, Vec<String>)]) -> io::Result<Vec<Caught>> {
    let mut all = Vec::new();
    for filter in chains.iter().filter_map(|(chain, _)| chain.strip_suffix("-senders")) {
        let width = if filter.ends_with("ipv6") { 16 } else { 4 };
        for (key, left) in super::filters::passing(socket, &format!("{filter}-caught"))?.unwrap_or_default() {
            let Some((vtep, kind)) = key.split_at_checked(width) else { continue };
            let kind = kind.try_into().ok().map(u32::from_ne_bytes).and_then(|number| number.checked_sub(1));
            let kind = kind.and_then(|place| KINDS.get(place as usize));
            if let (Some(vtep), Some(kind)) = (ip(vtep), kind) {
                let ago = CAUGHT_FOR.saturating_sub(left).as_secs();
                all.push(Caught(filter.to_string(), vtep, (*kind).to_string(), ago));
            }
        }
    }
    Ok(all)
}

fn ip(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(|ip| IpAddr::V4(Ipv4Addr::from(ip))),
        16 => <[u8; 16]>::try_from(bytes).ok().map(|ip| IpAddr::V6(Ipv6Addr::from(ip))),
        _ => None,
    }
}

/// The lines of a digest: what stands beside a VTEP as nft shows it, a number without zeros before it.
pub fn lines(senders: &Senders) -> Vec<String> {
    let line = |set: Set, vtep: &IpAddr, beside: &[u8]| {
        let digits = beside.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let digits = digits.trim_start_matches('0');
        format!("{} {vtep} 0x{}", set.name(&senders.filter), if digits.is_empty() { "0" } else { digits })
    };
    let exempt = senders.exempt.iter().map(|vtep| format!("{} {vtep}", Set::Exempt.name(&senders.filter)));
    let macs = senders.macs.iter().map(|(vtep, mac)| line(Set::Mac, vtep, &mac.0));
    let ips =
        senders.ips.iter().map(|(vtep, ip)| line(if ip.is_ipv6() { Set::Ipv6 } else { Set::Ipv4 }, vtep, &bytes(ip)));
    exempt.chain(macs).chain(ips).collect()
}
