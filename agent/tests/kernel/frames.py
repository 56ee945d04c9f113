"""frames.py LINK KIND: sends one frame that member 3 of a segment must not send, or with KIND "honest" some that it may;
frames.py ping ADDRESS...: waits for an answer of each.

Member N has the MAC 72:78:00:00:00:0N and the addresses 10.1.0.N and fd01::N; member 2 is the victim."""

import ipaddress
import socket
import struct
import sys


def mac(number):
    return bytes((0x72, 0x78, 0, 0, 0, number))


def v4(number):
    return ipaddress.ip_address(f"10.1.0.{number}").packed


def v6(number):
    return ipaddress.ip_address(f"fd01::{number}").packed


def link_local(number):
    return ipaddress.ip_address(f"fe80::7078:ff:fe00:{number}").packed


BROADCAST = b"\xff" * 6
ALL_NODES = ipaddress.ip_address("ff02::1").packed
NOBODY = bytes(16)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data + bytes(len(data) % 2)) // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", total ^ 0xFFFF)


def frame(ether_type, payload, source=mac(3), to=mac(2)):
    return to + source + struct.pack("!H", ether_type) + payload


def arp(sender_mac, sender, target, operation=2):
    return struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + sender_mac + sender + mac(2) + target


def icmp(kind, rest):
    body = bytes((kind, 1, 0, 0)) + rest
    return body[:2] + checksum(body) + body[4:]


def ipv4(source, to, payload, protocol=17):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0) + source + to
    return header[:10] + checksum(header) + header[12:] + payload


def ipv6(source, to, payload, following, hops=255):
    return struct.pack("!IHBB", 6 << 28, len(payload), following, hops) + source + to + payload


def udp(port, to=9):
    return struct.pack("!HHHH", port, to, 16, 0) + b"payload."


def icmpv6(source, to, kind, rest, code=0):
    body = bytes((kind, code, 0, 0)) + rest
    pseudo = source + to + struct.pack("!II", len(body), 58)
    return body[:2] + checksum(pseudo + body) + body[4:]


def neighbour(kind, source, to, about, flags=0x20):
    option = bytes((2 if kind == 136 else 1, 1)) + mac(3)
    return icmpv6(source, to, kind, bytes((flags, 0, 0, 0)) + about + (b"" if source == NOBODY else option))


def advertisement(about):
    return neighbour(136, link_local(3), ALL_NODES, about)


ROUTER = bytes((64, 0)) + struct.pack("!HII", 1800, 0, 0) + bytes((1, 1)) + mac(3)
FAR_V4 = ipaddress.ip_address("10.9.0.1").packed
FAR_V6 = ipaddress.ip_address("fd09::1").packed
OPTIONS = bytes((58, 0, 1, 4, 0, 0, 0, 0))

FRAMES = {
    "another's MAC": frame(0x0800, ipv4(v4(3), v4(2), udp(9)), source=mac(1)),
    "another's IPv4 source": frame(0x0800, ipv4(v4(1), v4(2), udp(9))),
    "another's IPv6 source": frame(0x86DD, ipv6(v6(1), v6(2), udp(9), 17)),
    "another's link-local source": frame(0x86DD, ipv6(link_local(1), link_local(2), udp(9), 17)),
    "gratuitous ARP": frame(0x0806, arp(mac(3), v4(1), v4(1), operation=1), to=BROADCAST),
    "ARP reply of another's MAC": frame(0x0806, arp(mac(1), v4(3), v4(2))),
    "unsolicited advertisement": frame(0x86DD, ipv6(link_local(3), ALL_NODES, advertisement(v6(1)), 58)),
    "advertisement behind options": frame(
        0x86DD, ipv6(link_local(3), ALL_NODES, OPTIONS + advertisement(v6(1)), 60)
    ),
    "search for a duplicate": frame(0x86DD, ipv6(NOBODY, ALL_NODES, neighbour(135, NOBODY, ALL_NODES, v6(1), 0), 58)),
    "router advertisement": frame(
        0x86DD, ipv6(link_local(3), ALL_NODES, icmpv6(link_local(3), ALL_NODES, 134, ROUTER), 58)
    ),
    "redirect": frame(
        0x86DD, ipv6(link_local(3), v6(2), icmpv6(link_local(3), v6(2), 137, bytes(4) + link_local(3) + v6(9)), 58)
    ),
    "IPv4 redirect in the router's name": frame(
        0x0800, ipv4(v4(1), v4(2), icmp(5, v4(3) + ipv4(v4(2), FAR_V4, bytes(8), protocol=1)), protocol=1)
    ),
    "IPv6 redirect in the router's name": frame(
        0x86DD,
        ipv6(link_local(1), v6(2), icmpv6(link_local(1), v6(2), 137, bytes(4) + link_local(3) + FAR_V6), 58),
    ),
    "DHCP offer": frame(0x0800, ipv4(v4(3), v4(2), udp(67, 68))),
    "DHCPv6 reply": frame(0x86DD, ipv6(link_local(3), link_local(2), udp(547, 546), 17)),
    "gratuitous ARP with a tag": frame(
        0x8100, b"\0\0\x08\x06" + arp(mac(3), v4(1), v4(1), operation=1), to=BROADCAST
    ),
}

