//! Does what a request says.

use crate::fence::Fence;
use crate::kernel::changes::Changes;
use crate::kernel::{filters, links, routes, security, tables};
use crate::netlink::Socket;
use crate::request::{Filter, Op, PROTOCOL, ReportRequest, Request, Table};
use crate::response::{Failure, Listed, REPORT, Refusal, Report, Response, State};
use crate::values::Name;
use crate::{VERSION, digest, sys};
use std::io;

/// Answers a hello.
pub fn greet(protocol: u32) -> Response {
    let addresses = Socket::open(libc::NETLINK_ROUTE).and_then(|mut socket| links::addresses(&mut socket));
    match addresses {
        Ok(all) => Response::Hello {
            protocol: protocol.min(PROTOCOL),
            agent: VERSION,
            addresses: all.into_iter().map(|(_, address)| address.address.ip).collect(),
            probes: true,
        },
        Err(e) => Response::Refused {
            id: 0,
            reason: Refusal::Kernel,
            message: format!("the pod's addresses: {e}"),
            epoch: None,
        },
    }
}

/// Does a request, unless it is fenced, and answers it.
pub fn run(request: &Request) -> Response {
    let mut report = Report { id: request.id, ..Report::default() };
    let refused = |reason, message| Response::Refused { id: request.id, reason, message, epoch: None };
    let mut socket = match Socket::open(libc::NETLINK_ROUTE) {
        Ok(socket) => socket,
        Err(e) => return refused(Refusal::Kernel, format!("a netlink socket: {e}")),
    };
    let fence = match Fence::enter(request, &mut socket) {
        Ok(fence) => fence,
        Err(refused) => return refused,
    };
    if let Err(e) = change(&request.ops, &mut socket, &mut report) {
        report.fail(Failure::of(None, "changes", &e));
    }
    if request.mark && report.failures.is_empty() {
        fence.complete(request, &mut socket, &mut report);
    }
    if let Err(e) = tell(&request.ask, &mut report) {
        report.fail(Failure::of(None, REPORT, &e));
    }
    Response::Done(Box::new(report))
}

/// In order. Nothing more is done to a link whose making failed: the device of that name is somebody else's.
fn change(ops: &[Op], socket: &mut Socket, report: &mut Report) -> io::Result<()> {
    let mut changes = Changes::new(socket);
    let mut unmade: Vec<&Name> = Vec::new();
    let mut rest = ops.iter().enumerate().peekable();
    while let Some((number, op)) = rest.next() {
        if op.is_for_filters() {
            changes.flush(report)?;
            let mut transaction = filters::Transaction::default();
            transaction.add(number, op);
            while let Some((number, op)) = rest.next_if(|(_, op)| op.is_for_filters()) {
                transaction.add(number, op);
            }
            transaction.commit(report);
        } else if !op.link().is_some_and(|link| unmade.contains(&link)) && !changes.apply(Some(number), op, report)? {
            unmade.extend(op.makes());
        }
    }
    changes.flush(report).map(drop)
}

/// Through a socket of its own: nothing of an exchange that failed is in its way.
fn tell(ask: &ReportRequest, report: &mut Report) -> io::Result<()> {
    if !ask.state && ask.digests.is_empty() && ask.lists.is_empty() {
        return Ok(());
    }
    let mut socket = Socket::open(libc::NETLINK_ROUTE)?;
    // A table's filter is asked for before the controller knows whether this kernel has any.
    let concerns_filters = ask.state || ask.digests.iter().chain(&ask.lists).any(|table| table.filter.is_some());
    let has_filters = concerns_filters && filters::are_supported()?;
    if ask.state {
        let devices = links::list(&mut socket)?;
        let names: Vec<_> = devices.iter().map(|device| (device.index, device.name.clone())).collect();
        let routes = routes::ours(&mut socket, &names)?;
        let (filters, dropped) = if has_filters {
            let mut netfilter = Socket::open(libc::NETLINK_NETFILTER)?;
            (Some(filters::list(&mut netfilter)?), filters::dropped(&mut netfilter)?)
        } else {
            (None, Vec::new())
        };
        report.foreign = routes::foreign(&mut socket, Some(&ask.destinations), &names)?.0;
        let without_ipv6 = links::without_ipv6();
        report.state = Some(State { devices, routes, filters, dropped, without_ipv6, qdiscs: true });
    }
    for table in &ask.digests {
        let filter = table.filter.as_ref().filter(|_| has_filters);
        if let Some(digest) = digest_of(&mut socket, table, filter)? {
            report.digests.push((table.link.to_string(), digest));
        }
    }
    for table in &ask.lists {
        let filter = table.filter.as_ref().filter(|_| has_filters);
        report.lists.extend(list(&mut socket, table.link.as_str(), filter)?);
    }
    Ok(())
}

/// None if the link is not there.
fn digest_of(socket: &mut Socket, table: &Table, filter: Option<&Filter>) -> io::Result<Option<String>> {
    let Ok(index) = sys::index_of(table.link.as_str()) else { return Ok(None) };
    let mut lines = table.own.clone();
    let forwarding = tables::forwarding(socket, index)?;
    lines.extend(forwarding.iter().filter(|e| e.is_ours() || e.is_flood()).map(|e| format!("{} {}", e.mac, e.ip)));
    let neighbours = tables::neighbours(socket, index)?;
    lines.extend(neighbours.iter().filter(|e| e.is_ours()).map(|e| format!("{} {}", e.ip, e.mac)));
    if let Some(filter) = filter {
        let mut netfilter = Socket::open(libc::NETLINK_NETFILTER)?;
        lines.extend(filters::admitted(&mut netfilter, filter)?.iter().map(|vtep| format!("{filter} {vtep}")));
        lines.extend(security::lines(&security::permitted(&mut netfilter, filter)?));
    }
    Ok(Some(digest::of(lines)))
}

/// The entries of a link that are ours; none if the link is not there.
pub fn list(socket: &mut Socket, link: &str, filter: Option<&Filter>) -> io::Result<Option<Listed>> {
    let Ok(index) = sys::index_of(link) else { return Ok(None) };
    let mut listed = Listed { link: link.into(), ..Listed::default() };
    for entry in tables::forwarding(socket, index)?.into_iter().filter(|entry| !entry.elsewhere) {
        if entry.is_flood() {
            listed.flood.push(entry.ip);
        } else if entry.is_ours() {
            listed.unicast.push((entry.mac, entry.ip));
        }
    }
    let neighbours = tables::neighbours(socket, index)?.into_iter().filter(tables::Entry::is_ours);
    listed.neighbours = neighbours.map(|entry| (entry.ip, entry.mac)).collect();
    if let Some(filter) = filter {
        let mut netfilter = Socket::open(libc::NETLINK_NETFILTER)?;
        listed.admitted = filters::admitted(&mut netfilter, filter)?;
        let senders = security::permitted(&mut netfilter, filter)?;
        (listed.exempt, listed.macs, listed.ips) = (senders.exempt, senders.macs, senders.ips);
    }
    Ok(Some(listed))
}
