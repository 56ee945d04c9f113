//! The rules of filters and of the guard, as expressions of nftables (linux/netfilter/nf_tables.h).

use crate::netlink::Writer;
use crate::request::Filter;
use crate::values::Name;

const REGISTER: u32 = 1; // NFT_REG_1
const SECOND_WORD: u32 = 9; // NFT_REG32_01, the second four bytes of NFT_REG_1
const VERDICT: u32 = 0; // NFT_REG_VERDICT
pub(super) const DROP: u32 = 0;
pub(super) const ACCEPT: u32 = 1;
const GOTO: u32 = -4_i32 as u32; // NFT_GOTO

pub(super) const EQUAL: u32 = 0; // NFT_CMP_EQ
pub(super) const UNEQUAL: u32 = 1; // NFT_CMP_NEQ
pub(super) const AT_LEAST: u32 = 5; // NFT_CMP_GTE

const NETWORK_HEADER: u32 = 1;
pub(super) const TRANSPORT_HEADER: u32 = 2;
/// The VNI: three bytes, 12 after the start of the UDP header (RFC 7348 section 5).
const VNI_AT: u32 = 12;
const LAST_OF_HEADER_AT: u32 = 15;

const META_INPUT_NAME: u32 = 6; // NFT_META_IIFNAME
const META_FAMILY: u32 = 15; // NFT_META_NFPROTO
const META_PROTOCOL: u32 = 16; // NFT_META_L4PROTO
const UDP: u8 = 17;
const ICMPV6: u8 = 58;
const ICMP: u8 = 1;
/// What takes a member elsewhere than its controller says, by family, protocol and type: router advertisements and
/// redirects (RFC 4861 sections 4.2 and 4.5), and redirects of IPv4 (RFC 792).
pub const MISLEADING: [(libc::c_int, u8, u8); 3] =
    [(libc::NFPROTO_IPV6, ICMPV6, 134), (libc::NFPROTO_IPV6, ICMPV6, 137), (libc::NFPROTO_IPV4, ICMP, 5)];
const FRAGMENT: u8 = 44;
const COUNTER: u32 = 1; // NFT_OBJECT_COUNTER
const UPDATE: u32 = 1; // NFT_DYNSET_OP_UPDATE

/// How many rules a filter has.
pub fn count(filter: &Filter) -> usize {
    if filter.ipv6 { 3 } else { 1 }
}

/// Writes one of them.
///
/// IPv4 fragments are put together before they come here, IPv6 ones after: so a first one that ends before the VXLAN
/// header does can't tell its VNI, and from others than peers it goes as well.
pub fn write(filter: &Filter, number: usize, w: &mut Writer) {
    on_port(filter, w);
    match number {
        0 => of_vni(filter, w),
        1 => field(w, TRANSPORT_HEADER, LAST_OF_HEADER_AT, AT_LEAST, &[0]),
        _ => more_fragments(w),
    }
    if number == 1 { verdict(w, ACCEPT) } else { drop_strangers(filter, w) }
}

/// A packet on the filter's port.
pub(super) fn on_port(filter: &Filter, w: &mut Writer) {
    meta(w, META_PROTOCOL, &[UDP]);
    field(w, TRANSPORT_HEADER, 2, EQUAL, &filter.port.to_be_bytes());
}

/// And of its VNI.
pub(super) fn of_vni(filter: &Filter, w: &mut Writer) {
    let [_, vni @ ..] = filter.vni.to_be_bytes();
    field(w, TRANSPORT_HEADER, VNI_AT, EQUAL, &vni);
}

/// A packet of the filter's family.
pub(super) fn of_family(filter: &Filter, w: &mut Writer) {
    let family = if filter.ipv6 { libc::NFPROTO_IPV6 } else { libc::NFPROTO_IPV4 };
    meta(w, META_FAMILY, &[family as u8]);
}

/// Loads what stands beside the address that a packet comes from, where a key of both goes on.
pub(super) fn load_beside(w: &mut Writer, filter: &Filter, base: u32, at: u32, length: u32) {
    load_to(w, beside(filter), base, at, length);
}

/// Puts a number there, in the machine's order.
pub(super) fn put_beside(w: &mut Writer, filter: &Filter, number: u32) {
    expression(w, "immediate", |w| {
        w.be32(1, beside(filter)).nest(2, |w| {
            w.u32(1, number);
        });
    });
}

fn beside(filter: &Filter) -> u32 {
    if filter.ipv6 { REGISTER + 1 } else { SECOND_WORD }
}

/// Adds to a set what was loaded, or has it there for longer. If the set is full, the rule ends here.
pub(super) fn update(w: &mut Writer, set: &str) {
    expression(w, "dynset", |w| {
        w.text(1, set).be32(3, UPDATE).be32(4, REGISTER);
    });
}

