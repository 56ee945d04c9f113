//! The system calls that the standard library does not offer, and all of the agent's unsafe code.
#![allow(unsafe_code)]

use std::ffi::CString;
use std::fs::File;
use std::io::{self, Read};
use std::mem::{size_of, size_of_val, zeroed};
use std::net::UdpSocket;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr::null_mut;

const RECEIVE_SECONDS: libc::time_t = 5;
/// Enough for the largest transaction that a request can ask for.
const SEND_BYTES: libc::c_int = 16 << 20;

/// Opens a netlink socket. A kernel that does not know an option goes on without it.
pub fn netlink(protocol: libc::c_int) -> io::Result<File> {
    let socket = socket(protocol)?;
    let wait = libc::timeval { tv_sec: RECEIVE_SECONDS, tv_usec: 0 };
    set(&socket, libc::SOL_SOCKET, libc::SO_RCVTIMEO, wait)?;
    for option in [libc::NETLINK_GET_STRICT_CHK, libc::NETLINK_EXT_ACK, libc::NETLINK_CAP_ACK] {
        let _ = set(&socket, libc::SOL_NETLINK, option, 1 as libc::c_int);
    }
    // In a user namespace of the pod's own the kernel allows only as much as net.core.wmem_max.
    let _ = set(&socket, libc::SOL_SOCKET, libc::SO_SNDBUFFORCE, SEND_BYTES)
        .or_else(|_| set(&socket, libc::SOL_SOCKET, libc::SO_SNDBUF, SEND_BYTES));
    Ok(socket)
}

/// Opens a netlink socket to which the kernel sends each change of a link.
pub fn link_changes() -> io::Result<File> {
    let socket = socket(libc::NETLINK_ROUTE)?;
    // SAFETY: all zero is a valid address, and bind reads no more than its size.
    let result = unsafe {
        let mut address: libc::sockaddr_nl = zeroed();
        address.nl_family = libc::AF_NETLINK as libc::sa_family_t;
        address.nl_groups = libc::RTMGRP_LINK as u32;
        let size = size_of::<libc::sockaddr_nl>() as libc::socklen_t;
        libc::bind(socket.as_raw_fd(), (&raw const address).cast(), size)
    };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(socket) }
}

