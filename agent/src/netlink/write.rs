//! Messages and attributes to the kernel.

use std::net::IpAddr;

const REQUEST: u16 = libc::NLM_F_REQUEST as u16;
const ACK: u16 = libc::NLM_F_ACK as u16;

/// Messages that are sent by one system call, numbered from 1.
#[derive(Default)]
pub struct Batch {
    pub(super) bytes: Vec<u8>,
    pub(super) last: u32,
    start: usize,
}

/// Writes the attributes of a message.
pub struct Writer<'a>(&'a mut Vec<u8>);

impl Batch {
    /// Adds a message and gives its number.
    pub fn add(&mut self, kind: u16, flags: u16, header: &[u8], attributes: impl FnOnce(&mut Writer)) -> u32 {
        self.start = self.bytes.len();
        self.last += 1;
        self.bytes.extend([0; 4]);
        self.bytes.extend(kind.to_ne_bytes());
        self.bytes.extend((flags | REQUEST).to_ne_bytes());
        self.bytes.extend(self.last.to_ne_bytes());
        self.bytes.extend([0; 4]);
        self.bytes.extend(header);
        attributes(&mut Writer(&mut self.bytes));
        let length = (self.bytes.len() - self.start) as u32;
        self.bytes[self.start..self.start + 4].copy_from_slice(&length.to_ne_bytes());
        self.last
    }

    /// Has the message that was added last acknowledged, so that the answer to all ends there.
    pub fn acknowledge(&mut self) {
        let flags = &mut self.bytes[self.start + 6..self.start + 8];
        let with = u16::from_ne_bytes([flags[0], flags[1]]) | ACK;
        flags.copy_from_slice(&with.to_ne_bytes());
    }

    /// What is sent.
    #[cfg(test)]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.last as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.last == 0
    }
}

impl Writer<'_> {
    /// An attribute of bytes.
    pub fn put(&mut self, kind: u16, value: &[u8]) -> &mut Self {
        self.0.extend((value.len() as u16 + 4).to_ne_bytes());
        self.0.extend(kind.to_ne_bytes());
        self.0.extend(value);
        self.0.resize((self.0.len() + 3) & !3, 0);
        self
    }

    /// A text with a zero byte behind it.
    pub fn text(&mut self, kind: u16, value: &str) -> &mut Self {
        let mut bytes = value.as_bytes().to_vec();
        bytes.push(0);
        self.put(kind, &bytes)
    }

    /// A number in the machine's order.
    pub fn u32(&mut self, kind: u16, value: u32) -> &mut Self {
        self.put(kind, &value.to_ne_bytes())
    }

    /// A number in the network's order.
    pub fn be32(&mut self, kind: u16, value: u32) -> &mut Self {
        self.put(kind, &value.to_be_bytes())
    }

    /// An IP address.
    pub fn ip(&mut self, kind: u16, value: &IpAddr) -> &mut Self {
        match value {
            IpAddr::V4(ip) => self.put(kind, &ip.octets()),
            IpAddr::V6(ip) => self.put(kind, &ip.octets()),
        }
    }

    /// An attribute that holds attributes.
    pub fn nest(&mut self, kind: u16, inside: impl FnOnce(&mut Writer)) -> &mut Self {
        self.with_header(kind | libc::NLA_F_NESTED as u16, &[], inside)
    }

    /// An attribute that holds bytes, a multiple of four, and then attributes.
    pub fn with_header(&mut self, kind: u16, header: &[u8], inside: impl FnOnce(&mut Writer)) -> &mut Self {
        let start = self.0.len();
        self.put(kind, header);
        inside(&mut Writer(self.0));
        let length = (self.0.len() - start) as u16;
        self.0[start..start + 2].copy_from_slice(&length.to_ne_bytes());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::{Attributes, messages};
    use super::*;

    #[test]
    fn what_is_written_is_read_the_same() {
        let mut batch = Batch::default();
        batch.add(16, 0, &[7; 4], |w| {
            w.text(1, "vxeth0").nest(2, |w| {
                w.u32(3, 9).put(4, &[1]);
            });
        });
        batch.add(17, 0, &[], |_| {});
        batch.acknowledge();
        let all: Vec<_> = messages(&batch.bytes).collect();
        assert_eq!(all.iter().map(|m| (m.kind, m.flags, m.sequence)).collect::<Vec<_>>(), [(16, 1, 1), (17, 5, 2)]);
        let attributes = Attributes::after(4, all[0].body);
        assert_eq!(attributes.text(1), "vxeth0");
        assert_eq!(attributes.nested(2).u32(3), 9);
        assert_eq!(attributes.nested(2).get(4), Some(&[1][..]));
    }
}
