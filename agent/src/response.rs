//! What the agent answers: one JSON object a line.

use crate::kernel::attributes::{OfDevice, OfVxlan};
use crate::kernel::qdiscs::Qdisc;
use crate::values::{Mac, Prefixed};
use serde::Serialize;
use std::net::IpAddr;

/// More failures than these are counted only.
pub const MOST_FAILURES: usize = 20;

/// The subject of a failure by which something is missing in the report.
pub const REPORT: &str = "report";

/// A line of the agent's.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// To a hello.
    Hello {
        /// The version that both speak: the lower of the two.
        protocol: u32,
        /// This agent's version.
        agent: &'static str,
        /// The addresses of the pod's devices.
        addresses: Vec<IpAddr>,
        /// That this agent knows echoes and probes.
        probes: bool,
    },
    /// To a request that was done, whether all of it went well or not.
    Done(Box<Report>),
    /// To an echo that answers now.
    Echoing {
        /// The request's.
        id: u64,
        /// The UDP port.
        port: u16,
        /// The link's MTU.
        mtu: u32,
    },
    /// To a probe.
    Probed(Measured),
    /// To a request of which nothing was done.
    Refused {
        /// The request's; 0 if it could not be read.
        id: u64,
        /// Why.
        reason: Refusal,
        /// The same for people.
        message: String,
        /// The epoch that was there before, of one that is fenced.
        #[serde(skip_serializing_if = "Option::is_none")]
        epoch: Option<u64>,
    },
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A later leader or session was there before.
    Fenced,
    /// Another request holds the lock.
    Locked,
    /// The line is no request of this protocol.
    Malformed,
    /// The kernel refused what any request needs.
    Kernel,
    /// There are enough echoes in this session.
    Busy,
}

/// What a probe found.
#[derive(Debug, Default, Serialize)]
pub struct Measured {
    /// The request's.
    pub id: u64,
    /// Small packets that were sent.
    pub sent: usize,
    /// How many of them were answered.
    pub answered: usize,
    /// Their round trips in microseconds.
    pub rtt_micros: Vec<u64>,
    /// The size that was to pass: what was asked for, and the link's MTU at most.
    pub bytes: usize,
    /// The largest IP packet that arrives there, in bytes; 0 if none does.
    pub forward_bytes: usize,
    /// The largest answer that arrives here; 0 if none does.
    pub backward_bytes: usize,
    /// UDP packets with broken checksums that this pod got meanwhile.
    pub bad_checksums: u64,
    /// Those that the other pod got, up to the last answer.
    pub peer_bad_checksums: u64,
}

/// How a request went, and what it asked about.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The request's.
    pub id: u64,
    /// What failed, at most [`MOST_FAILURES`].
    pub failures: Vec<Failure>,
    /// How many more failed.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
    /// Devices, our routes, filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Other routes than ours to the destinations that were asked about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<Route>,
    /// SHA-256 by link; a link that is not there has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub digests: Vec<(String, String)>,
    /// Tables; a link that is not there has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<Listed>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// One change that the kernel refused, or one question that could not be answered.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Which operation, from 0; none for the marker and the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op: Option<usize>,
    /// What it was about.
    pub subject: String,
    /// The kernel's number, errno(3); 0 if it was not the kernel that refused.
    pub errno: i32,
    /// The same for people.
    pub message: String,
}

/// What the kernel holds, tables aside.
#[derive(Debug, Serialize)]
pub struct State {
    /// All devices.
    pub devices: Vec<Device>,
    /// Routes with our mark.
    pub routes: Vec<Route>,
    /// Devices that have IPv6 switched off; `default` if a new one would.
    pub without_ipv6: Vec<String>,
    /// None where the kernel has no nftables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<Filters>,
    /// Packets that each counter of ours has seen: those that a filter dropped, or port security refused.
    pub dropped: Vec<(String, u64)>,
    /// That this agent knows qdiscs, whether there are any or not.
    pub qdiscs: bool,
}

