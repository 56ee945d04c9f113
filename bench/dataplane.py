#!/usr/bin/env python3
"""bench/dataplane.py WORK AGENT: what a packet costs over the overlay, beside the pod network (a veth pair) and a VXLAN pair
made by hand, with the peer filter on and off and 2, 100 and 1,000 members; and how many copies a frame takes with `flood` and
`static`. In network namespaces of its own (bench/run dataplane); the agent's program sets up what the controller would
ask of it. SIZES=2,10, SECONDS=0.2 and ROUNDS=1 measure less, ROUNDS=0 counts copies alone."""
import json
import os
import pathlib
import subprocess
import sys
import time

from results import Figure, finish

VNI, PORT, LINK = 8602, 14789, "vxbench"
MTU = 1450
SMALL = 64
PINGS = 2000
SERVED = 7000
FRAMES = 20
PEERS = [("10.100.0.1", "72:78:00:00:00:01", "10.9.0.1"), ("10.100.0.2", "72:78:00:00:00:02", "10.9.0.2")]

# Packets at most, by the frame and the way of forwarding, for a number of members.
BOUNDS = {
    ("the ARP request for a stranger", "static"): lambda size: size - 1,
    ("the ARP request for a stranger", "flood"): lambda size: size - 1,
    ("a frame to a member that has not sent", "static"): lambda size: 1,
    ("a frame to a member that has not sent", "flood"): lambda size: size - 1,
    ("a frame to a member that has sent", "static"): lambda size: 1,
    ("a frame to a member that has sent", "flood"): lambda size: 1,
    ("what is sent first to a member's address", "static"): lambda size: 1,
    ("what is sent first to a member's address", "flood"): lambda size: size - 1,
}


def main(work, agent):
    work = pathlib.Path(work)
    sizes = [int(size) for size in os.environ.get("SIZES", "2,100,1000").split(",")]
    rounds, lasts = int(os.environ.get("ROUNDS", 4)), os.environ.get("SECONDS", "2")
    pair = Pair(agent, str(work / "bin/traffic"))
    ways = {"pod network": (pair.clear, PEERS[1][0]), "bare pair": (pair.bare, PEERS[1][2])}
    for size in sizes:
        for filtered in (True, False):
            ways[f"{size} members{', filter' if filtered else ''}"] = (
                lambda size=size, filtered=filtered: pair.overlay(size, filtered, True), PEERS[1][2])
    measured = {way: [] for way in ways}
    for each in range(rounds):
        for way in (list(ways) if each % 2 == 0 else reversed(ways)):
            make, address = ways[way]
            make()
            measured[way].append(pair.measure(address, lasts))
            print(way, measured[way][-1], flush=True)
    made = [figure for size in sizes if rounds for figure in figures(size, measured)]
    for size in sizes:
        made += copies(pair, size)
    finish(work / "results", made)


def figures(size, measured):
    """Those with the filter; beside the same without it too."""
    ours = measured[f"{size} members, filter"]
    for beside in "pod network", "bare pair", f"{size} members":
        for name, unit, less in (("TCP", "MB/s", False), (f"UDP of {SMALL} bytes", "1,000/s", False), ("round trip", "us", True),
                                 ("99 % of round trips within", "us", True)):
            label = "no filter" if beside.endswith("members") else beside
            yield Figure.beside_peer(f"{size} members: {name}", unit, [one[name] for one in ours], label,
                                     [one[name] for one in measured[beside]], None, less)


def copies(pair, size):
    """A count, so one round says all."""
    for static in (True, False):
        pair.overlay(size, True, static)
        pair.client("ping", f"{PEERS[1][0]}:{SERVED}", "1")
        way = "static" if static else "flood"
        counted = {
            "a frame to a member that has not sent": pair.sent(lambda: pair.frames("10.9.255.1", peer(size - 1)[1])),
        }
        pair.client("ping", f"{PEERS[1][2]}:{SERVED}", "1")
        counted["a frame to a member that has sent"] = pair.sent(lambda: pair.frames("10.9.255.2", PEERS[1][1]))
        if size > FRAMES + len(PEERS):
            # With `static` the frame itself, with `flood` the ARP request, which none of these members answers.
            last = [peer(size - 1 - back)[2] for back in range(FRAMES)]
            counted["what is sent first to a member's address"] = pair.sent(lambda: pair.send(1, *last))
        # Anew, so that no request is repeated meanwhile.
        pair.overlay(size, True, static)
        counted["the ARP request for a stranger"] = pair.sent(pair.strangers)
        for name, count in counted.items():
            if count == 0:
                raise SystemExit(f"bench: nothing was sent for {name}")
            yield Figure.bounded(f"{size} members, {way}: packets for {name}", "", [count], BOUNDS[name, way](size))


def peer(index):
    """The first two are there; of the others there are entries alone."""
    if index < len(PEERS):
        return PEERS[index]
    high, low = divmod(index, 250)
    return f"10.101.{high}.{low + 1}", f"72:78:01:00:{high:02x}:{low:02x}", f"10.9.{high + 1}.{low + 1}"


