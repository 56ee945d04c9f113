//! How nft is to show a set of two fields, `typeof ip saddr . @th,176,48`: it reads that in what the set carries for it, as
//! rows of type, length and value (libnftnl/udata.h). Without it, nft can't list the set.

const KEY_BYTE_ORDER: u8 = 0;
const KEY_TYPEOF: u8 = 3;

const PAYLOAD: u32 = 7; // nftables' own numbers of kinds of expressions
const CONCATENATION: u32 = 13;
const OF_IPV4: u32 = 12; // and of headers and their fields
const OF_IPV6: u32 = 13;
const SOURCE_OF_IPV4: u32 = 11;
const SOURCE_OF_IPV6: u32 = 8;
const RAW: u32 = 0;
const TRANSPORT_HEADER: u32 = 3;
const BITS: u32 = 8;

/// Of the address that a packet comes from, and the field at that byte of the transport header.
pub fn typeof_pair(ipv6: bool, at: u32, length: usize) -> Vec<u8> {
    let (header, field) = if ipv6 { (OF_IPV6, SOURCE_OF_IPV6) } else { (OF_IPV4, SOURCE_OF_IPV4) };
    let source = payload(&[header, field]);
    let beside = payload(&[RAW, RAW, TRANSPORT_HEADER, at * BITS, length as u32 * BITS]);
    let both = [row(0, &source), row(1, &beside)].concat();
    let pair = [number(0, CONCATENATION), row(1, &both)].concat();
    [number(KEY_BYTE_ORDER, 0), row(KEY_TYPEOF, &pair)].concat()
}

fn payload(parts: &[u32]) -> Vec<u8> {
    let parts: Vec<_> = parts.iter().enumerate().flat_map(|(kind, value)| number(kind as u8, *value)).collect();
    [number(0, PAYLOAD), row(1, &parts)].concat()
}

fn number(kind: u8, value: u32) -> Vec<u8> {
    row(kind, &value.to_ne_bytes())
}

fn row(kind: u8, value: &[u8]) -> Vec<u8> {
    let mut row = vec![kind, value.len() as u8];
    row.extend(value);
    row
}