/// A network device.
#[derive(Debug, Default, Serialize)]
pub struct Device {
    /// Its name.
    pub name: String,
    /// The kernel's number.
    pub index: u32,
    /// The ifalias.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alias: String,
    /// None for a device without an Ethernet address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<Mac>,
    /// Whether it is administratively up.
    pub up: bool,
    /// In bytes.
    pub mtu: u32,
    /// What options set of any device.
    #[serde(flatten)]
    pub attributes: OfDevice,
    /// Of a VXLAN link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vxlan: Option<Vxlan>,
    /// In the kernel's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
}

/// What only a VXLAN link has.
#[derive(Debug, Default, Serialize)]
pub struct Vxlan {
    /// The VNI.
    pub vni: u32,
    /// The UDP port.
    pub port: u16,
    /// The source address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<IpAddr>,
    /// The underlay device's index; 0 if none is set.
    #[serde(skip)]
    pub underlay: u32,
    /// The underlay device's name; empty if none is set.
    pub dev: String,
    /// What options set of it.
    #[serde(flatten)]
    pub attributes: OfVxlan,
    /// Whether the kernel has one at its root.
    #[serde(skip)]
    pub has_qdisc: bool,
    /// The qdisc at its root; none where packets do not wait, as is the kernel's way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qdisc: Option<Qdisc>,
}

/// An address on a device.
#[derive(Debug, Serialize)]
pub struct Address {
    /// With its prefix length.
    pub address: Prefixed,
    /// The priority of its prefix route, by which ours are known; 0 if it has none.
    pub metric: u32,
}

/// A route of the main table, or of any table if it is ours.
#[derive(Debug, Serialize)]
pub struct Route {
    /// The destination.
    pub to: Prefixed,
    /// The gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<IpAddr>,
    /// The device's name; empty if it has none of its own.
    pub dev: String,
    /// The lower, the sooner taken.
    pub metric: u32,
}

/// Our table of nftables.
#[derive(Debug, Default, Serialize)]
pub struct Filters {
    /// Whether the table is there.
    pub present: bool,
    /// Its chains, and the comment of each rule in order.
    pub chains: Vec<(String, Vec<String>)>,
    /// That this agent knows port security, whether it is in use or not.
    pub security: bool,
    /// That this agent's guard drops redirects too.
    pub redirects: bool,
    /// Whom port security refused of late. That it is there says that this agent keeps this.
    pub caught: Vec<Caught>,
}

/// A filter, a VTEP, why it was refused, and how many seconds ago the last time.
#[derive(Debug, Serialize)]
pub struct Caught(pub String, pub IpAddr, pub String, pub u64);

/// The entries of one link that are there to stay, with our MACs alone.
#[derive(Debug, Default, Serialize)]
pub struct Listed {
    /// The link.
    pub link: String,
    /// Destinations of the all-zero MAC.
    pub flood: Vec<IpAddr>,
    /// Destinations of one MAC each.
    pub unicast: Vec<(Mac, IpAddr)>,
    /// The MACs of addresses in the overlay.
    pub neighbours: Vec<(IpAddr, Mac)>,
    /// Whom the filter lets through.
    pub admitted: Vec<IpAddr>,
    /// VTEPs that port security does not check.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exempt: Vec<IpAddr>,
    /// The MACs that frames of each VTEP may have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub macs: Vec<(IpAddr, Mac)>,
    /// The addresses that packets of each VTEP may have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ips: Vec<(IpAddr, IpAddr)>,
}

impl Report {
    /// Keeps a failure, or counts it. One that leaves a part of the report out is always kept.
    pub fn fail(&mut self, failure: Failure) {
        if self.failures.len() < MOST_FAILURES || failure.subject == REPORT {
            self.failures.push(failure)
        } else {
            self.more += 1
        }
    }
}

impl Failure {
    /// One that an I/O error says.
    pub fn of(op: Option<usize>, subject: impl Into<String>, error: &std::io::Error) -> Failure {
        Failure { op, subject: subject.into(), errno: error.raw_os_error().unwrap_or(0), message: error.to_string() }
    }
}
