//! Packet filters by nftables: our table, and in it a chain, a set and a counter for each segment, and a chain against
//! router advertisements and redirects. What changes together is one transaction: all of it, or nothing. What is to go
//! is added first, since nftables fails where it is not there.

use super::{rules, security, shown};
use crate::netlink::{Attributes, Batch, Message, Socket, Writer, read};
use crate::request::{Filter, Op};
use crate::response::{Failure, Filters, Report};
use crate::values::Name;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

/// Our table, of the family inet.
pub const TABLE: &str = "kube-vxlan-controller";

/// The chain that drops router advertisements and redirects.
const GUARD: &str = "router-advertisements";

const SUBSYSTEM: u16 = (libc::NFNL_SUBSYS_NFTABLES as u16) << 8;
const HEADER: [u8; 4] = [libc::NFPROTO_INET as u8, 0, 0, 0];
const TO_NFTABLES: [u8; 4] = [0, 0, 0, libc::NFNL_SUBSYS_NFTABLES as u8];
const BEGIN: u16 = libc::NFNL_MSG_BATCH_BEGIN as u16;
const END: u16 = libc::NFNL_MSG_BATCH_END as u16;

const CREATE: u16 = libc::NLM_F_CREATE as u16;
const APPEND: u16 = CREATE | libc::NLM_F_APPEND as u16;

const NEW_TABLE: u16 = 0;
const GET_TABLE: u16 = 1;
const DEL_TABLE: u16 = 2;
const NEW_CHAIN: u16 = 3;
const GET_CHAIN: u16 = 4;
const DEL_CHAIN: u16 = 5;
const NEW_RULE: u16 = 6;
const GET_RULE: u16 = 7;
const DEL_RULE: u16 = 8;
const NEW_SET: u16 = 9;
const DEL_SET: u16 = 11;
pub(super) const NEW_ELEMENTS: u16 = 12;
const GET_ELEMENTS: u16 = 13;
pub(super) const DEL_ELEMENTS: u16 = 14;
const NEW_OBJECT: u16 = 18;
const GET_OBJECT: u16 = 19;
const DEL_OBJECT: u16 = 20;

const IPV4_ADDRESS: u32 = 7; // nftables' own number of the type, which it shows
const IPV6_ADDRESS: u32 = 8;
const INTEGER: u32 = 4;
const MARK: u32 = 19;
const PASSING_SET: u32 = 0x10 | 0x20; // NFT_SET_TIMEOUT, NFT_SET_EVAL: rules add elements, which stay for a while
const BITS_OF_TYPE: u32 = 6;
const INPUT_HOOK: u32 = 1;
const COUNTER: u32 = 1;
const USER_DATA: u16 = 7;
const SET_USER_DATA: u16 = 13;
/// An attribute's length has 16 bits.
const ELEMENTS_AT_ONCE: usize = 1000;

/// What says nothing of what the kernel knows.
const PASSING: [i32; 7] =
    [libc::ENOMEM, libc::ENOBUFS, libc::EBUSY, libc::EAGAIN, libc::EINTR, libc::EMFILE, libc::ENFILE];

/// Operations that are one transaction.
#[derive(Default)]
pub struct Transaction {
    batch: Batch,
    ops: Vec<Option<usize>>,
}

impl Transaction {
    /// Adds an operation on filters.
    pub fn add(&mut self, number: usize, op: &Op) {
        if self.batch.is_empty() {
            self.batch.add(BEGIN, 0, &TO_NFTABLES, |_| {});
        }
        match op {
            Op::PutFilter(filter) => self.put(filter),
            Op::DelFilter(filter) => self.delete(filter),
            Op::DelFilters {} => {
                self.make_table();
                self.message(DEL_TABLE, 0, |w| {
                    w.text(1, TABLE);
                });
            }
            Op::SetGuard { links } => self.guard(links),
            Op::Admit { filter, vteps } => self.elements(filter, vteps, &[NEW_ELEMENTS]),
            Op::Expel { filter, vteps } => self.elements(filter, vteps, &[NEW_ELEMENTS, DEL_ELEMENTS]),
            Op::PutSecurity { filter, mode } => self.put_security(filter, *mode),
            Op::DelSecurity(filter) => self.delete_security(filter),
            Op::Permit(senders) => self.permit(senders),
            Op::Forbid(senders) => self.forbid(senders),
            _ => {}
        }
        self.ops.resize(self.batch.len(), Some(number));
    }

