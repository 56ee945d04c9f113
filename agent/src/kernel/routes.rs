//! Routes: RTM_GETROUTE.

use super::{ROUTE_PROTOCOL, family};
use crate::netlink::{Attributes, Message, Socket, Writer};
use crate::response::Route;
use crate::values::Prefixed;
use std::cell::Cell;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const HEADER: usize = 12;
/// More routes of others are counted only.
const MOST_FOREIGN: usize = 1_000;

/// A route as it is read, its device by index.
pub struct Row {
    route: Route,
    index: u32,
    ours: bool,
    main: bool,
}

/// The header (rtmsg) of a route of ours.
pub fn header(to: &Prefixed, scope: u8, kind: u8) -> [u8; HEADER] {
    [family(&to.ip), to.length, 0, 0, libc::RT_TABLE_MAIN, ROUTE_PROTOCOL, scope, kind, 0, 0, 0, 0]
}

/// Where a route leads, and how.
pub fn write(w: &mut Writer, to: &Prefixed, via: &Option<IpAddr>, index: u32) {
    if to.length > 0 {
        w.ip(libc::RTA_DST, &to.ip);
    }
    if let Some(via) = via {
        w.ip(libc::RTA_GATEWAY, via);
    }
    w.u32(libc::RTA_OIF, index);
}

/// A route in words.
pub fn name(to: &Prefixed, via: &Option<IpAddr>) -> String {
    via.map_or_else(|| format!("route {to}"), |via| format!("route {to} via {via}"))
}

/// Those with our mark, in any table; the names of devices by their indexes.
pub fn ours(socket: &mut Socket, names: &[(u32, String)]) -> io::Result<Vec<Route>> {
    let mut header = [0; HEADER];
    header[5] = ROUTE_PROTOCOL;
    let rows = socket.dump(libc::RTM_GETROUTE, &header, |_| {}, |message| row(message).filter(|row| row.ours))?;
    Ok(rows.into_iter().map(|row| named(row, names)).collect())
}

/// Those of others in the main table, to just these destinations or to all, and how many were left out: a router's pod
/// may have a million.
pub fn foreign(
    socket: &mut Socket,
    to: Option<&[Prefixed]>,
    names: &[(u32, String)],
) -> io::Result<(Vec<Route>, usize)> {
    let mut routes = Vec::new();
    let found = Cell::new(0);
    let is_kept = || found.replace(found.get() + 1) < MOST_FOREIGN;
    for family in [libc::AF_INET as u8, libc::AF_INET6 as u8] {
        let is_wanted = |one: &Prefixed| to.is_none_or(|to| to.contains(one));
        if to.is_some_and(|to| to.iter().all(|to| super::family(&to.ip) != family)) {
            continue;
        }
        let mut header = [0; HEADER];
        header[0] = family;
        header[4] = libc::RT_TABLE_MAIN;
        // A kernel without IPv6 answers a question for its routes with those of all families.
        let is_asked_for = |row: &Row| super::family(&row.route.to.ip) == family && is_wanted(&row.route.to);
        let wanted = |row: &Row| row.main && !row.ours && is_asked_for(row) && is_kept();
        let rows = socket.dump(libc::RTM_GETROUTE, &header, |_| {}, |message| row(message).filter(wanted))?;
        routes.extend(rows.into_iter().map(|row| named(row, names)));
    }
    Ok((routes, found.get().saturating_sub(MOST_FOREIGN)))
}

fn named(mut row: Row, names: &[(u32, String)]) -> Route {
    row.route.dev = super::links::name_of(names, row.index);
    row.route
}

/// Reads a row of RTM_GETROUTE.
pub fn row(message: &Message) -> Option<Row> {
    let header = message.body.get(..HEADER)?;
    let attributes = Attributes::after(HEADER, message.body);
    let everything: IpAddr =
        if header[0] == libc::AF_INET as u8 { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let ip = attributes.ip(libc::RTA_DST).unwrap_or(everything);
    let table = if attributes.has(libc::RTA_TABLE) { attributes.u32(libc::RTA_TABLE) } else { u32::from(header[4]) };
    // Copies of routes that the kernel keeps for single destinations are none.
    let cloned = header.get(8..12)?.try_into().ok().map(u32::from_ne_bytes)? & libc::RTM_F_CLONED != 0;
    (!cloned && family(&ip) == header[0]).then(|| Row {
        route: Route {
            to: Prefixed { ip, length: header[1] },
            via: attributes.ip(libc::RTA_GATEWAY),
            dev: String::new(),
            metric: attributes.u32(libc::RTA_PRIORITY),
        },
        index: attributes.u32(libc::RTA_OIF),
        ours: header[5] == ROUTE_PROTOCOL,
        main: table == u32::from(libc::RT_TABLE_MAIN),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::Batch;

    #[test]
    fn a_kernel_without_ipv6_has_each_route_once() {
        let (mut socket, kernel) = Socket::pair();
        let to = "10.8.0.0/16".parse().unwrap();
        let mut header = header(&to, libc::RT_SCOPE_UNIVERSE, libc::RTN_UNICAST);
        header[5] = libc::RTPROT_BOOT;
        let mut all = Batch::default();
        all.add(libc::RTM_NEWROUTE, 0, &header, |w| write(w, &to, &None, 1));
        all.add(libc::NLMSG_DONE as u16, 0, &[0; 4], |_| {});
        (0..2).for_each(|_| assert!(kernel.send(all.bytes()).is_ok()));
        let (routes, left_out) = foreign(&mut socket, None, &[]).unwrap();
        assert_eq!((routes.iter().map(|route| route.to).collect::<Vec<_>>(), left_out), (vec![to], 0));
    }
}
