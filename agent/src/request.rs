//! What the controller sends: one JSON object a line. `docs/protocol.md` says what each part means.

use crate::kernel::{attributes, qdiscs};
use crate::values::{Mac, Name, Prefixed, Token};
use serde::Deserialize;
use std::fmt;
use std::net::IpAddr;

/// The protocol's version. It changes when an older side would misunderstand a newer one.
pub const PROTOCOL: u32 = 1;

/// A line of the controller's.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Message {
    /// The first line of a session.
    Hello {
        /// The version that the controller speaks.
        protocol: u32,
    },
    /// Any later one, as a rule.
    Do(Request),
    /// To answer a probe.
    Echo(EchoRequest),
    /// To measure the path to an echo.
    Probe(ProbeRequest),
}

/// To answer, for some seconds, packets with a token that come by a link from an address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EchoRequest {
    /// The answer carries the same.
    pub id: u64,
    /// The VXLAN link.
    pub link: Name,
    /// The address on it.
    pub address: IpAddr,
    /// Whose packets to answer.
    pub from: IpAddr,
    /// What they carry.
    pub token: Token,
    /// For how long, at most [`MOST_SECONDS`].
    pub seconds: u8,
}

/// How long an echo answers at most, in seconds.
pub const MOST_SECONDS: u8 = 10;

/// To send packets to an echo.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeRequest {
    /// The answer carries the same.
    pub id: u64,
    /// The VXLAN link.
    pub link: Name,
    /// The address on it.
    pub from: IpAddr,
    /// The echo's.
    pub to: IpAddr,
    /// The echo's.
    pub port: u16,
    /// The echo's.
    pub token: Token,
    /// Of the largest IP packet: the MTU of the echo's link.
    pub bytes: u16,
}

/// What to do: first the operations, in order; then the marker; then the report; then the end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The answer carries the same.
    pub id: u64,
    /// The leader's epoch.
    pub epoch: u64,
    /// The number of the leader's session.
    pub session: u64,
    /// What to change.
    #[serde(default)]
    pub ops: Vec<Op>,
    /// Whether to set the completeness marker if no operation failed.
    #[serde(default)]
    pub mark: bool,
    /// What to report.
    #[serde(default)]
    pub ask: ReportRequest,
    /// Whether to end the container's first process if no operation failed.
    #[serde(default)]
    pub end: bool,
}

/// One change. Repeating one that was done does no harm.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)]
pub enum Op {
    AddLink {
        link: Name,
        mac: Mac,
        vni: u32,
        port: u16,
        local: IpAddr,
        dev: Name,
        mtu: u32,
        /// Whether its VXLAN packets over IPv4 have UDP checksums; those over IPv6 always do.
        #[serde(default = "yes")]
        checksum: bool,
    },
    SetAttributes(attributes::Change),
    PutQdisc(qdiscs::Change),
    DelQdisc {
        link: Name,
    },
    DelLink {
        link: Name,
    },
    Rename {
        from: Name,
        to: Name,
    },
    SetAlias {
        link: Name,
        alias: String,
    },
    SetUnderlay {
        link: Name,
        vni: u32,
        local: IpAddr,
        dev: Name,
    },
    SetMtu {
        link: Name,
        mtu: u32,
    },
    SetMac {
        link: Name,
        mac: Mac,
    },
    SetUp {
        link: Name,
        up: bool,
    },
    PutAddress {
        link: Name,
        address: Prefixed,
    },
    DelAddress {
        link: Name,
        address: Prefixed,
    },
    AddRoute {
        link: Name,
        to: Prefixed,
        #[serde(default)]
        via: Option<IpAddr>,
        #[serde(default)]
        metric: Option<u32>,
    },
    DelRoute {
        link: Name,
        to: Prefixed,
        #[serde(default)]
        via: Option<IpAddr>,
    },
    PutEntries(Entries),
    DelEntries(Entries),
    PutFilter(Filter),
    DelFilter(Filter),
    DelFilters {},
    SetGuard {
        links: Vec<Name>,
    },
    Admit {
        filter: Filter,
        vteps: Vec<IpAddr>,
    },
    Expel {
        filter: Filter,
        vteps: Vec<IpAddr>,
    },
    PutSecurity {
        filter: Filter,
        mode: Security,
    },
    DelSecurity(Filter),
    Permit(Senders),
    Forbid(Senders),
}

/// What becomes of a packet that its sender must not send; it is counted either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// It is let through.
    Log,
    /// It is dropped.
    On,
}

/// What the members of a segment may send, by their VTEPs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Senders {
    /// The segment's filter.
    pub filter: Filter,
    /// VTEPs that may send anything.
    #[serde(default)]
    pub exempt: Vec<IpAddr>,
    /// Whose frames may have which MAC.
    #[serde(default)]
    pub macs: Vec<(IpAddr, Mac)>,
    /// Whose packets may have which address.
    #[serde(default)]
    pub ips: Vec<(IpAddr, IpAddr)>,
}

/// Entries of one link's tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entries {
    /// The link.
    pub link: Name,
    /// Destinations of the all-zero MAC.
    #[serde(default)]
    pub flood: Vec<IpAddr>,
    /// Destinations of one MAC each.
    #[serde(default)]
    pub unicast: Vec<(Mac, IpAddr)>,
    /// The MACs of addresses in the overlay.
    #[serde(default)]
    pub neighbours: Vec<(IpAddr, Mac)>,
}

