//! The qdisc at the root of a link, which impairs what the link sends: netem, or TBF where a rate is all. Ours
//! are known by their handles, one for each kind, so that the kernel replaces one kind by the other in one step.

use crate::netlink::{Attributes, Message, Socket, Writer, read::u32_at};
use crate::values::Name;
use serde::{Deserialize, Serialize};
use std::io;

const HEADER: usize = 20;
const ROOT: u32 = u32::MAX; // TC_H_ROOT

// linux/rtnetlink.h and linux/pkt_sched.h
const KIND: u16 = 1;
const OPTIONS: u16 = 2;
const NETEM_CORR: u16 = 1;
const NETEM_REORDER: u16 = 3;
const NETEM_CORRUPT: u16 = 4;
const NETEM_LOSS: u16 = 5;
const NETEM_RATE: u16 = 6;
const NETEM_ECN: u16 = 7;
const NETEM_RATE64: u16 = 8;
const NETEM_SLOT: u16 = 12;
const TBF_PARMS: u16 = 1;
const TBF_RATE64: u16 = 4;
const TBF_BURST: u16 = 6;
const ETHERNET: u8 = 1; // TC_LINKLAYER_ETHERNET: the kernel needs no table of rates

const NETEM_BYTES: usize = 24; // struct tc_netem_qopt
const TBF_BYTES: usize = 36; // struct tc_tbf_qopt

/// What a kernel of Linux 2.6.31 or later counts time in (PSCHED_SHIFT).
const NANOSECONDS_OF_TICK: u64 = 64;
/// Steps of a delay, in microseconds: what a tick rounds off is less.
const STEP: u64 = 10;
const BYTES_OF_KBIT: u32 = 125;
/// A burst is 10 ms of the rate, the queue behind it another 100 ms; neither is ever less than this.
const LEAST_BYTES: u32 = 16384;

/// The kinds of qdisc that we put.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Delays, drops, repeats, reorders and damages packets, at a rate if one is given.
    Netem,
    /// Sends at a rate.
    Tbf,
}

/// What a qdisc does with packets; 0 for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Impairments {
    /// How many packets netem holds.
    pub limit: u32,
    /// In thousands of bits a second.
    pub rate: u32,
    /// In microseconds.
    pub delay: u32,
    /// In microseconds, either way.
    pub jitter: u32,
    /// In thousandths of a percent, as all that follow.
    pub loss: u32,
    /// Packets that are sent twice.
    pub duplicate: u32,
    /// Packets that are sent at once, before those that are delayed.
    pub reorder: u32,
    /// Packets in which one bit is wrong.
    pub corrupt: u32,
}

/// Which qdisc to put on a link.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The link.
    pub link: Name,
    /// What it is to do.
    pub set: Impairments,
}

/// A qdisc as the kernel has it.
#[derive(Debug, Serialize)]
pub struct Qdisc {
    /// The kernel's word, such as `netem`.
    pub kind: String,
    /// Whether it carries our handle.
    pub ours: bool,
    /// What one of ours does; none if it does something that a request can't ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<Impairments>,
    #[serde(skip)]
    link: u32,
    #[serde(skip)]
    handle: u32,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Netem, Kind::Tbf];

    fn word(self) -> &'static str {
        match self {
            Kind::Netem => "netem",
            Kind::Tbf => "tbf",
        }
    }

    /// Our mark, `184:` and `185:` as tc prints it.
    fn handle(self) -> u32 {
        match self {
            Kind::Netem => 0x184_0000,
            Kind::Tbf => 0x185_0000,
        }
    }

    /// The header (tcmsg) of a message about the qdisc of this kind.
    pub fn header(self, link: u32) -> [u8; HEADER] {
        header(link, self.handle())
    }
}

fn header(link: u32, handle: u32) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[4..8].copy_from_slice(&link.to_ne_bytes());
    header[8..12].copy_from_slice(&handle.to_ne_bytes());
    header[12..16].copy_from_slice(&ROOT.to_ne_bytes());
    header
}

