//! Messages and attributes from the kernel.

use crate::values::Mac;
use std::net::IpAddr;

/// A message: a header of 16 bytes and a body.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// What it is.
    pub kind: u16,
    /// How it is to be taken.
    pub flags: u16,
    /// The number of the message that it answers.
    pub sequence: u32,
    /// What follows the header.
    pub body: &'a [u8],
}

/// The messages in what one read gave; ends at the first that can't be one.
pub fn messages(mut rest: &[u8]) -> impl Iterator<Item = Message<'_>> {
    std::iter::from_fn(move || {
        let length = u32_at(rest, 0)? as usize;
        let body = rest.get(16..length)?;
        let message = Message { kind: u16_at(rest, 4)?, flags: u16_at(rest, 6)?, sequence: u32_at(rest, 8)?, body };
        rest = rest.get(aligned(length)..).unwrap_or_default();
        Some(message)
    })
}

/// A list of attributes: each a length, a type and a value.
#[derive(Clone, Copy, Debug)]
pub struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// Those that follow a header of so many bytes.
    pub fn after(header: usize, body: &'a [u8]) -> Attributes<'a> {
        Attributes(body.get(header..).unwrap_or_default())
    }

    /// Type and value of each.
    pub fn iter(&self) -> impl Iterator<Item = (u16, &'a [u8])> + use<'a> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let length = usize::from(u16_at(rest, 0)?);
            let value = rest.get(4..length)?;
            let kind = u16_at(rest, 2)? & libc::NLA_TYPE_MASK as u16;
            rest = rest.get(aligned(length)..).unwrap_or_default();
            Some((kind, value))
        })
    }

    /// The value of the first of a type.
    pub fn get(&self, kind: u16) -> Option<&'a [u8]> {
        self.iter().find(|(found, _)| *found == kind).map(|(_, value)| value)
    }

    /// The attributes in the first of a type; none if it is not there.
    pub fn nested(&self, kind: u16) -> Attributes<'a> {
        Attributes(self.get(kind).unwrap_or_default())
    }

    /// Whether one of a type is there.
    pub fn has(&self, kind: u16) -> bool {
        self.get(kind).is_some()
    }

    /// A byte; 0 if it is not there.
    pub fn u8(&self, kind: u16) -> u8 {
        self.get(kind).and_then(|value| value.first().copied()).unwrap_or(0)
    }

    /// A number in the machine's order; 0 if it is not there.
    pub fn u32(&self, kind: u16) -> u32 {
        self.get(kind).and_then(|value| u32_at(value, 0)).unwrap_or(0)
    }

    /// A number in the network's order; 0 if it is not there.
    pub fn be16(&self, kind: u16) -> u16 {
        self.get(kind).and_then(|value| u16_at(value, 0)).map_or(0, u16::from_be)
    }

    /// A text up to its zero byte; what is no UTF-8 becomes U+FFFD.
    pub fn text(&self, kind: u16) -> String {
        text(self.get(kind).unwrap_or_default())
    }

    /// An IP address of either family.
    pub fn ip(&self, kind: u16) -> Option<IpAddr> {
        ip(self.get(kind)?)
    }

    /// An Ethernet address.
    pub fn mac(&self, kind: u16) -> Option<Mac> {
        self.get(kind)?.try_into().ok().map(Mac)
    }
}

/// An IP address of 4 or 16 bytes.
pub fn ip(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return Some(IpAddr::from(bytes));
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}

/// A text up to its zero byte; what is no UTF-8 becomes U+FFFD.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned()
}

/// A number in the machine's order.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes)
}

/// A number in the machine's order.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_ne_bytes)
}

fn aligned(length: usize) -> usize {
    (length + 3) & !3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_lies_ends_the_list() {
        assert_eq!(Attributes(&[3, 0, 1, 0]).iter().count(), 0);
        assert_eq!(Attributes(&[9, 0, 1, 0, 1, 2, 3, 4]).iter().count(), 0);
        assert_eq!(Attributes(&[5, 0, 1, 0, 7, 0, 0, 0, 255]).iter().collect::<Vec<_>>(), [(1, &[7][..])]);
        assert_eq!(messages(&[15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).count(), 0);
        assert_eq!(messages(&[255; 40]).count(), 0);
    }

    #[test]
    fn values_of_another_size_are_not_there() {
        let list = Attributes(&[6, 0, 1, 0, 7, 7, 0, 0]);
        assert_eq!((list.u32(1), list.ip(1), list.mac(1)), (0, None, None));
    }
}
