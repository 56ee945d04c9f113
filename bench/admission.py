#!/usr/bin/env python3
"""admission.py DIRECTORY ROOTFS LIMIT_MIB [PART...]: measures the webhook beside its peers; bench/run calls it. DIRECTORY
has bin/ and tls/, and gets logs and results. Parts: start, throughput, latency, bursts, memory; all unless some are named."""
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
ROUNDS = 4
WARM_SECONDS = 24
REQUESTS = int(os.environ.get("REQUESTS", "1000000"))
# What the goals are, by peer; the ratio is at least this.
THROUGHPUT_GOALS = {"typed": 1.5, "lean": 1.0}
READY_MS, READY_CPU_SECONDS, RESIDENT_MIB = 1000, 0.8, 120


class Admission:
    def __init__(self, bench, bodies):
        self.bench = bench
        self.bodies = bodies

    @contextlib.contextmanager
    def servers(self, *names, warm=True):
        """Running and warm, all on the same core, of which only one is asked at a time."""
        started = []
        try:
            for name in names:
                started.append(Server(self.bench, name, PORTS[name]))
            for server in started if warm else []:
                for paths in self.bodies.values():
                    self.bench.load("closed", server, paths, f"-seconds={WARM_SECONDS / len(self.bodies)}")
            yield started
        finally:
            for server in started:
                server.close()

    def rounds(self, servers, measure):
        """What MEASURE gives for each server, as a list of the rounds by name; every other round goes backwards."""
        seen = {server.name: [] for server in servers}
        for number in range(ROUNDS):
            for server in servers if number % 2 == 0 else reversed(servers):
                seen[server.name].append(measure(server))
        return seen

    def verify(self):
        """All make the same pods."""
        with self.servers(*PORTS, warm=False) as (webhook, *peers):
            for peer in peers:
                subprocess.run([self.bench.program("verify"), webhook.address, peer.address,
                                *sum(self.bodies.values(), [])], check=True)

    def throughput(self):
        """As fast as it goes with 16 connections, all kept open."""
        with self.servers(*PORTS) as servers:
            for size, paths in self.bodies.items():
                seen = self.rounds(servers, lambda server: self.bench.load("closed", server, paths))
                warn_of_others(size, seen)
                for peer, goal in THROUGHPUT_GOALS.items():
                    yield self.beside(f"requests a second and core, {size} KiB", "1/s", "rate", seen, peer, goal, False)
                    yield self.beside(f"CPU for a request, {size} KiB", "ms", "cpu_ms", seen, peer, goal)

    def latency(self):
        """At half of what the typed peer can do, requests at fixed times over 64 connections."""
        with self.servers("webhook", "typed") as servers:
            for size, paths in self.bodies.items():
                most = self.bench.load("closed", servers[1], paths)["rate"]
                options = [f"-rate={most / 2}", "-seconds=6", "-connections=64"]
                seen = self.rounds(servers, lambda server: self.bench.load("open", server, paths, *options))
                for share, key in (("99", "p99"), ("99.9", "p999")):
                    name = f"{share} % within, at half of the peer's most, {size} KiB"
                    yield self.beside(name, "ms", key, seen, "typed", 1.0)

    def bursts(self):
        """128 new connections at once, each with one request of 4 KiB."""
        options = ["-connections=128", "-seconds=4"]
        with self.servers(*PORTS) as servers:
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

    def memory(self):
        """Resident memory after many requests of 4 KiB, the larger ones having come before."""
        with self.servers("webhook") as (server,):
            self.bench.load("closed", server, self.bodies[4], f"-requests={REQUESTS}")
            resident, anonymous = server.memory_mib()
        yield Figure.bounded(f"resident after {REQUESTS:,} requests", "MiB", [resident], RESIDENT_MIB)
        yield Figure.bounded(f"of it in no file, after {REQUESTS:,} requests", "MiB", [anonymous], RESIDENT_MIB)

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
    bench = Bench(directory, rootfs, int(limit_mib))
    bench.write_kubeconfig()
    api = bench.start_api()
    figures = []
    try:
        admission = Admission(bench, reviews.write(bench.directory / "reviews"))
        admission.verify()
        for part in parts or ("start", "throughput", "latency", "bursts", "memory"):
            print(f"measuring: {part}", file=sys.stderr)
            figures += getattr(admission, part)()
    finally:
        api.kill()
        api.wait()
    print(*results.table(figures), sep="\n")
    print("written:", results.write(pathlib.Path(directory) / "results", figures), file=sys.stderr)


main(*sys.argv[1:])
