//! Changes by rtnetlink. They are collected and sent together; each is tried, whatever became of those before it.

use super::{ADDRESS_METRIC, family, links, qdiscs, routes, tables};
use crate::netlink::{Batch, Socket, Writer};
use crate::request::{Entries, Op, Row};
use crate::response::{Failure, Report};
use crate::sys;
use crate::values::{Mac, Name, Prefixed};
use std::io;
use std::net::IpAddr;

/// The kernel tells of each message that it refuses, and a socket has place for some 250 of these.
const MOST_AT_ONCE: usize = 128;

const CREATE: u16 = libc::NLM_F_CREATE as u16;
const NEW: u16 = CREATE | libc::NLM_F_EXCL as u16;
const PUT: u16 = CREATE | libc::NLM_F_REPLACE as u16;
const APPEND: u16 = CREATE | libc::NLM_F_APPEND as u16;

/// Operations on links, addresses, routes and entries.
pub struct Changes<'a> {
    socket: &'a mut Socket,
    batch: Batch,
    subjects: Vec<Subject>,
}

/// The kernel's index of a device, or what is not there.
fn index_of(what: &str, name: &Name) -> Result<u32, (String, io::Error)> {
    sys::index_of(name.as_str()).map_err(|e| (format!("{what} {name}"), e))
}

/// The attributes of a link that is to be made, or to get another underlay.
fn vxlan(op: &Op) -> Result<impl FnOnce(&mut Writer), (String, io::Error)> {
    let index = match op {
        Op::AddLink { dev, .. } | Op::SetUnderlay { dev, .. } => index_of("underlay", dev)?,
        _ => 0,
    };
    Ok(move |w: &mut Writer| links::write(w, op, index))
}

/// What a message is about, in case it fails.
struct Subject {
    op: Option<usize>,
    what: String,
    /// Its failure says that all is as it should be: what is to go is gone.
    done_if: i32,
}