impl Impairments {
    /// The kind that does it.
    pub fn kind(&self) -> Kind {
        let rate_alone = Impairments { limit: self.limit, rate: self.rate, ..Impairments::default() };
        if self.rate > 0 && *self == rate_alone { Kind::Tbf } else { Kind::Netem }
    }

    /// Writes the attributes of RTM_NEWQDISC. The kernel keeps of netem what is left out, so all of it is written.
    pub fn write(&self, w: &mut Writer) {
        w.text(KIND, self.kind().word());
        match self.kind() {
            Kind::Netem => self.write_netem(w),
            Kind::Tbf => self.write_tbf(w),
        }
    }

    fn write_netem(&self, w: &mut Writer) {
        let gap = u32::from(self.reorder > 0);
        let loss = portion(self.loss);
        let fields = [ticks(self.delay), self.limit, loss, gap, portion(self.duplicate), ticks(self.jitter)];
        w.with_header(OPTIONS, &bytes(&fields), |w| {
            w.put(NETEM_CORR, &bytes(&[0, 0, 0]));
            w.put(NETEM_REORDER, &bytes(&[portion(self.reorder), 0]));
            w.put(NETEM_CORRUPT, &bytes(&[portion(self.corrupt), 0]));
            w.put(NETEM_RATE, &bytes(&[self.bytes_a_second(), 0, 0, 0]));
        });
    }

    fn write_tbf(&self, w: &mut Writer) {
        let unit = u32::from_ne_bytes([0, ETHERNET, 0, 0]);
        let fields = [unit, 0, self.bytes_a_second(), unit, 0, 0, self.tbf_bytes(), 0, 0];
        w.with_header(OPTIONS, &[], |w| {
            w.put(TBF_PARMS, &bytes(&fields)).u32(TBF_BURST, self.burst());
        });
    }

    fn bytes_a_second(&self) -> u32 {
        self.rate.saturating_mul(BYTES_OF_KBIT)
    }

    fn burst(&self) -> u32 {
        (self.bytes_a_second() / 100).max(LEAST_BYTES)
    }

    /// How many bytes TBF holds.
    fn tbf_bytes(&self) -> u32 {
        self.burst() + (self.bytes_a_second() / 10).max(LEAST_BYTES)
    }

    fn read(kind: Kind, options: Attributes, whole: &[u8]) -> Option<Impairments> {
        match kind {
            Kind::Netem => Impairments::read_netem(whole),
            Kind::Tbf => Impairments::read_tbf(options),
        }
    }

    fn read_netem(options: &[u8]) -> Option<Impairments> {
        let fields = numbers::<6>(options.get(..NETEM_BYTES)?)?;
        let more = Attributes::after(NETEM_BYTES, options);
        let [reorder, reorder_after] = numbers(more.get(NETEM_REORDER).unwrap_or(&[0; 8]))?;
        let [corrupt, corrupt_after] = numbers(more.get(NETEM_CORRUPT).unwrap_or(&[0; 8]))?;
        let [rate, overhead, cell, cell_overhead] = numbers(more.get(NETEM_RATE).unwrap_or(&[0; 16]))?;
        let [delay_after, loss_after, duplicate_after] = numbers(more.get(NETEM_CORR).unwrap_or(&[0; 12]))?;
        let correlated = delay_after | loss_after | duplicate_after | reorder_after | corrupt_after;
        let random = more.nested(NETEM_LOSS).iter().next().is_none();
        let gap = u32::from(reorder > 0);
        let plain = random && !more.has(NETEM_SLOT) && !more.has(NETEM_RATE64) && more.u32(NETEM_ECN) == 0;
        let others = correlated | overhead | cell | cell_overhead | (rate % BYTES_OF_KBIT) | (fields[3] ^ gap);
        (plain && others == 0).then_some(Impairments {
            limit: fields[1],
            rate: rate / BYTES_OF_KBIT,
            delay: microseconds(fields[0])?,
            jitter: microseconds(fields[5])?,
            loss: thousandths(fields[2])?,
            duplicate: thousandths(fields[4])?,
            reorder: thousandths(reorder)?,
            corrupt: thousandths(corrupt)?,
        })
    }