HONEST = [
    frame(0x0806, arp(mac(3), bytes(4), v4(3), operation=1), to=BROADCAST),
    frame(0x0806, arp(mac(3), v4(3), v4(3)), to=BROADCAST),
    frame(0x0800, ipv4(v4(3), v4(2), udp(9))),
    frame(0x0800, ipv4(bytes(4), b"\xff" * 4, udp(68, 67)), to=BROADCAST),
    frame(0x0800, ipv4(v4(3), v4(2), udp(9))[:16]),
    frame(0x86DD, ipv6(v6(3), v6(2), udp(9), 17)),
    frame(0x86DD, ipv6(NOBODY, ALL_NODES, neighbour(135, NOBODY, ALL_NODES, link_local(3), 0), 58)),
    frame(0x86DD, ipv6(link_local(3), ALL_NODES, advertisement(v6(3)), 58)),
    frame(0x86DD, ipv6(link_local(3), ALL_NODES, OPTIONS + icmpv6(link_local(3), ALL_NODES, 143, bytes(4)), 0, hops=1)),
    frame(0x88CC, b"LLDP"),
]


def vxlan_in_fragments(inner, underlay):
    """The first ends before the checked fields do; the sender of the rest is the same."""
    whole = struct.pack("!HHHH", 5000, 8472, 16 + len(inner), 0) + struct.pack("!II", 1 << 27, 100 << 8) + inner
    source, to = (ipaddress.ip_address(f"fd00::{number}").packed for number in (3, 2))
    first, rest = whole[:40], whole[40:]
    for part, at, more in ((first, 0, 1), (rest, 40, 0)):
        header = struct.pack("!BBHI", 17, 0, at | more, 7)
        yield underlay + struct.pack("!H", 0x86DD) + ipv6(source, to, header + part, 44, hops=64)


def ping(address):
    six = ":" in address
    raw = socket.socket(
        socket.AF_INET6 if six else socket.AF_INET,
        socket.SOCK_RAW,
        socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP,
    )
    raw.settimeout(5)
    request = struct.pack("!BBHHH", 128 if six else 8, 0, 0, 7, 1)
    if not six:
        request = request[:2] + checksum(request) + request[4:]
    raw.sendto(request, socket.getaddrinfo(address, None, type=socket.SOCK_RAW)[0][4])
    while True:
        answer = raw.recv(2048)
        if (answer[:1] if six else answer[20:21]) == bytes((129 if six else 0,)):
            return


if sys.argv[1] == "ping":
    for address in sys.argv[2:]:
        ping(address)
    sys.exit()
link, kind = sys.argv[1:3]
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind((link, 0))
if kind == "fragments":
    for one in vxlan_in_fragments(FRAMES["gratuitous ARP"], bytes.fromhex(sys.argv[3].replace(":", ""))):
        sender.send(one)
else:
    for one in HONEST if kind == "honest" else [FRAMES[kind]]:
        sender.send(one)
