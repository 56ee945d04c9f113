//! Forwarding and neighbour entries: RTM_GETNEIGH.

use super::MAC_PREFIX;
use crate::netlink::{Attributes, Message, Socket};
use crate::values::Mac;
use std::io;
use std::net::IpAddr;

const HEADER: usize = 12;

/// A permanent entry of either table.
#[derive(Debug)]
pub struct Entry {
    /// Of a neighbour its address in the overlay, of a forwarding entry the VTEP.
    pub ip: IpAddr,
    /// The MAC.
    pub mac: Mac,
    /// Whether it leads to another port, VNI or device than its link's own.
    pub elsewhere: bool,
}

impl Entry {
    /// Whether it is one that the controller may have made.
    pub fn is_ours(&self) -> bool {
        self.mac.0.starts_with(&MAC_PREFIX)
    }

    /// Whether it is for frames whose destination has no MAC of its own.
    pub fn is_flood(&self) -> bool {
        self.mac == Mac::default()
    }
}

/// An entry's header (ndmsg).
pub fn header(family: u8, index: u32, permanent: bool, of_device: bool) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[0] = family;
    header[4..8].copy_from_slice(&index.to_ne_bytes());
    // As bridge(8) makes forwarding entries, so that those of an agent with a shell do not change.
    let state = if of_device { libc::NUD_PERMANENT | libc::NUD_NOARP } else { libc::NUD_PERMANENT };
    header[8] = if permanent { state as u8 } else { 0 };
    header[10] = if of_device { libc::NTF_SELF } else { 0 };
    header
}

/// The permanent forwarding entries of a link.
pub fn forwarding(socket: &mut Socket, index: u32) -> io::Result<Vec<Entry>> {
    let header = header(libc::AF_BRIDGE as u8, index, false, false);
    socket.dump(libc::RTM_GETNEIGH, &header, |_| {}, |message| entry(message, index))
}

/// The permanent neighbour entries of a link.
pub fn neighbours(socket: &mut Socket, index: u32) -> io::Result<Vec<Entry>> {
    let of_link = |w: &mut crate::netlink::Writer| {
        w.u32(libc::NDA_IFINDEX, index);
    };
    socket.dump(libc::RTM_GETNEIGH, &header(0, 0, false, false), of_link, |message| entry(message, index))
}

/// Reads a row of RTM_GETNEIGH; none if it is another link's, or not permanent.
pub fn entry(message: &Message, index: u32) -> Option<Entry> {
    let header = message.body.get(..HEADER)?;
    let permanent = header[8] & libc::NUD_PERMANENT as u8 != 0;
    if !permanent || crate::netlink::read::u32_at(header, 4)? != index {
        return None;
    }
    let attributes = Attributes::after(HEADER, message.body);
    Some(Entry {
        ip: attributes.ip(libc::NDA_DST)?,
        mac: attributes.mac(libc::NDA_LLADDR)?,
        elsewhere: [libc::NDA_PORT, libc::NDA_VNI, libc::NDA_IFINDEX].into_iter().any(|kind| attributes.has(kind)),
    })
}
