"""What the peer filter and port security cost for each packet: bench/filters.py AGENT WORK.

Two network namespaces of the machine have a VXLAN interface each. The agent AGENT puts the rules into the receiving one, as
in a pod. One end sends small UDP packets; a packet is received within the call that sends it, so the sender's CPU time is
that of both ends, and another program on the machine is in no figure. Each round measures every case once; the figure of a
case is the median of what it took more than the case without rules in the same round. A directory WORK holds the compiled
sender. Needs root."""

import json
import os
import statistics
import subprocess
import sys

VNI, PORT = 4242, 14789
FILTER = {"vni": VNI, "port": PORT, "ipv6": False}
ROUNDS = int(os.environ.get("ROUNDS", "15"))
PACKETS = int(os.environ.get("PACKETS", "200000"))
MEMBERS = [2, 100, 1000]
RECEIVER, SENDER = 1, 2
READY = "ip link set lo up; mount -t sysfs sysfs /sys; mount -t tmpfs tmpfs /dev/shm; echo ready; exec sleep infinity"

SINK = "import signal, socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('', 9)); print(flush=True); signal.pause()"


class Pod:
    """A network namespace that lives as long as its first process."""

    def __init__(self, number):
        self.number = number
        self.first = subprocess.Popen(["unshare", "--net", "--mount", "sh", "-c", READY], stdout=subprocess.PIPE, text=True)
        if self.first.stdout.readline() != "ready\n":
            sys.exit("bench/filters.py: a namespace needs root")

    def command(self, *words):
        return ["nsenter", f"--target={self.first.pid}", "--net", "--mount", *words]

    def sees(self, *words):
        return subprocess.run(self.command(*words), check=True, capture_output=True, text=True).stdout

    def end(self):
        self.first.kill()
        self.first.wait()


class Agent:
    """A session of the agent's in a pod."""

    def __init__(self, pod, program):
        self.process = subprocess.Popen(
            pod.command(program, "session"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ask({"hello": {"protocol": 1}})

    def ask(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def does(self, ops):
        told = self.ask({"do": {"id": 1, "epoch": 1, "session": 1, "ops": ops}})
        if told.get("done", {}).get("failures") != []:
            sys.exit(f"bench/filters.py: the agent says {told}")

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def vtep(number):
    return f"10.100.{number // 250}.{number % 250}"


def mac(number):
    return f"72:78:00:00:{number // 250:02x}:{number % 250:02x}"


def address(number):
    return f"10.200.{number // 250}.{number % 250}"


def connect(pods):
    """A veth pair between them, and a VXLAN interface in each that knows the other."""
    receiver, sender = pods
    receiver.sees("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", str(sender.first.pid))
    for pod, other in [(receiver, sender), (sender, receiver)]:
        own = pod.number
        pod.sees("ip", "address", "add", f"{vtep(own)}/16", "dev", "eth0")
        pod.sees("ip", "link", "set", "eth0", "up")
        pod.sees(
            *f"ip link add vx0 address {mac(own)} mtu 1450 type vxlan id {VNI} dstport {PORT} local {vtep(own)}".split(),
            *"dev eth0 nolearning".split(),
        )
        pod.sees("ip", "address", "add", f"{address(own)}/16", "dev", "vx0")
        pod.sees("ip", "link", "set", "vx0", "up")
        pod.sees("bridge", "fdb", "append", mac(other.number), "dev", "vx0", "dst", vtep(other.number))
        pod.sees(*f"ip neigh replace {address(other.number)} lladdr {mac(other.number)} dev vx0 nud permanent".split())


def rules(members, secured):
    """As the controller has them made in a segment of so many members."""
    others = [number for number in range(1, members + 1) if number != RECEIVER]
    vteps = [vtep(number) for number in others]
    ops = [{"put_filter": FILTER}, {"admit": {"filter": FILTER, "vteps": vteps}}]
    if secured:
        senders = {
            "filter": FILTER,
            "macs": [[vtep(number), mac(number)] for number in others],
            "ips": [[vtep(number), address(number)] for number in others],
        }
        ops += [{"put_security": {"filter": FILTER, "mode": "on"}}, {"permit": senders}]
    return ops


def cases():
    return (
        {"no filter": []}
        | {f"peer filter, {count} members": rules(count, False) for count in MEMBERS}
        | {f"peer filter and port security, {count} members": rules(count, True) for count in MEMBERS}
    )


def main():
    agent_program, work = map(os.path.abspath, sys.argv[1:])
    program = f"{work}/sender"
    subprocess.run(["cc", "-O2", "-o", program, f"{os.path.dirname(os.path.abspath(__file__))}/sender.c"], check=True)
    pods = [Pod(RECEIVER), Pod(SENDER)]
    sink = None
    try:
        connect(pods)
        receiver, sender = pods
        agent = Agent(receiver, agent_program)
        sink = subprocess.Popen(receiver.command("python3", "-c", SINK), stdout=subprocess.PIPE)
        sink.stdout.readline()
        took = {name: [] for name in cases()}
        for turn in range(ROUNDS + 1):
            for name, ops in cases().items():
                agent.does([{"del_filters": {}}, *ops])
                received = packets(receiver)
                nanoseconds = int(sender.sees(program, address(RECEIVER), "9", str(PACKETS)))
                if packets(receiver) - received < PACKETS:
                    sys.exit(f"bench/filters.py: {name}: not all packets got through")
                if turn > 0:
                    took[name].append(nanoseconds)
            print(f"round {turn} of {ROUNDS}: {[all[-1] if all else '-' for all in took.values()]}", file=sys.stderr)
        agent.end()
        report(took)
    finally:
        for process in pods:
            process.end()
        if sink is not None:
            sink.kill()
            sink.wait()


def packets(pod):
    """How many packets its VXLAN interface has received."""
    return int(pod.sees("cat", "/sys/class/net/vx0/statistics/rx_packets"))


def report(took):
    floor = took["no filter"]
    print(f"\nUDP of 100 bytes over VXLAN, both ends, {ROUNDS} rounds of {PACKETS} packets; kernel {os.uname().release},"
          f" load {os.getloadavg()[0]:.1f}\n")
    print("| rules in the receiver | CPU for a packet | more than without | middle half |\n| --- | --- | --- | --- |")
    for name, all_of_it in took.items():
        more = [one - none for one, none in zip(all_of_it, floor)]
        low, _, high = statistics.quantiles(more, n=4)
        own = "–" if name == "no filter" else f"{statistics.median(more) / 1000:.2f} µs"
        spread = "–" if name == "no filter" else f"{low / 1000:.2f} to {high / 1000:.2f} µs"
        print(f"| {name} | {statistics.median(all_of_it) / 1000:.2f} µs | {own} | {spread} |")


if __name__ == "__main__":
    main()
