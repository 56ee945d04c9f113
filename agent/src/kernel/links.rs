//! Devices and their addresses: RTM_NEWLINK, RTM_GETLINK, RTM_GETADDR.

use super::attributes::{self, OfDevice, OfVxlan};
use super::qdiscs;
use crate::netlink::{Attributes, Message, Socket, Writer};
use crate::request::Op;
use crate::response::{Address, Device, Vxlan};
use crate::sys;
use crate::values::Prefixed;
use serde::Serialize;
use std::fs;
use std::io;
use std::net::IpAddr;

// linux/if_link.h; libc has them for some targets only.
pub(super) const VXLAN_ID: u16 = 1;
const VXLAN_LINK: u16 = 3;
const VXLAN_LOCAL: u16 = 4;
const VXLAN_PORT: u16 = 15;
const VXLAN_LOCAL6: u16 = 17;

/// IFA_RT_PRIORITY (linux/if_addr.h).
pub const RT_PRIORITY: u16 = 9;

const STATS64: u16 = 23; // IFLA_STATS64: numbers of 64 bits (struct rtnl_link_stats64)
const COUNTED: [usize; 4] = [0, 1, 6, 7];

/// What the kernel gives a VXLAN link, and one that was down ever since another qdisc was taken from it.
const NO_QDISC: [&str; 3] = ["noqueue", "noop", ""];

const IPV6: &str = "/proc/sys/net/ipv6/conf";

const HEADER: usize = 16;
const ADDRESS_HEADER: usize = 8;
pub(super) const KIND: &str = "vxlan";

/// A link's header (ifinfomsg), with flags of which those in `change` count.
pub fn header(index: u32, flags: u32, change: u32) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[4..8].copy_from_slice(&index.to_ne_bytes());
    header[8..12].copy_from_slice(&flags.to_ne_bytes());
    header[12..].copy_from_slice(&change.to_ne_bytes());
    header
}

/// An address's header (ifaddrmsg).
pub fn address_header(address: &Prefixed, flags: u8, index: u32) -> [u8; ADDRESS_HEADER] {
    let mut header = [super::family(&address.ip), address.length, flags, 0, 0, 0, 0, 0];
    header[4..].copy_from_slice(&index.to_ne_bytes());
    header
}

/// Writes the attributes of a VXLAN link that is to be made, or to get another underlay, which is given by its index.
pub fn write(w: &mut Writer, op: &Op, underlay: u32) {
    let (vni, local, made) = match op {
        Op::AddLink { link, mac, vni, port, local, mtu, checksum, .. } => {
            w.text(libc::IFLA_IFNAME, link.as_str()).put(libc::IFLA_ADDRESS, &mac.0).u32(libc::IFLA_MTU, *mtu);
            (vni, local, Some((port, checksum)))
        }
        Op::SetUnderlay { vni, local, .. } => (vni, local, None),
        _ => return,
    };
    w.nest(libc::IFLA_LINKINFO, |w| {
        w.text(libc::IFLA_INFO_KIND, KIND).nest(libc::IFLA_INFO_DATA, |w| {
            let kind = if local.is_ipv4() { VXLAN_LOCAL } else { VXLAN_LOCAL6 };
            w.u32(VXLAN_ID, *vni).u32(VXLAN_LINK, underlay).ip(kind, local);
            if let Some((port, checksum)) = made {
                w.put(VXLAN_PORT, &port.to_be_bytes());
                if !checksum {
                    attributes::write_no_checksum(w);
                }
            }
        });
    });
}

/// All devices with their addresses.
pub fn list(socket: &mut Socket) -> io::Result<Vec<Device>> {
    let mut devices = socket.dump(libc::RTM_GETLINK, &header(0, 0, 0), |_| {}, device)?;
    let names: Vec<(u32, String)> = devices.iter().map(|device| (device.index, device.name.clone())).collect();
    for vxlan in devices.iter_mut().filter_map(|device| device.vxlan.as_mut()) {
        vxlan.dev = name_of(&names, vxlan.underlay);
    }
    if devices.iter().filter_map(|device| device.vxlan.as_ref()).any(|vxlan| vxlan.has_qdisc) {
        for (index, qdisc) in qdiscs::list(socket)? {
            let link = devices.iter_mut().find(|device| device.index == index);
            if let Some(vxlan) = link.and_then(|link| link.vxlan.as_mut()).filter(|vxlan| vxlan.has_qdisc) {
                vxlan.qdisc = Some(qdisc);
            }
        }
    }
    for (index, address) in addresses(socket)? {
        if let Some(device) = devices.iter_mut().find(|device| device.index == index) {
            device.addresses.push(address);
        }
    }
    Ok(devices)
}

