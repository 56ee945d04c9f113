//! The attributes of a link that an option sets: in requests, in reports, and as rtnetlink has them.

use super::links::{KIND, VXLAN_ID};
use crate::netlink::{Attributes, Writer};
use crate::values::Name;
use serde::{Deserialize, Serialize};

// linux/if_link.h; libc has them for some targets only.
const VXLAN_TTL: u16 = 5;
const VXLAN_TOS: u16 = 6;
const VXLAN_LEARNING: u16 = 7;
const VXLAN_UDP_CSUM: u16 = 18;
const VXLAN_UDP_ZERO_CSUM6_TX: u16 = 19;

/// Which to set on a link that is there: those that are given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The link.
    pub link: Name,
    /// Its VNI.
    pub vni: u32,
    #[serde(default)]
    ttl: Option<u8>,
    #[serde(default)]
    tos: Option<u8>,
    #[serde(default)]
    learning: Option<bool>,
    #[serde(default)]
    txqueuelen: Option<u32>,
}

/// Those of any device.
#[derive(Debug, Default, Serialize)]
pub struct OfDevice {
    /// How many packets a queue of it holds.
    txqueuelen: u32,
}

/// Those of a VXLAN link alone.
#[derive(Debug, Default, Serialize)]
pub struct OfVxlan {
    /// The hop limit of its packets; 0 for the underlay's own.
    ttl: u8,
    /// The TOS byte of its packets; 1 for that of the packet inside.
    tos: u8,
    /// Whether it learns MACs from packets that come in.
    learning: bool,
    /// Whether its packets have UDP checksums.
    checksum: bool,
}

impl Change {
    /// Writes those that are given.
    pub fn write(&self, w: &mut Writer) {
        let Change { link: _, vni, ttl, tos, learning, txqueuelen } = self;
        if let Some(packets) = txqueuelen {
            w.u32(libc::IFLA_TXQLEN, *packets);
        }
        let bytes = [(VXLAN_TTL, *ttl), (VXLAN_TOS, *tos), (VXLAN_LEARNING, learning.map(u8::from))];
        if bytes.iter().all(|(_, value)| value.is_none()) {
            return;
        }
        w.nest(libc::IFLA_LINKINFO, |w| {
            w.text(libc::IFLA_INFO_KIND, KIND).nest(libc::IFLA_INFO_DATA, |w| {
                w.u32(VXLAN_ID, *vni);
                for (kind, value) in bytes {
                    if let Some(value) = value {
                        w.put(kind, &[value]);
                    }
                }
            });
        });
    }
}

impl OfDevice {
    /// Reads them in a row of RTM_GETLINK.
    pub fn seen(row: Attributes) -> OfDevice {
        OfDevice { txqueuelen: row.u32(libc::IFLA_TXQLEN) }
    }
}

impl OfVxlan {
    /// Reads them in the data of a VXLAN link.
    pub fn seen(data: Attributes, ipv6: bool) -> OfVxlan {
        OfVxlan {
            ttl: data.u8(VXLAN_TTL),
            tos: data.u8(VXLAN_TOS),
            learning: data.u8(VXLAN_LEARNING) != 0,
            checksum: if ipv6 { data.u8(VXLAN_UDP_ZERO_CSUM6_TX) == 0 } else { data.u8(VXLAN_UDP_CSUM) != 0 },
        }
    }
}

/// Writes, for a link that is to be made, that its packets over IPv4 have no UDP checksums.
pub fn write_no_checksum(w: &mut Writer) {
    w.put(VXLAN_UDP_CSUM, &[0]);
}

#[cfg(test)]
mod tests {
    use crate::request;
    use crate::response::{Device, Vxlan};

    #[test]
    fn an_attribute_that_is_not_known_is_refused() {
        let request = |attribute: &str| {
            let op = format!(r#"{{"set_attributes":{{"link":"vx0","vni":100,{attribute}}}}}"#);
            request::parse(format!(r#"{{"do":{{"id":1,"epoch":2,"session":3,"ops":[{op}]}}}}"#).as_bytes())
        };
        assert!(request(r#""ttl":9,"learning":false"#).is_ok());
        for wrong in [r#""checksum":true"#, r#""ttl":256"#, r#""learning":1"#, r#""ttl":9,"ttl":9"#] {
            assert!(request(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_device_is_written_as_the_protocol_says() {
        let device = Device { name: "vx0".into(), vxlan: Some(Vxlan::default()), ..Device::default() };
        let vxlan = r#"{"vni":0,"port":0,"dev":"","ttl":0,"tos":0,"learning":false,"checksum":false}"#;
        assert_eq!(
            serde_json::to_string(&device).unwrap(),
            format!(r#"{{"name":"vx0","index":0,"up":false,"mtu":0,"txqueuelen":0,"vxlan":{vxlan}}}"#)
        );
    }
}