/// Some bits of a field.
pub(super) fn bits(w: &mut Writer, base: u32, at: u32, mask: &[u8], value: &[u8]) {
    load(w, base, at, mask.len() as u32);
    masked(w, mask, value);
}

/// Loads the address that a packet comes from.
pub(super) fn source(filter: &Filter, w: &mut Writer) {
    let (at, length) = if filter.ipv6 { (8, 16) } else { (12, 4) };
    of_family(filter, w);
    load(w, NETWORK_HEADER, at, length);
}

/// Looks up in a set what was loaded: whether it is there, or is not.
pub(super) fn lookup(w: &mut Writer, set: &str, is_there: bool) {
    expression(w, "lookup", |w| {
        w.text(1, set).be32(2, REGISTER);
        if !is_there {
            w.be32(5, 1);
        }
    });
}

/// Counts a packet.
pub(super) fn count_by(w: &mut Writer, counter: &str) {
    expression(w, "objref", |w| {
        w.be32(1, COUNTER).text(2, counter);
    });
}

/// Writes the rule that drops what comes in by a link and is of that family, protocol and type.
pub fn guard(link: &Name, (family, protocol, kind): (libc::c_int, u8, u8), w: &mut Writer) {
    let mut name = [0; libc::IFNAMSIZ];
    name[..link.as_str().len()].copy_from_slice(link.as_str().as_bytes());
    meta(w, META_INPUT_NAME, &name);
    meta(w, META_FAMILY, &[family as u8]);
    meta(w, META_PROTOCOL, &[protocol]);
    field(w, TRANSPORT_HEADER, 0, EQUAL, &[kind]);
    expression(w, "counter", |_| {});
    verdict(w, DROP);
}

fn expression(w: &mut Writer, name: &str, inside: impl FnOnce(&mut Writer)) {
    w.nest(1, |w| {
        w.text(1, name).nest(2, inside);
    });
}

fn compare(w: &mut Writer, how: u32, value: &[u8]) {
    expression(w, "cmp", |w| {
        w.be32(1, REGISTER).be32(2, how).nest(3, |w| {
            w.put(1, value);
        });
    });
}

fn meta(w: &mut Writer, key: u32, value: &[u8]) {
    expression(w, "meta", |w| {
        w.be32(1, REGISTER).be32(2, key);
    });
    compare(w, EQUAL, value);
}

fn load(w: &mut Writer, base: u32, at: u32, length: u32) {
    load_to(w, REGISTER, base, at, length);
}

fn load_to(w: &mut Writer, register: u32, base: u32, at: u32, length: u32) {
    expression(w, "payload", |w| {
        w.be32(1, register).be32(2, base).be32(3, at).be32(4, length);
    });
}

pub(super) fn field(w: &mut Writer, base: u32, at: u32, how: u32, value: &[u8]) {
    load(w, base, at, value.len() as u32);
    compare(w, how, value);
}

/// The lowest bit of the fourth byte of the fragment header.
pub(super) fn more_fragments(w: &mut Writer) {
    expression(w, "exthdr", |w| {
        w.be32(1, REGISTER).put(2, &[FRAGMENT]).be32(3, 3).be32(4, 1);
    });
    masked(w, &[1], &[1]);
}

/// Compares some bits of what was loaded.
fn masked(w: &mut Writer, mask: &[u8], value: &[u8]) {
    expression(w, "bitwise", |w| {
        w.be32(1, REGISTER).be32(2, REGISTER).be32(3, mask.len() as u32);
        w.nest(4, |w| {
            w.put(1, mask);
        })
        .nest(5, |w| {
            w.put(1, &vec![0; mask.len()]);
        });
    });
    compare(w, EQUAL, value);
}

fn drop_strangers(filter: &Filter, w: &mut Writer) {
    let name = filter.to_string();
    source(filter, w);
    lookup(w, &name, false);
    count_by(w, &name);
    verdict(w, DROP);
}

pub(super) fn verdict(w: &mut Writer, code: u32) {
    immediate(w, code, None);
}

/// Leaves the rest to another chain.
pub(super) fn goto(w: &mut Writer, chain: &str) {
    immediate(w, GOTO, Some(chain));
}

fn immediate(w: &mut Writer, code: u32, chain: Option<&str>) {
    expression(w, "immediate", |w| {
        w.be32(1, VERDICT).nest(2, |w| {
            w.nest(2, |w| {
                w.be32(1, code);
                if let Some(chain) = chain {
                    w.text(2, chain);
                }
            });
        });
    });
}