/// One of [`Entries`].
#[derive(Debug)]
pub enum Row<'a> {
    /// A destination of the all-zero MAC.
    Flood(&'a IpAddr),
    /// A destination of a MAC.
    Unicast(&'a Mac, &'a IpAddr),
    /// The MAC of an address in the overlay.
    Neighbour(&'a IpAddr, &'a Mac),
}

impl Entries {
    /// All of them, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let unicast = self.unicast.iter().map(|(mac, vtep)| Row::Unicast(mac, vtep));
        let neighbours = self.neighbours.iter().map(|(ip, mac)| Row::Neighbour(ip, mac));
        self.flood.iter().map(Row::Flood).chain(unicast).chain(neighbours)
    }
}

/// The packet filter of one segment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// 1 to 16777215.
    pub vni: u32,
    /// The UDP port.
    pub port: u16,
    /// Whether its peers have IPv6 addresses.
    pub ipv6: bool,
}

/// The name of the filter's chain, set and counter.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "vni{}-port{}-ipv{}", self.vni, self.port, if self.ipv6 { 6 } else { 4 })
    }
}

/// What to report when all is done.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportRequest {
    /// Whether to report devices, our routes and filters.
    #[serde(default)]
    pub state: bool,
    /// Links whose tables to report as a digest.
    #[serde(default)]
    pub digests: Vec<Table>,
    /// Links whose tables to list.
    #[serde(default)]
    pub lists: Vec<Table>,
    /// Destinations of which to report other routes than ours.
    #[serde(default)]
    pub destinations: Vec<Prefixed>,
}

/// The tables of one link.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The link.
    pub link: Name,
    /// Its filter, if it has one.
    #[serde(default)]
    pub filter: Option<Filter>,
    /// Lines to be put to a digest: entries for the pod itself, which others have.
    #[serde(default)]
    pub own: Vec<String>,
}

impl Op {
    /// Whether it changes the filters. Those that follow each other are one transaction.
    pub fn is_for_filters(&self) -> bool {
        self.link().is_none()
    }

    /// The link that it makes, under which name; nothing more is done to one whose making failed.
    pub fn makes(&self) -> Option<&Name> {
        match self {
            Op::AddLink { link, .. } => Some(link),
            Op::Rename { to, .. } => Some(to),
            _ => None,
        }
    }

    /// The link that it changes; none for filters.
    pub fn link(&self) -> Option<&Name> {
        match self {
            Op::AddLink { link, .. } | Op::DelLink { link } | Op::SetAlias { link, .. } => Some(link),
            Op::DelQdisc { link } => Some(link),
            Op::SetAttributes(change) => Some(&change.link),
            Op::PutQdisc(change) => Some(&change.link),
            Op::SetUnderlay { link, .. } | Op::SetMtu { link, .. } | Op::SetMac { link, .. } => Some(link),
            Op::SetUp { link, .. } | Op::PutAddress { link, .. } | Op::DelAddress { link, .. } => Some(link),
            Op::AddRoute { link, .. } | Op::DelRoute { link, .. } | Op::Rename { to: link, .. } => Some(link),
            Op::PutEntries(entries) | Op::DelEntries(entries) => Some(&entries.link),
            Op::PutFilter(_) | Op::DelFilter(_) | Op::DelFilters {} => None,
            Op::SetGuard { .. } | Op::Admit { .. } | Op::Expel { .. } => None,
            Op::PutSecurity { .. } | Op::DelSecurity(_) | Op::Permit(_) | Op::Forbid(_) => None,
        }
    }
}

fn yes() -> bool {
    true
}

/// Reads a line. The error says what is wrong and where.
pub fn parse(line: &[u8]) -> Result<Message, String> {
    let message: Message = serde_json::from_slice(line).map_err(|e| e.to_string())?;
    let wrong = match &message {
        Message::Do(request) => request.ops.iter().find_map(mixed_families),
        Message::Echo(echo) => two_families(echo.address, echo.from).or_else(|| {
            let allowed = 1..=MOST_SECONDS;
            (!allowed.contains(&echo.seconds)).then(|| format!("an echo of {} seconds", echo.seconds))
        }),
        Message::Probe(probe) => two_families(probe.from, probe.to),
        Message::Hello { .. } => None,
    };
    wrong.map_or(Ok(message), Err)
}

fn two_families(own: IpAddr, other: IpAddr) -> Option<String> {
    (own.is_ipv4() != other.is_ipv4()).then(|| format!("{own} and {other}: two families"))
}

/// Families that the kernel would take for something else, or would read past an address.
fn mixed_families(op: &Op) -> Option<String> {
    match op {
        Op::AddRoute { to, via: Some(via), .. } | Op::DelRoute { to, via: Some(via), .. }
            if to.ip.is_ipv4() != via.is_ipv4() =>
        {
            Some(format!("route to {to} via {via}: two families"))
        }
        Op::Admit { filter, vteps } | Op::Expel { filter, vteps } => foreign(filter, vteps.iter()),
        Op::Permit(senders) | Op::Forbid(senders) => {
            let vteps = senders.exempt.iter().chain(senders.macs.iter().map(|(vtep, _)| vtep));
            foreign(&senders.filter, vteps.chain(senders.ips.iter().map(|(vtep, _)| vtep)))
        }
        _ => None,
    }
}

fn foreign<'a>(filter: &Filter, mut vteps: impl Iterator<Item = &'a IpAddr>) -> Option<String> {
    vteps.find(|vtep| vtep.is_ipv6() != filter.ipv6).map(|vtep| format!("{filter}: {vtep} is of another family"))
}