    /// Has the kernel do it. What fails hinders nothing else.
    pub fn commit(self, report: &mut Report) {
        let ops = self.ops.clone();
        let op = |message: usize| ops.get(message).copied().flatten();
        match self.run(true) {
            Ok(refused) => {
                for (message, errno) in refused {
                    let error = io::Error::from_raw_os_error(errno);
                    report.fail(Failure::of(op(message as usize - 1), "filter", &error));
                }
            }
            Err(e) => report.fail(Failure::of(op(0), "filter", &e)),
        }
    }

    /// What the kernel refuses, by message: with nothing done where it is not to commit.
    fn run(mut self, commit: bool) -> io::Result<Vec<(u32, i32)>> {
        if self.batch.len() < 2 {
            return Ok(Vec::new());
        }
        self.batch.acknowledge();
        let last = self.batch.len() as u32;
        if commit {
            self.batch.add(END, 0, &TO_NFTABLES, |_| {});
        }
        let refused = Socket::open(libc::NETLINK_NETFILTER)?.run(&self.batch, last, true)?;
        Ok(refused.into_iter().map(|one| (one.message, one.errno)).collect())
    }

    fn message(&mut self, kind: u16, flags: u16, attributes: impl FnOnce(&mut Writer)) {
        self.batch.add(SUBSYSTEM | kind, flags, &HEADER, attributes);
    }

    /// Its chain with nothing in it but its rules; its set and its counter stay if they are there.
    fn put(&mut self, filter: &Filter) {
        let name = filter.to_string();
        self.make(filter);
        self.empty(&name);
        for number in 0..rules::count(filter) {
            self.rule(&name, &name, |w| rules::write(filter, number, w));
        }
    }

    /// The same rules for each link, so that their comments tell which are guarded.
    fn guard(&mut self, links: &[Name]) {
        self.make_table();
        self.make_chain(GUARD, Some(0));
        self.empty(GUARD);
        for link in links {
            for what in rules::MISLEADING {
                self.rule(GUARD, link.as_str(), |w| rules::guard(link, what, w));
            }
        }
        if links.is_empty() {
            self.delete_chain(GUARD);
        }
    }

    fn delete(&mut self, filter: &Filter) {
        let name = filter.to_string();
        self.make(filter);
        self.empty(&name);
        self.delete_chain(&name);
        self.delete_set(&name);
        self.delete_counter(&name);
    }

    pub(super) fn delete_set(&mut self, name: &str) {
        self.message(DEL_SET, 0, |w| {
            w.text(1, TABLE).text(2, name);
        });
    }

    pub(super) fn delete_counter(&mut self, name: &str) {
        self.message(DEL_OBJECT, 0, |w| {
            w.text(1, TABLE).text(2, name).be32(3, COUNTER);
        });
    }

    /// Makes sure that table, set, counter and chain are there.
    fn make(&mut self, filter: &Filter) {
        let name = filter.to_string();
        self.make_table();
        self.make_set(&name, filter.ipv6, None);
        self.make_counter(&name);
        self.make_chain(&name, Some(0));
    }

    /// A set of addresses that packets come from, alone or with a field beside it: where that is, and how long.
    pub(super) fn make_set(&mut self, name: &str, ipv6: bool, beside: Option<(u32, usize)>) {
        let (kind, length) = if ipv6 { (IPV6_ADDRESS, 16) } else { (IPV4_ADDRESS, 4) };
        self.message(NEW_SET, CREATE, |w| {
            w.text(1, TABLE).text(2, name).be32(3, 0);
            match beside {
                None => w.be32(4, kind).be32(5, length).be32(10, 1),
                Some((at, more)) => w
                    .be32(4, kind << BITS_OF_TYPE | INTEGER)
                    .be32(5, length + more.next_multiple_of(4) as u32)
                    .be32(10, 1)
                    .put(SET_USER_DATA, &shown::typeof_pair(ipv6, at, more)),
            };
        });
    }

