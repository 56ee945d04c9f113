#!/usr/bin/env python3
"""admission.py DIRECTORY ROOTFS LIMIT_MIB [PART...]: measures the webhook beside its peers; bench/run calls it. DIRECTORY
has bin/ and tls/, and gets logs and results. Parts: start, latency, throughput, bursts, memory; all unless some are named."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys

import results
import reviews
from results import Figure
from servers import Bench, Server

PORTS = {"webhook": 19500, "typed": 19510, "lean": 19520}
PARTS = ("start", "latency", "throughput", "bursts", "memory")
ROUNDS = 4
WARM_SECONDS = 36
REQUESTS = int(os.environ.get("REQUESTS", "1000000"))
# What the goals are, by peer; the ratio is at least this.
THROUGHPUT_GOALS = {"typed": 1.5, "lean": 1.0}
READY_MS, READY_CPU_SECONDS, RESIDENT_MIB = 1000, 0.8, 120


class Admission:
    def __init__(self, bench, bodies):
        self.bench = bench
        self.bodies = bodies

    @contextlib.contextmanager
    def servers(self):
        """The three, running, all on the same core, of which only one is asked at a time."""
        with contextlib.ExitStack() as started:
            yield [started.enter_context(contextlib.closing(Server(self.bench, name, port)))
                   for name, port in PORTS.items()]

    def warm(self, *servers):
        for server in servers:
            for paths in self.bodies.values():
                self.bench.load("closed", server, paths, f"-seconds={WARM_SECONDS / len(self.bodies)}")

    def rounds(self, servers, measure):
        """What MEASURE gives for each server, as a list of the rounds by name; every other round goes backwards."""
        seen = {server.name: [] for server in servers}
        for number in range(ROUNDS):
            for server in servers if number % 2 == 0 else reversed(servers):
                seen[server.name].append(measure(server))
        return seen

    def verify(self, webhook, *peers):
        """All make the same pods."""
        for peer in peers:
            subprocess.run([self.bench.program("verify"), webhook.address, peer.address, *sum(self.bodies.values(), [])],
                           check=True)

    def throughput(self, *servers):
        """As fast as it goes with 16 connections, all kept open."""
        for size, paths in self.bodies.items():
            seen = self.rounds(servers, lambda server: self.bench.load("closed", server, paths))
            warn_of_others(size, seen)
            for peer, goal in THROUGHPUT_GOALS.items():
                yield self.beside(f"requests a second and core, {size} KiB", "1/s", "rate", seen, peer, goal, False)
                yield self.beside(f"CPU for a request, {size} KiB", "ms", "cpu_ms", seen, peer, goal)

    def latency(self, webhook, typed, _):
        """At half of what the typed peer can do, requests at fixed times over 64 connections."""
        for size, paths in self.bodies.items():
            most = self.bench.load("closed", typed, paths)["rate"]
            options = [f"-rate={most / 2}", "-seconds=6", "-connections=64"]
            seen = self.rounds((webhook, typed), lambda server: self.bench.load("open", server, paths, *options))
            for share, key in (("99", "p99"), ("99.9", "p999")):
                name = f"{share} % within, at half of the peer's most, {size} KiB"
                yield self.beside(name, "ms", key, seen, "typed", 1.0)

    def bursts(self, *servers):
        """128 new connections at once, each with one request of 4 KiB."""
        options = ["-connections=128", "-seconds=4"]
        for server in servers:
            self.bench.load("bursts", server, self.bodies[4], *options)
        seen = self.rounds(servers, lambda server: self.bench.load("bursts", server, self.bodies[4], *options))
        yield self.beside("99 % within, bursts of 128 connections", "ms", "p99", seen, "typed", 1.0)
        yield self.beside("99.9 % within, bursts of 128 connections", "ms", "p999", seen, "typed", 1.0)
        yield self.beside("CPU for a request on a new connection", "ms", "cpu_ms", seen, "typed", None)
        yield self.beside("CPU for a request on a new connection", "ms", "cpu_ms", seen, "lean", None)

    def start(self):
        """A new process until its probe succeeds, and its first thousand requests of 4 KiB over 4 connections."""
        seen = {name: [] for name in ("webhook", "typed")}
        for number in range(ROUNDS):
            for name in seen if number % 2 == 0 else reversed(seen):
                seen[name].append(self.first(name))
        yield Figure.bounded("start until ready", "ms", [one["ready_ms"] for one in seen["webhook"]], READY_MS)
        yield Figure.bounded(
            "CPU until ready", "s", [one["ready_cpu"] for one in seen["webhook"]], READY_CPU_SECONDS)
        yield self.beside("start until ready, with the peer", "ms", "ready_ms", seen, "typed", None)
        yield self.beside("CPU for each of the first 1,000 requests", "ms", "cpu_ms", seen, "typed", None)
        yield self.beside("99 % of the first 1,000 within", "ms", "p99", seen, "typed", None)

    def first(self, name):
        port = PORTS[name]
        command = ["taskset", "-c", "1", self.bench.program("load"), "start", f"-address=127.0.0.1:{port}",
                   f"-ready=http://127.0.0.1:{port + 1}/readyz", "-connections=4", *self.bodies[4], "--",
                   "taskset", "-c", "0", *self.bench.command(name, port)]
        with (self.bench.directory / f"{name}.log").open("w") as log:
            printed = subprocess.run(command, env=self.bench.environment(port), check=True, stdout=subprocess.PIPE,
                                     stderr=log).stdout
        return json.loads(printed)

    def memory(self, webhook, *_):
        """Resident memory after so many requests: first those of the parts before, then as many of 4 KiB as lack."""
        lacking = REQUESTS - webhook.answered
        if lacking <= 0:
            sys.exit(f"bench/admission.py: REQUESTS={REQUESTS}, but {webhook.answered} came before; allowed: more than these")
        self.bench.load("closed", webhook, self.bodies[4], f"-requests={lacking}")
        resident, anonymous = webhook.memory_mib()
        requests = f"{REQUESTS:,} requests of all sizes"
        yield Figure.bounded(f"resident after {requests}", "MiB", [resident], RESIDENT_MIB)
        yield Figure.bounded(f"of it in no file, after {requests}", "MiB", [anonymous], RESIDENT_MIB)

    @staticmethod
    def beside(name, unit, key, seen, peer, goal, less=True):
        return Figure.beside_peer(
            name, unit, [one[key] for one in seen["webhook"]], peer, [one[key] for one in seen[peer]], goal, less)


def warn_of_others(size, seen):
    """A server that is asked as fast as it goes uses all of its core, unless others do."""
    for name, rounds in seen.items():
        share = min(one["rate"] * one["cpu_ms"] / 1000 for one in rounds)
        if share < 0.9:
            print(f"disturbed: {name} had {share:.0%} of its core in a round at {size} KiB; its requests a second say"
                  " little, its CPU for a request more", file=sys.stderr)


def main(directory, rootfs, limit_mib, *parts):
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        sys.exit(f"bench/admission.py: found part {unknown[0]}, allowed: {', '.join(PARTS)}")
    bench = Bench(directory, rootfs, int(limit_mib))
    bench.write_kubeconfig()
    api = bench.start_api()
    try:
        figures = list(measure(Admission(bench, reviews.write(bench.directory / "reviews")), parts or PARTS))
    finally:
        api.kill()
        api.wait()
    results.finish(pathlib.Path(directory) / "results", figures)


def measure(admission, parts):
    """The figures of PARTS. The start has servers of its own; all else is asked of the same three, which are warm."""
    cold, *warm = PARTS
    if cold in parts:
        print(f"measuring: {cold}", file=sys.stderr)
        yield from admission.start()
    warm = [part for part in warm if part in parts]
    if warm:
        with admission.servers() as servers:
            admission.verify(*servers)
            print("warming the servers", file=sys.stderr)
            admission.warm(*servers)
            for part in warm:
                print(f"measuring: {part}", file=sys.stderr)
                yield from getattr(admission, part)(*servers)


main(*sys.argv[1:])