    fn read_tbf(options: Attributes) -> Option<Impairments> {
        let parms = options.get(TBF_PARMS)?.get(..TBF_BYTES)?;
        let (rate, peak, limit) = (u32_at(parms, 8)?, u32_at(parms, 20)?, u32_at(parms, 24)?);
        let set = Impairments { rate: rate / BYTES_OF_KBIT, ..Impairments::default() };
        let plain = peak == 0 && rate % BYTES_OF_KBIT == 0 && !options.has(TBF_RATE64);
        (plain && limit == set.tbf_bytes()).then_some(set)
    }
}

impl Qdisc {
    /// Whether we may put another in its place.
    fn is_foreign(&self) -> bool {
        !self.ours && self.handle != 0
    }
}

/// The qdiscs at the roots of links, by the link's index. A link that has none has the kernel's `noqueue`, whose handle
/// is 0.
pub fn list(socket: &mut Socket) -> io::Result<Vec<(u32, Qdisc)>> {
    let all = socket.dump(libc::RTM_GETQDISC, &header(0, 0), |_| {}, qdisc)?;
    Ok(all.into_iter().map(|qdisc| (qdisc.link, qdisc)).collect())
}

/// Fails if somebody else's qdisc is at the root of a link.
pub fn may_be_put(socket: &mut Socket, link: u32) -> io::Result<()> {
    let foreign = list(socket)?.into_iter().any(|(at, qdisc)| at == link && qdisc.is_foreign());
    if foreign { Err(io::Error::from_raw_os_error(libc::EEXIST)) } else { Ok(()) }
}

/// Reads a row of RTM_GETQDISC; none if the qdisc is not at a root.
pub fn qdisc(message: &Message) -> Option<Qdisc> {
    let link = u32_at(message.body, 4)?;
    let handle = u32_at(message.body, 8)?;
    if u32_at(message.body, 12)? != ROOT {
        return None;
    }
    let attributes = Attributes::after(HEADER, message.body);
    let kind = attributes.text(KIND);
    let own = Kind::ALL.into_iter().find(|known| known.word() == kind && known.handle() == handle);
    let whole = attributes.get(OPTIONS).unwrap_or_default();
    let set = own.and_then(|own| Impairments::read(own, attributes.nested(OPTIONS), whole));
    Some(Qdisc { kind, ours: own.is_some(), set, link, handle })
}

fn bytes(fields: &[u32]) -> Vec<u8> {
    fields.iter().flat_map(|field| field.to_ne_bytes()).collect()
}

fn numbers<const N: usize>(bytes: &[u8]) -> Option<[u32; N]> {
    let mut all = [0; N];
    for (at, number) in all.iter_mut().enumerate() {
        *number = u32_at(bytes, at * 4)?;
    }
    Some(all)
}

fn ticks(microseconds: u32) -> u32 {
    u32::try_from(u64::from(microseconds) * 1000 / NANOSECONDS_OF_TICK).unwrap_or(u32::MAX)
}

/// None if it is between two steps.
fn microseconds(of: u32) -> Option<u32> {
    let nearest = (u64::from(of) * NANOSECONDS_OF_TICK + STEP * 500) / (STEP * 1000) * STEP;
    u32::try_from(nearest).ok().filter(|nearest| ticks(*nearest) == of)
}

/// Of 2^32 - 1, rounded as tc does.
fn portion(thousandths: u32) -> u32 {
    (f64::from(thousandths) / 1000.0 / 100.0 * f64::from(u32::MAX)).round_ties_even() as u32
}

/// None if it is between two thousandths of a percent.
fn thousandths(portion_of_all: u32) -> Option<u32> {
    let nearest = (f64::from(portion_of_all) / f64::from(u32::MAX) * 100_000.0).round() as u32;
    (portion(nearest).abs_diff(portion_of_all) <= 1).then_some(nearest)
}

#[cfg(test)]
mod tests;