    /// A bounded set of addresses that packets come from, with a number beside each, which rules add.
    pub(super) fn make_caught(&mut self, name: &str, ipv6: bool) {
        let (kind, length) = if ipv6 { (IPV6_ADDRESS, 16) } else { (IPV4_ADDRESS, 4) };
        self.message(NEW_SET, CREATE, |w| {
            w.text(1, TABLE)
                .text(2, name)
                .be32(3, PASSING_SET)
                .be32(4, kind << BITS_OF_TYPE | MARK)
                .be32(5, length + 4);
            w.be32(10, 1).nest(9, |w| {
                w.be32(1, security::MOST_CAUGHT);
            });
            w.put(11, &(security::CAUGHT_FOR.as_millis() as u64).to_be_bytes());
        });
    }

    pub(super) fn make_counter(&mut self, name: &str) {
        self.message(NEW_OBJECT, CREATE, |w| {
            w.text(1, TABLE).text(2, name).be32(3, COUNTER).nest(4, |_| {});
        });
    }

    pub(super) fn make_table(&mut self) {
        self.message(NEW_TABLE, CREATE, |w| {
            w.text(1, TABLE).be32(2, 0);
        });
    }

    /// In the input hook at that priority, or one that others lead to.
    pub(super) fn make_chain(&mut self, name: &str, priority: Option<u32>) {
        self.message(NEW_CHAIN, CREATE, |w| {
            w.text(1, TABLE).text(3, name);
            if let Some(priority) = priority {
                w.nest(4, |w| {
                    w.be32(1, INPUT_HOOK).be32(2, priority);
                })
                .text(7, "filter");
            }
        });
    }

    pub(super) fn delete_chain(&mut self, name: &str) {
        self.message(DEL_CHAIN, 0, |w| {
            w.text(1, TABLE).text(3, name);
        });
    }

    /// Takes all rules out of a chain.
    pub(super) fn empty(&mut self, chain: &str) {
        self.message(DEL_RULE, 0, |w| {
            w.text(1, TABLE).text(2, chain);
        });
    }

    pub(super) fn rule(&mut self, chain: &str, comment: &str, expressions: impl FnOnce(&mut Writer)) {
        let mut data = vec![0, comment.len() as u8 + 1];
        data.extend(comment.as_bytes());
        data.push(0);
        self.message(NEW_RULE, APPEND, |w| {
            w.text(1, TABLE).text(2, chain).nest(4, expressions).put(USER_DATA, &data);
        });
    }

    fn elements(&mut self, filter: &Filter, vteps: &[IpAddr], kinds: &[u16]) {
        let keys: Vec<_> = vteps.iter().map(|vtep| security::key(vtep, &[])).collect();
        self.keys(&filter.to_string(), &keys, kinds);
    }

    pub(super) fn keys(&mut self, set: &str, keys: &[Vec<u8>], kinds: &[u16]) {
        for some in keys.chunks(ELEMENTS_AT_ONCE) {
            for kind in kinds {
                let flags = if *kind == NEW_ELEMENTS { CREATE } else { 0 };
                self.message(*kind, flags, |w| {
                    w.text(1, TABLE).text(2, set).nest(3, |w| {
                        for key in some {
                            w.nest(1, |w| {
                                w.nest(1, |w| {
                                    w.put(1, key);
                                });
                            });
                        }
                    });
                });
            }
        }
    }
}

/// Whether the kernel knows all that filters and the guard are made of; an error if it can't tell now. It is asked to
/// check a transaction, and does nothing.
pub fn are_supported() -> io::Result<bool> {
    let mut sample = Transaction::default();
    sample.add(0, &Op::PutFilter(Filter { vni: 0x00ff_ffff, port: 1, ipv6: true }));
    sample.add(0, &Op::SetGuard { links: "sample".parse().into_iter().collect() });
    let errno = match sample.run(false) {
        Ok(refused) => refused.first().map_or(0, |refused| refused.1),
        Err(e) => e.raw_os_error().unwrap_or(libc::EAGAIN),
    };
    if PASSING.contains(&errno) { Err(io::Error::from_raw_os_error(errno)) } else { Ok(errno == 0) }
}