/// Packets that a device has counted since it was made.
#[derive(Debug, Default, Serialize)]
pub struct Counters {
    /// The device.
    pub link: String,
    /// Packets that came in.
    pub received: u64,
    /// Packets that went out.
    pub sent: u64,
    /// Packets that came in and were dropped.
    pub receive_drops: u64,
    /// Packets that were to go out and were dropped.
    pub send_drops: u64,
}

/// The counters of all devices.
pub fn counters(socket: &mut Socket) -> io::Result<Vec<Counters>> {
    socket.dump(libc::RTM_GETLINK, &header(0, 0, 0), |_| {}, |message| Some(counted(message)))
}

/// Reads the counters in a row of RTM_GETLINK; those that are not there are 0.
pub fn counted(message: &Message) -> Counters {
    let attributes = Attributes::after(HEADER, message.body);
    let stats = attributes.get(STATS64).unwrap_or_default();
    let [received, sent, receive_drops, send_drops] =
        COUNTED.map(|at| stats.get(at * 8..at * 8 + 8).and_then(|n| n.try_into().ok()).map_or(0, u64::from_ne_bytes));
    Counters { link: attributes.text(libc::IFLA_IFNAME), received, sent, receive_drops, send_drops }
}

/// The addresses of all devices, by the device's index.
pub fn addresses(socket: &mut Socket) -> io::Result<Vec<(u32, Address)>> {
    socket.dump(libc::RTM_GETADDR, &[0; ADDRESS_HEADER], |_| {}, address)
}

/// Devices that have IPv6 switched off; `default` among them if a new one would.
pub fn without_ipv6() -> Vec<String> {
    let Ok(all) = fs::read_dir(IPV6) else { return vec!["default".into()] };
    let devices = all.flatten().filter(|device| {
        let off = fs::read_to_string(device.path().join("disable_ipv6"));
        off.map_or(true, |off| off.trim() != "0")
    });
    devices.map(|device| device.file_name().to_string_lossy().into_owned()).collect()
}

/// The alias of `lo`.
pub fn alias_of_lo(socket: &mut Socket) -> io::Result<String> {
    let lo = sys::index_of("lo")?;
    let device = socket.get(libc::RTM_GETLINK, &header(lo, 0, 0), device)?;
    Ok(device.map_or(String::new(), |device| device.alias))
}

/// The name of the device with that index; empty if there is none.
pub fn name_of(names: &[(u32, String)], index: u32) -> String {
    names.iter().find(|(known, _)| *known == index).map_or(String::new(), |(_, name)| name.clone())
}

/// Reads a row of RTM_GETLINK.
pub fn device(message: &Message) -> Option<Device> {
    let fields: &[u8; HEADER] = message.body.get(..HEADER)?.try_into().ok()?;
    let attributes = Attributes::after(HEADER, message.body);
    let info = attributes.nested(libc::IFLA_LINKINFO);
    Some(Device {
        name: attributes.text(libc::IFLA_IFNAME),
        index: crate::netlink::read::u32_at(fields, 4)?,
        alias: attributes.text(libc::IFLA_IFALIAS),
        mac: attributes.mac(libc::IFLA_ADDRESS),
        up: fields[8] & libc::IFF_UP as u8 != 0,
        mtu: attributes.u32(libc::IFLA_MTU),
        attributes: OfDevice::seen(attributes),
        vxlan: (info.text(libc::IFLA_INFO_KIND) == KIND)
            .then(|| seen(info.nested(libc::IFLA_INFO_DATA), &attributes.text(libc::IFLA_QDISC))),
        addresses: Vec::new(),
    })
}

fn seen(data: Attributes, qdisc: &str) -> Vxlan {
    let local = data.ip(VXLAN_LOCAL).or_else(|| data.ip(VXLAN_LOCAL6));
    Vxlan {
        vni: data.u32(VXLAN_ID),
        port: data.be16(VXLAN_PORT),
        local,
        underlay: data.u32(VXLAN_LINK),
        dev: String::new(),
        attributes: OfVxlan::seen(data, local.is_some_and(|local| local.is_ipv6())),
        has_qdisc: !NO_QDISC.contains(&qdisc),
        qdisc: None,
    }
}

/// Reads a row of RTM_GETADDR.
pub fn address(message: &Message) -> Option<(u32, Address)> {
    let attributes = Attributes::after(ADDRESS_HEADER, message.body);
    let ip: IpAddr = attributes.ip(libc::IFA_LOCAL).or_else(|| attributes.ip(libc::IFA_ADDRESS))?;
    let address = Prefixed { ip, length: *message.body.get(1)? };
    let index = crate::netlink::read::u32_at(message.body, 4)?;
    Some((index, Address { address, metric: attributes.u32(RT_PRIORITY) }))
}