class Pair:
    """Two pods on one node, joined by a veth pair; the second takes what is sent to anybody else, and drops it."""

    def __init__(self, agent, traffic):
        self.agent, self.traffic, self.session = agent, traffic, 0
        self.pods = [subprocess.Popen(["unshare", "--net", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /dev/shm; exec sleep infinity"])
                     for _ in PEERS]
        for one in self.pods:
            while pathlib.Path(f"/proc/{one.pid}/comm").read_text().strip() != "sleep":
                time.sleep(0.01)
        run("ip", "link", "add", "a0", "type", "veth", "peer", "b0")
        for link, one, (vtep, _, _) in zip(("a0", "b0"), self.pods, PEERS):
            run("ip", "link", "set", link, "netns", str(one.pid), "name", "eth0")
            # What IPv6 sends by itself is not counted.
            self.inside(one, "sh", "-c", "for conf in all default; do echo 1 >/proc/sys/net/ipv6/conf/$conf/disable_ipv6; done")
            self.inside(one, "ip", "link", "set", "lo", "up")
            self.inside(one, "ip", "address", "add", f"{vtep}/24", "dev", "eth0")
            self.inside(one, "ip", "link", "set", "eth0", "up")
        self.inside(self.pods[0], "ip", "route", "add", "10.101.0.0/16", "via", PEERS[1][0])
        self.server = subprocess.Popen([*self.enter(self.pods[1]), traffic, "serve", str(SERVED)])

    def enter(self, pod):
        return ["nsenter", f"--net=/proc/{pod.pid}/ns/net", f"--mount=/proc/{pod.pid}/ns/mnt"]

    def inside(self, pod, *command, check=True):
        return run(*self.enter(pod), *command, check=check)

    def clear(self):
        """Nothing of an overlay is left."""
        for pod in self.pods:
            self.inside(pod, "ip", "link", "del", LINK, check=False)
            self.ask(pod, [{"del_filters": {}}])

    def bare(self):
        self.clear()
        for pod, (vtep, mac, ip), (other, *_) in zip(self.pods, PEERS, reversed(PEERS)):
            self.inside(pod, "ip", "link", "add", LINK, "address", mac, "mtu", str(MTU), "type", "vxlan", "id", str(VNI), "dstport",
                        str(PORT), "local", vtep, "remote", other, "dev", "eth0")
            self.inside(pod, "ip", "address", "add", f"{ip}/16", "dev", LINK)
            self.inside(pod, "ip", "link", "set", LINK, "up")

    def overlay(self, size, filtered, static):
        self.clear()
        everybody = [peer(index) for index in range(size)]
        for pod, (vtep, mac, ip) in zip(self.pods, PEERS):
            others = [one for one in everybody if one[0] != vtep]
            segment = {"vni": VNI, "port": PORT, "ipv6": False}
            vteps = [one[0] for one in others]
            guard = [{"put_filter": segment}, {"admit": {"filter": segment, "vteps": vteps}}] if filtered else []
            known = {"unicast": [[one[1], one[0]] for one in others], "neighbours": [[one[2], one[1]] for one in others]}
            self.ask(pod, [
                {"add_link": {"link": LINK, "mac": mac, "vni": VNI, "port": PORT, "local": vtep, "dev": "eth0", "mtu": MTU}},
                {"put_address": {"link": LINK, "address": f"{ip}/16"}}, {"set_up": {"link": LINK, "up": True}}, *guard,
                {"put_entries": {"link": LINK, "flood": vteps, **(known if static else {})}}])

    def ask(self, pod, ops):
        self.session += 1
        request = {"id": 1, "epoch": 1, "session": self.session, "ops": ops, "mark": False, "ask": {}, "end": False}
        text = '{"hello":{"protocol":1}}\n' + json.dumps({"do": request}, separators=(",", ":")) + "\n"
        answer = subprocess.run([*self.enter(pod), self.agent, "session"], input=text, capture_output=True, text=True, check=True)
        done = json.loads(answer.stdout.splitlines()[1])
        if done.get("done", {}).get("failures", ["refused"]):
            raise SystemExit(f"bench: the agent says {done}")

    def measure(self, address, lasts):
        at = f"{address}:{SERVED}"
        tcp = float(self.client("tcp", at, f"{lasts}s"))
        udp = float(self.client("udp", at, f"{lasts}s", str(SMALL)))
        median, most = map(float, self.client("ping", at, str(PINGS)).split())
        return {"TCP": tcp / 1e6, f"UDP of {SMALL} bytes": udp / 1e3, "round trip": median, "99 % of round trips within": most}

    def client(self, *words):
        return self.inside(self.pods[0], self.traffic, *words)

    def sent(self, action):
        """How many packets left for each frame."""
        before = self.packets()
        action()
        return (self.packets() - before) / FRAMES

    def packets(self):
        shown = json.loads(self.inside(self.pods[0], "ip", "-s", "-j", "link", "show", "dev", "eth0"))
        return shown[0]["stats64"]["tx"]["packets"]

    def send(self, times, *ips):
        self.client("send", str(times), *(f"{ip}:{SERVED}" for ip in ips))

    def strangers(self):
        """Addresses that nobody has: a request for each, and no frame after it."""
        self.send(1, *(f"10.9.254.{one + 1}" for one in range(FRAMES)))

    def frames(self, ip, mac):
        """To a MAC, whatever is known of its place; nobody answers to the address."""
        self.inside(self.pods[0], "ip", "neigh", "replace", ip, "lladdr", mac, "dev", LINK, "nud", "permanent")
        self.send(FRAMES, ip)


def run(*command, check=True):
    return subprocess.run(command, capture_output=True, text=True, check=check).stdout


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