fn socket(protocol: libc::c_int) -> io::Result<File> {
    // SAFETY: a descriptor that is not negative was opened by this call and belongs to nobody else.
    let descriptor = unsafe { libc::socket(libc::AF_NETLINK, libc::SOCK_RAW | libc::SOCK_CLOEXEC, protocol) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: as above.
    Ok(File::from(unsafe { OwnedFd::from_raw_fd(descriptor) }))
}

fn set<T>(socket: &impl AsRawFd, level: libc::c_int, option: libc::c_int, value: T) -> io::Result<()> {
    let size = size_of::<T>() as libc::socklen_t;
    // SAFETY: the kernel reads size bytes of the value.
    let result = unsafe { libc::setsockopt(socket.as_raw_fd(), level, option, (&raw const value).cast(), size) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Waits for the next change of a link. There may have been more of them than the socket holds.
pub fn next_change(changes: &mut File) -> io::Result<()> {
    match changes.read(&mut [0; 8192]) {
        Err(e) if e.raw_os_error() != Some(libc::ENOBUFS) && e.kind() != io::ErrorKind::Interrupted => Err(e),
        _ => Ok(()),
    }
}

/// Opens a socket for the frames of an interface; it is deaf until it listens to one.
pub fn packets() -> io::Result<File> {
    // SAFETY: a descriptor that is not negative was opened by this call and belongs to nobody else.
    let descriptor = unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: as above.
    let socket = File::from(unsafe { OwnedFd::from_raw_fd(descriptor) });
    set(&socket, libc::SOL_PACKET, libc::PACKET_AUXDATA, 1 as libc::c_int)?;
    Ok(socket)
}

/// Lets the kernel copy every frame of the interface with that index to the socket, and none of another.
pub fn listen(socket: &File, index: u32) -> io::Result<()> {
    // SAFETY: all zero is a valid address, and bind reads no more than its size.
    let result = unsafe {
        let mut address: libc::sockaddr_ll = zeroed();
        address.sll_family = libc::AF_PACKET as libc::sa_family_t;
        address.sll_protocol = (libc::ETH_P_ALL as u16).to_be();
        address.sll_ifindex = index as libc::c_int;
        let size = size_of::<libc::sockaddr_ll>() as libc::socklen_t;
        libc::bind(socket.as_raw_fd(), (&raw const address).cast(), size)
    };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// A frame: how long it is, whether this side sent it, and the VLAN tag that the kernel took out of it.
pub struct Packet {
    /// Its length in the buffer, without the tag.
    pub length: usize,
    /// Whether it was sent, and not received.
    pub outgoing: bool,
    /// The four bytes of the tag as on the wire.
    pub vlan: Option<[u8; 4]>,
}

/// Waits for the next frame.
pub fn next_packet(socket: &File, buffer: &mut [u8]) -> io::Result<Packet> {
    // SAFETY: all zero is a valid address and header, and the kernel writes no more than the three sizes that it is given.
    unsafe {
        let mut address: libc::sockaddr_ll = zeroed();
        let mut control = [0_u64; 8];
        let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
        let mut message: libc::msghdr = zeroed();
        message.msg_name = (&raw mut address).cast();
        message.msg_namelen = size_of::<libc::sockaddr_ll>() as libc::socklen_t;
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        message.msg_control = (&raw mut control).cast();
        message.msg_controllen = size_of_val(&control) as _;
        let length = libc::recvmsg(socket.as_raw_fd(), &raw mut message, 0);
        if length < 0 {
            return Err(io::Error::last_os_error());
        }
        let outgoing = address.sll_pkttype == libc::PACKET_OUTGOING;
        Ok(Packet { length: length as usize, outgoing, vlan: vlan(&message) })
    }
}

/// The tag in what the kernel says beside a frame; older kernels do not say which of the protocols it is of.
fn vlan(message: &libc::msghdr) -> Option<[u8; 4]> {
    // SAFETY: the kernel has filled in the message, whose headers lie in its control buffer; the data may be unaligned.
    let told = unsafe {
        let header = libc::CMSG_FIRSTHDR(message);
        if header.is_null()
            || (*header).cmsg_level != libc::SOL_PACKET
            || (*header).cmsg_type != libc::PACKET_AUXDATA
            || (*header).cmsg_len < libc::CMSG_LEN(size_of::<libc::tpacket_auxdata>() as u32) as _
        {
            return None;
        }
        libc::CMSG_DATA(header).cast::<libc::tpacket_auxdata>().read_unaligned()
    };
    let has = |bit: u32| told.tp_status & bit != 0;
    let protocol = if has(libc::TP_STATUS_VLAN_TPID_VALID) { told.tp_vlan_tpid } else { libc::ETH_P_8021Q as u16 };
    has(libc::TP_STATUS_VLAN_VALID).then(|| {
        let ([a, b], [c, d]) = (protocol.to_be_bytes(), told.tp_vlan_tci.to_be_bytes());
        [a, b, c, d]
    })
}

/// Lets a UDP socket send packets whole or not at all, whatever the kernel knows of the path.
pub fn never_fragment(socket: &UdpSocket, ipv6: bool) -> io::Result<()> {
    if ipv6 {
        set(socket, libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER, libc::IPV6_PMTUDISC_PROBE)
    } else {
        set(socket, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, libc::IP_PMTUDISC_PROBE)
    }
}

/// Lets a socket receive from one device only, and send by it. A kernel before 5.7 demands CAP_NET_RAW.
pub fn bind_to(socket: &UdpSocket, device: &str) -> io::Result<()> {
    let name = CString::new(device)?;
    let bytes = name.as_bytes_with_nul();
    // SAFETY: the kernel reads so many bytes of the name.
    let result = unsafe {
        let size = bytes.len() as libc::socklen_t;
        libc::setsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, libc::SO_BINDTODEVICE, bytes.as_ptr().cast(), size)
    };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// The kernel's index of a device; ENODEV if there is none of that name.
pub fn index_of(name: &str) -> io::Result<u32> {
    let name = CString::new(name)?;
    // SAFETY: the name ends with a zero byte.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(io::Error::last_os_error()),
        index => Ok(index),
    }
}

/// Lets SIGTERM and SIGINT end this process with 128 and their number, which they would not do to a first process.
pub fn end_when_told() {
    extern "C" fn end(signal: libc::c_int) {
        // SAFETY: _exit may be called in a signal handler.
        unsafe { libc::_exit(128 + signal) }
    }
    for signal in [libc::SIGTERM, libc::SIGINT] {
        // SAFETY: the handler only calls what is allowed in one.
        unsafe { libc::signal(signal, end as extern "C" fn(libc::c_int) as libc::sighandler_t) };
    }
}

/// Sleeps until SIGTERM or SIGINT comes; meanwhile reaps orphans.
pub fn reap_until_told() {
    // SAFETY: the set is made before it is read, and the kernel writes one number.
    unsafe {
        let mut signals: libc::sigset_t = zeroed();
        libc::sigemptyset(&mut signals);
        for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGCHLD] {
            libc::sigaddset(&mut signals, signal);
        }
        libc::sigprocmask(libc::SIG_BLOCK, &signals, null_mut());
        let mut signal = 0;
        while libc::sigwait(&signals, &mut signal) == 0 && signal == libc::SIGCHLD {
            while libc::waitpid(-1, null_mut(), libc::WNOHANG) > 0 {}
        }
    }
}

/// Sends SIGTERM to a process.
pub fn terminate(process: i32) {
    // SAFETY: kill touches no memory of ours.
    unsafe { libc::kill(process, libc::SIGTERM) };
}
