//! What the kernel holds: `links`, `qdiscs`, `tables` and `routes` by rtnetlink, `filters` by nftables.

pub mod attributes;
pub mod changes;
pub mod filters;
pub mod links;
pub mod qdiscs;
pub mod routes;
pub mod rules;
pub mod security;
mod shown;
pub mod tables;

/// The priority of our addresses' prefix routes, by which they are known.
pub const ADDRESS_METRIC: u32 = 8472;

/// The protocol number of our routes.
pub const ROUTE_PROTOCOL: u8 = 184;

/// With these two bytes begin the Ethernet addresses of members.
pub const MAC_PREFIX: [u8; 2] = [0x72, 0x78];

/// Of addresses and routes in rtnetlink's headers.
pub fn family(ip: &std::net::IpAddr) -> u8 {
    (if ip.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 }) as u8
}
