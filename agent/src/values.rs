//! Values that requests and answers carry as text.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// An Ethernet address, as `72:78:00:00:00:01`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mac(pub [u8; 6]);

/// An address and the length of its network's prefix, as `10.0.0.1/24`; of a destination as well, `10.0.0.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefixed {
    /// The address.
    pub ip: IpAddr,
    /// 0 to 32, for IPv6 to 128.
    pub length: u8,
}

/// The name of a device as the kernel takes it: 1 to 15 bytes without a zero byte, white space, `/` or `:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

/// How many characters a [`Token`] has.
pub const TOKEN: usize = 32;

/// What only the two ends of a probe know: 128 bits, as 32 hexadecimal digits in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(String);

impl Name {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Mac {
    type Err = String;

    fn from_str(text: &str) -> Result<Mac, String> {
        let mut bytes = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            let part = parts.next().filter(|part| part.len() == 2 && !part.starts_with('+'));
            *byte = part.and_then(|part| u8::from_str_radix(part, 16).ok()).ok_or("no Ethernet address")?;
        }
        if parts.next().is_some() { Err("no Ethernet address".into()) } else { Ok(Mac(bytes)) }
    }
}

impl FromStr for Prefixed {
    type Err = String;

    fn from_str(text: &str) -> Result<Prefixed, String> {
        let (ip, length) = text.split_once('/').ok_or("no prefix length")?;
        let ip: IpAddr = ip.parse().map_err(|_| "no IP address")?;
        let length: u8 = length.parse().map_err(|_| "no prefix length")?;
        let most = if ip.is_ipv4() { 32 } else { 128 };
        if length > most { Err("no prefix length".into()) } else { Ok(Prefixed { ip, length }) }
    }
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Name, String> {
        let forbidden = |c: char| c.is_ascii_whitespace() || matches!(c, '\0' | '/' | ':');
        if text.is_empty() || text.len() > 15 || text.contains(forbidden) {
            return Err("no name of a device".into());
        }
        Ok(Name(text.into()))
    }
}

impl FromStr for Token {
    type Err = String;

    fn from_str(text: &str) -> Result<Token, String> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        if text.len() != TOKEN || !text.bytes().all(is_digit) {
            return Err("no token of 32 hexadecimal digits".into());
        }
        Ok(Token(text.into()))
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl fmt::Display for Prefixed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.ip, self.length)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

struct Text<T>(std::marker::PhantomData<T>);

impl<T: FromStr<Err = String>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(Text(std::marker::PhantomData))
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
    )*};
}

as_text!(Mac, Prefixed, Name, Token);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_read_is_written_the_same() {
        for text in ["00:00:00:00:00:00", "72:78:0a:ff:00:01"] {
            assert_eq!(text.parse::<Mac>().unwrap().to_string(), text);
        }
        for text in ["10.0.0.1/24", "0.0.0.0/0", "fd00::1/128"] {
            assert_eq!(text.parse::<Prefixed>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "72:78:00:00:00", "72:78:00:00:00:01:02", "+1:78:00:00:00:01", "7:78:00:00:00:01", "x"] {
            assert!(text.parse::<Mac>().is_err(), "{text}");
        }
        for text in ["10.0.0.1", "10.0.0.1/33", "fd00::1/129", "10.0.0.1/", "/24", "10.0.0.1/-1"] {
            assert!(text.parse::<Prefixed>().is_err(), "{text}");
        }
        for text in ["", "sixteen-letters-", "a b", "a/b", "a:b", "a\0b"] {
            assert!(text.parse::<Name>().is_err(), "{text:?}");
        }
    }
}