impl<'a> Changes<'a> {
    /// Those that go through a socket.
    pub fn new(socket: &'a mut Socket) -> Changes<'a> {
        Changes { socket, batch: Batch::default(), subjects: Vec::new() }
    }

    /// Does an operation, or puts it to those that are still to be sent. False if it is known to have failed.
    pub fn apply(&mut self, number: Option<usize>, op: &Op, report: &mut Report) -> io::Result<bool> {
        match op {
            Op::PutEntries(entries) => return self.entries(number, entries, true, report),
            Op::DelEntries(entries) => return self.entries(number, entries, false, report),
            _ => {}
        }
        // What comes for a name afterwards is for another link than what came before.
        let names_change = op.makes().is_some() || matches!(op, Op::DelLink { .. });
        if names_change {
            self.flush(report)?;
        }
        if let Err((subject, e)) = self.collect(number, op) {
            report.fail(Failure::of(number, subject, &e));
            return Ok(false);
        }
        if names_change { self.flush(report) } else { self.flush_if_full(report) }
    }

    /// One operation may have more of them than are sent at once.
    fn entries(&mut self, op: Option<usize>, all: &Entries, put: bool, report: &mut Report) -> io::Result<bool> {
        let index = match index_of("link", &all.link) {
            Ok(index) => index,
            Err((subject, e)) => {
                report.fail(Failure::of(op, subject, &e));
                return Ok(false);
            }
        };
        let mut done = true;
        for row in all.rows() {
            self.entry(op, index, put, &row);
            done &= self.flush_if_full(report)?;
        }
        Ok(done)
    }

    fn flush_if_full(&mut self, report: &mut Report) -> io::Result<bool> {
        if self.batch.len() >= MOST_AT_ONCE { self.flush(report) } else { Ok(true) }
    }

    /// Sends what was collected, and tells whether all of it was done.
    pub fn flush(&mut self, report: &mut Report) -> io::Result<bool> {
        if self.batch.is_empty() {
            return Ok(true);
        }
        let mut done = true;
        self.batch.acknowledge();
        let batch = std::mem::take(&mut self.batch);
        let subjects = std::mem::take(&mut self.subjects);
        for refused in self.socket.run(&batch, batch.len() as u32, false)? {
            let Some(subject) = subjects.get(refused.message as usize - 1) else { continue };
            if refused.errno != subject.done_if {
                let mut failure = Failure::of(subject.op, &subject.what, &io::Error::from_raw_os_error(refused.errno));
                if !refused.detail.is_empty() {
                    failure.message = format!("{}: {}", failure.message, refused.detail);
                }
                report.fail(failure);
                done = false;
            }
        }
        Ok(done)
    }

    fn collect(&mut self, number: Option<usize>, op: &Op) -> Result<(), (String, io::Error)> {
        match op {
            Op::AddLink { .. } => {
                let attributes = vxlan(op)?;
                self.link(number, op, (libc::RTM_NEWLINK, NEW), &links::header(0, 0, 0), attributes);
            }
            Op::DelLink { link } => {
                let index = match index_of("link", link) {
                    Err((_, e)) if e.raw_os_error() == Some(libc::ENODEV) => return Ok(()),
                    other => other?,
                };
                self.link(number, op, (libc::RTM_DELLINK, 0), &links::header(index, 0, 0), |_| {});
            }
            Op::Rename { from, to } => {
                let index = index_of("link", from)?;
                if self.is_to_be_down(index, to).map_err(|e| (format!("link {from}"), e))? {
                    let down = links::header(index, 0, libc::IFF_UP as u32);
                    self.link(number, op, (libc::RTM_NEWLINK, 0), &down, |_| {});
                }
                self.set_link(number, op, index, |w| {
                    w.text(libc::IFLA_IFNAME, to.as_str());
                });
            }
            _ => self.on_link(number, op)?,
        }
        Ok(())
    }

    fn on_link(&mut self, number: Option<usize>, op: &Op) -> Result<(), (String, io::Error)> {
        let Some(link) = op.link() else { return Ok(()) };
        let index = index_of("link", link)?;
        match op {
            Op::SetAlias { alias, .. } => {
                self.set_link(number, op, index, |w| {
                    w.put(libc::IFLA_IFALIAS, alias.as_bytes());
                });
            }
            Op::SetMtu { mtu, .. } => self.set_link(number, op, index, |w| {
                w.u32(libc::IFLA_MTU, *mtu);
            }),
            Op::SetAttributes(change) => self.set_link(number, op, index, |w| change.write(w)),
            Op::PutQdisc(change) => self.put_qdisc(number, index, change)?,
            Op::DelQdisc { .. } => self.delete_qdisc(number, index, link),
            Op::SetMac { mac, .. } => self.set_link(number, op, index, |w| {
                w.put(libc::IFLA_ADDRESS, &mac.0);
            }),
            Op::SetUnderlay { .. } => {
                let attributes = vxlan(op)?;
                self.set_link(number, op, index, attributes);
            }
            Op::SetUp { up, .. } => {
                let header = links::header(index, u32::from(*up), libc::IFF_UP as u32);
                self.link(number, op, (libc::RTM_NEWLINK, 0), &header, |_| {});
            }
            Op::PutAddress { address, .. } => self.put_address(number, index, address),
            Op::DelAddress { address, .. } => self.delete_address(number, index, address),
            Op::AddRoute { to, via, metric, .. } => self.add_route(number, index, to, via, *metric),
            Op::DelRoute { to, via, .. } => self.delete_route(number, index, to, via),
            _ => {}
        }
        Ok(())
    }

    /// Whether the kernel renames a link only when it is down, as before Linux 6.2. It is tried, and so may be done
    /// then.
    fn is_to_be_down(&mut self, index: u32, to: &Name) -> io::Result<bool> {
        let mut batch = Batch::default();
        let message = batch.add(libc::RTM_NEWLINK, 0, &links::header(index, 0, 0), |w| {
            w.text(libc::IFLA_IFNAME, to.as_str());
        });
        batch.acknowledge();
        let refused = self.socket.run(&batch, message, false)?;
        Ok(refused.iter().any(|refused| refused.errno == libc::EBUSY))
    }

    fn set_link(&mut self, number: Option<usize>, op: &Op, index: u32, attributes: impl FnOnce(&mut Writer)) {
        self.link(number, op, (libc::RTM_NEWLINK, 0), &links::header(index, 0, 0), attributes);
    }

    fn link(
        &mut self,
        number: Option<usize>,
        op: &Op,
        kind: (u16, u16),
        header: &[u8],
        attributes: impl FnOnce(&mut Writer),
    ) {
        self.batch.add(kind.0, kind.1, header, attributes);
        let what = format!("link {}", op.link().map_or("", Name::as_str));
        self.about(number, what, if kind.0 == libc::RTM_DELLINK { libc::ENODEV } else { 0 });
    }

    /// It takes the place of ours, if there is one, and of nobody else's.
    fn put_qdisc(&mut self, op: Option<usize>, index: u32, to: &qdiscs::Change) -> Result<(), (String, io::Error)> {
        let what = format!("qdisc {}", to.link);
        qdiscs::may_be_put(self.socket, index).map_err(|e| (what.clone(), e))?;
        self.batch.add(libc::RTM_NEWQDISC, PUT, &to.set.kind().header(index), |w| to.set.write(w));
        self.about(op, what, 0);
        Ok(())
    }

    /// The kernel says EINVAL where the qdisc is gone or has another handle.
    fn delete_qdisc(&mut self, op: Option<usize>, index: u32, link: &Name) {
        for kind in qdiscs::Kind::ALL {
            self.batch.add(libc::RTM_DELQDISC, 0, &kind.header(index), |_| {});
            self.about(op, format!("qdisc {link}"), libc::EINVAL);
        }
    }

    fn put_address(&mut self, op: Option<usize>, index: u32, address: &Prefixed) {
        let nodad = if address.ip.is_ipv6() { libc::IFA_F_NODAD as u8 } else { 0 };
        self.batch.add(libc::RTM_NEWADDR, PUT, &links::address_header(address, nodad, index), |w| {
            w.ip(libc::IFA_LOCAL, &address.ip).ip(libc::IFA_ADDRESS, &address.ip);
            w.u32(links::RT_PRIORITY, ADDRESS_METRIC);
        });
        self.about(op, format!("address {address}"), 0);
    }

    fn delete_address(&mut self, op: Option<usize>, index: u32, address: &Prefixed) {
        let header = links::address_header(address, 0, index);
        // Without IFA_ADDRESS the kernel does not compare the length of an IPv4 address's prefix.
        self.batch.add(libc::RTM_DELADDR, 0, &header, |w| {
            w.ip(libc::IFA_LOCAL, &address.ip).ip(libc::IFA_ADDRESS, &address.ip);
        });
        self.about(op, format!("address {address}"), libc::EADDRNOTAVAIL);
    }

    fn add_route(&mut self, op: Option<usize>, index: u32, to: &Prefixed, via: &Option<IpAddr>, metric: Option<u32>) {
        let scope = if via.is_some() { libc::RT_SCOPE_UNIVERSE } else { libc::RT_SCOPE_LINK };
        let header = routes::header(to, scope, libc::RTN_UNICAST);
        self.batch.add(libc::RTM_NEWROUTE, NEW, &header, |w| {
            routes::write(w, to, via, index);
            if let Some(metric) = metric {
                w.u32(libc::RTA_PRIORITY, metric);
            }
        });
        self.about(op, routes::name(to, via), 0);
    }

    fn delete_route(&mut self, op: Option<usize>, index: u32, to: &Prefixed, via: &Option<IpAddr>) {
        let header = routes::header(to, libc::RT_SCOPE_NOWHERE, libc::RTN_UNSPEC);
        self.batch.add(libc::RTM_DELROUTE, 0, &header, |w| routes::write(w, to, via, index));
        self.about(op, routes::name(to, via), libc::ESRCH);
    }

    fn entry(&mut self, op: Option<usize>, index: u32, put: bool, row: &Row) {
        match *row {
            Row::Flood(vtep) if put => {
                self.forwarding(op, index, (libc::RTM_NEWNEIGH, APPEND), &Mac::default(), vtep);
            }
            Row::Flood(vtep) => self.forwarding(op, index, (libc::RTM_DELNEIGH, 0), &Mac::default(), vtep),
            Row::Unicast(mac, vtep) if put => self.forwarding(op, index, (libc::RTM_NEWNEIGH, PUT), mac, vtep),
            Row::Unicast(mac, vtep) => self.forwarding(op, index, (libc::RTM_DELNEIGH, 0), mac, vtep),
            Row::Neighbour(ip, mac) if put => {
                self.batch.add(libc::RTM_NEWNEIGH, PUT, &tables::header(family(ip), index, true, false), |w| {
                    w.ip(libc::NDA_DST, ip).put(libc::NDA_LLADDR, &mac.0);
                });
                self.about(op, format!("neighbour {ip}"), 0);
            }
            Row::Neighbour(ip, _) => {
                let header = tables::header(family(ip), index, false, false);
                self.batch.add(libc::RTM_DELNEIGH, 0, &header, |w| {
                    w.ip(libc::NDA_DST, ip);
                });
                self.about(op, format!("neighbour {ip}"), libc::ENOENT);
            }
        }
    }

    fn forwarding(&mut self, op: Option<usize>, index: u32, kind: (u16, u16), mac: &Mac, vtep: &IpAddr) {
        self.batch.add(kind.0, kind.1, &tables::header(libc::AF_BRIDGE as u8, index, true, true), |w| {
            w.put(libc::NDA_LLADDR, &mac.0).ip(libc::NDA_DST, vtep);
        });
        let done_if = if kind.0 == libc::RTM_DELNEIGH { libc::ENOENT } else { 0 };
        self.about(op, format!("entry {mac} to {vtep}"), done_if);
    }

    fn about(&mut self, op: Option<usize>, what: String, done_if: i32) {
        self.subjects.push(Subject { op, what, done_if });
    }
}