/// Our table: its chains and the comments of their rules.
pub fn list(socket: &mut Socket) -> io::Result<Filters> {
    let tables = socket.dump(SUBSYSTEM | GET_TABLE, &HEADER, |_| {}, |message| name(message, 1))?;
    if !tables.iter().any(|table| table == TABLE) {
        return Ok(Filters { security: true, redirects: true, ..Filters::default() });
    }
    let chains = socket.dump(SUBSYSTEM | GET_CHAIN, &HEADER, |_| {}, |message| ours(message).map(|a| a.text(3)))?;
    let of_table = |w: &mut Writer| {
        w.text(1, TABLE);
    };
    let rules = socket.dump(SUBSYSTEM | GET_RULE, &HEADER, of_table, rule)?;
    let chains = chains.into_iter().map(|chain| {
        let comments = rules.iter().filter(|(of, _)| *of == chain).map(|(_, comment)| comment.clone()).collect();
        (chain, comments)
    });
    let chains: Vec<_> = chains.collect();
    let caught = security::caught(socket, &chains)?;
    Ok(Filters { present: true, chains, security: true, redirects: true, caught })
}

/// Whom a filter lets through; none where it is not there.
pub fn admitted(socket: &mut Socket, filter: &Filter) -> io::Result<Vec<IpAddr>> {
    Ok(elements(socket, &filter.to_string(), addresses)?.unwrap_or_default())
}

/// The keys in a set of ours; none where it is not there.
pub(super) fn keys(socket: &mut Socket, set: &str) -> io::Result<Option<Vec<Vec<u8>>>> {
    elements(socket, set, |message| keyed(message, |key| key.get(1).map(<[u8]>::to_vec)))
}

/// A key in a set of ours that stays for a while, and for how long yet.
pub(super) type Passing = (Vec<u8>, Duration);

/// Those in a set; none where it is not there.
pub(super) fn passing(socket: &mut Socket, set: &str) -> io::Result<Option<Vec<Passing>>> {
    elements(socket, set, |message| {
        each(message, |element| {
            let left = element.get(5)?.try_into().ok().map(u64::from_be_bytes)?;
            Some((element.nested(1).get(1)?.to_vec(), Duration::from_millis(left)))
        })
    })
}

fn elements<T>(socket: &mut Socket, set: &str, read: impl Fn(&Message) -> Vec<T>) -> io::Result<Option<Vec<T>>> {
    let of_set = |w: &mut Writer| {
        w.text(1, TABLE).text(2, set);
    };
    match socket.dump(SUBSYSTEM | GET_ELEMENTS, &HEADER, of_set, read) {
        Err(e) if e.raw_os_error() == Some(libc::ENOENT) => Ok(None),
        other => other.map(Some),
    }
}

/// The packets that each of our counters has seen, by its name.
pub fn dropped(socket: &mut Socket) -> io::Result<Vec<(String, u64)>> {
    let of_table = |w: &mut Writer| {
        w.text(1, TABLE).be32(3, COUNTER);
    };
    socket.dump(SUBSYSTEM | GET_OBJECT, &HEADER, of_table, counter)
}

/// Reads a row of NFT_MSG_GETOBJ: a counter of ours and its packets.
pub fn counter(message: &Message) -> Option<(String, u64)> {
    let attributes = ours(message)?;
    let packets = attributes.nested(4).get(2)?.try_into().ok().map(u64::from_be_bytes)?;
    Some((attributes.text(2), packets))
}

fn name(message: &Message, kind: u16) -> Option<String> {
    (message.body.first() == HEADER.first()).then(|| Attributes::after(HEADER.len(), message.body).text(kind))
}

fn ours<'a>(message: &Message<'a>) -> Option<Attributes<'a>> {
    name(message, 1).filter(|table| table == TABLE).map(|_| Attributes::after(HEADER.len(), message.body))
}

/// Reads a row of NFT_MSG_GETRULE: the chain and the comment.
pub fn rule(message: &Message) -> Option<(String, String)> {
    let attributes = ours(message)?;
    let comment = match attributes.get(USER_DATA) {
        Some([0, _, comment @ ..]) => read::text(comment),
        _ => String::new(),
    };
    Some((attributes.text(2), comment))
}

/// Reads a row of NFT_MSG_GETSETELEM, which holds many elements.
pub fn addresses(message: &Message) -> Vec<IpAddr> {
    keyed(message, |key| key.ip(1))
}

fn keyed<T>(message: &Message, read: impl Fn(Attributes) -> Option<T>) -> Vec<T> {
    each(message, |element| read(element.nested(1)))
}

fn each<T>(message: &Message, read: impl Fn(Attributes) -> Option<T>) -> Vec<T> {
    let elements = Attributes::after(HEADER.len(), message.body).nested(3);
    elements.iter().filter_map(|(_, element)| read(Attributes::after(0, element))).collect()
}
