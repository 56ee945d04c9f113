#!/usr/bin/env python3
"""bench/large.py WORK ETCD APISERVER JAVA JAR AGENT [SIZE]...: segments of 100, 300 and 1,000 members, or the sizes given, with the
real controller, API server and agents, which run in network namespaces. To be started in namespaces of its own (bench/run
large). DELAY=100ms is what a new exec takes more than with a container runtime left out."""
import os
import pathlib
import shutil
import subprocess
import sys
import time

from cluster import NODE_PODS, Cluster, await_that, vtep
from results import Figure, finish, number

SIZES = [100, 300, 1000]
GOAL = 2.0
WAVE = 10
WAVES = 3
TIMES = 3
QUIET = 0.5
ENDS = 3600
ENDING = "one joins while one ends"
FEW = 64


class Scenario:
    """What one of them took: until the last kernel had it, and what was spent."""

    def __init__(self, cluster, controller):
        self.cluster, self.controller = cluster, controller
        self.begun = time.time()
        self.before = cluster.stats(), controller.cpu(), cluster.server.cpu()

    def end(self, name, at):
        now = self.cluster.stats()
        old, controller, server = self.before
        return {"name": name, "seconds": at - self.begun, "execs": now["execs"] - old["execs"],
                "calls": now["requests"] - old["requests"], "bytes": now["bytes"] - old["bytes"],
                "controller": self.controller.cpu() - controller, "apiserver": self.cluster.server.cpu() - server,
                "open": now["open"]}


def main(work, etcd, apiserver, java, jar, agent, *sizes):
    work = pathlib.Path(work)
    programs = {"etcd": etcd, "apiserver": apiserver, "java": java, "jar": jar, "agent": agent,
                "kubelet": str(work / "bin/kubelet")}
    sizes = [int(size) for size in sizes] or SIZES
    made, rows = [], []
    for size in sizes:
        found = measure(work, programs, size)
        rows += [f"| {size} | " + " | ".join(cells(one)) + " |" for one in found]
        made += figures(size, found)
    finish(work / "results", made, [
        "", "| members | what | s | execs | calls | KB to agents | controller CPU, s | API server CPU, s | heap, MB | open sessions |",
        "| --- |" + " --- |" * 9, *rows])


def cells(one):
    return [one["name"], number(one["seconds"]), str(one["execs"]), str(one["calls"]), number(one["bytes"] / 1000),
            number(one["controller"]), number(one["apiserver"]), number(one.get("heap", 0)), str(one["open"])]


def figures(size, found):
    def all_of(what, name):
        return [one[what] for one in found if one["name"] == name]

    def most(what, name):
        return [max(1, max(all_of(what, name)))]

    for name in "one joins", "one leaves", ENDING:
        yield Figure.bounded(f"{size} members, {name}: until the last kernel has it", "s", all_of("seconds", name), GOAL)
        yield Figure.bounded(f"{size} members, {name}: execs", "", most("execs", name), 1)
        # One for each member; the one that joins greets, and is asked, changed and marked.
        yield Figure.bounded(f"{size} members, {name}: calls", "", most("calls", name), size + 4)
    joins = all_of("seconds", "one joins")
    yield Figure.beside_peer(f"{size} members, one joins: until the last kernel has it", "s", joins, f"{FEW} sessions",
                             all_of("seconds", "one joins, few sessions") * len(joins))
    yield Figure.bounded(f"{size} members and one that is ending, takeover: execs", "", most("execs", "takeover"), size)
    # How many of ten that come at once are told together depends on the load.
    restart = f"restart of {WAVE}"
    yield Figure.bounded(f"{size} members, {restart}: calls for each member", "calls",
                         [calls / size for calls in all_of("calls", restart)], 3)
    yield Figure.bounded(f"{size} members, {restart}: execs", "", most("execs", restart), WAVE)


def measure(work, programs, size):
    place = work / "large"
    shutil.rmtree(place, ignore_errors=True)
    cluster = Cluster(place, programs, os.environ.get("DELAY", "100ms"))
    members = list(range(size))
    cluster.make_nodes(size // NODE_PODS + 2)
    cluster.make_holders([*members, *range(size, size + TIMES + WAVE * WAVES + 2)])
    new = iter(range(size, size + TIMES + WAVE * WAVES + 2))
    for one in members:
        cluster.create(one)
        cluster.run(one)
    found = []
    controller = cluster.start_controller(SESSIONS=max(FEW, size + 64))
    found.append(start(cluster, controller, size, "start"))
    for _ in range(TIMES):
        found.append(join(cluster, controller, members, next(new), "one joins"))
        found.append(leave(cluster, controller, members, members[0]))
    found += [restart(cluster, controller, members, [next(new) for _ in range(WAVE)]) for _ in range(WAVES)]
    found.append(join_while_one_ends(cluster, controller, members, next(new)))
    check(cluster, members)
    for one in found:
        one["heap"] = heap(controller)
    controller.kill()
    expire_lease(cluster)
    controller = cluster.start_controller(SESSIONS=max(FEW, size + 64))
    found.append(takeover(cluster, controller, size))
    found[-1]["heap"] = heap(controller)
    leave(cluster, controller, members, members[0])
    controller.kill()
    expire_lease(cluster)
    controller = cluster.start_controller(SESSIONS=FEW, SESSION_IDLE="1s")
    takeover(cluster, controller, size)
    await_that("no session is open", lambda: cluster.stats()["open"] == 0, 60)
    found.append(join(cluster, controller, members, next(new), "one joins, few sessions"))
    found[-1]["heap"] = heap(controller)
    check(cluster, members)
    for process in controller, cluster.server, cluster.etcd, cluster.kubelet:
        process.kill()
    for one in list(cluster.holders):
        cluster.drop_holder(one)
    return found


def start(cluster, controller, size, name):
    scenario = Scenario(cluster, controller)
    await_that("all are ready", lambda: cluster.ready() == size, pause=0.5)
    return scenario.end(name, cluster.stats()["last"])


def settle(cluster):
    """Nothing is asked for a while, so that what comes next is all that is measured."""
    await_that("nothing is asked", lambda: time.time() - cluster.stats()["last"] > QUIET)


def join(cluster, controller, members, one, name):
    settle(cluster)
    cluster.create(one)
    cluster.watch(vtep(one))
    scenario = Scenario(cluster, controller)
    cluster.run(one)
    told(cluster, len(members))
    members.append(one)
    return scenario.end(name, cluster.stats()["lastMatched"])


def told(cluster, count):
    await_that(f"{count} kernels have it", lambda: cluster.stats()["matched"] >= count)
    settle(cluster)


def join_while_one_ends(cluster, controller, members, one):
    """The one that ends takes its time; it needs no other session for that."""
    cluster.delete(members[0], ENDS)
    return join(cluster, controller, members, one, ENDING)


def leave(cluster, controller, members, one):
    settle(cluster)
    cluster.watch(vtep(one))
    scenario = Scenario(cluster, controller)
    cluster.delete(one)
    members.remove(one)
    told(cluster, len(members))
    cluster.drop_holder(one)
    return scenario.end("one leaves", cluster.stats()["lastMatched"])


def restart(cluster, controller, members, new):
    """Ten go, and ten come in their place."""
    settle(cluster)
    for one in new:
        cluster.create(one)
    gone = members[:WAVE]
    cluster.watch(vtep(new[-1]))
    scenario = Scenario(cluster, controller)
    for old, one in zip(gone, new):
        cluster.delete(old)
        cluster.run(one)
    del members[:WAVE]
    told(cluster, len(members) + WAVE - 1)
    members += new
    for old in gone:
        cluster.drop_holder(old)
    return scenario.end(f"restart of {WAVE}", cluster.stats()["lastMatched"])


def takeover(cluster, controller, size):
    """Counts from the first exec: what comes before is the start of a JVM. One more is ending, and nobody asks that one."""
    cluster.watch("")
    scenario = Scenario(cluster, controller)
    await_that("every member is asked", lambda: cluster.stats()["execs"] - scenario.before[0]["execs"] >= size)
    settle(cluster)
    scenario.begun = cluster.stats()["first"]
    return scenario.end("takeover", cluster.stats()["last"])


def expire_lease(cluster):
    """Nobody waits for the Lease of one that was killed: that is 15 s, and measured elsewhere."""
    cluster.api.call("DELETE", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-vxlan-controller")


def check(cluster, members):
    """What the agents answered is what the kernels hold."""
    wanted = {vtep(one) for one in members}
    for one in members:
        if (has := cluster.vteps(one)) != wanted - {vtep(one)}:
            raise SystemExit(f"bench: {vtep(one)} lacks {sorted(wanted - has)[:5]}, has {sorted(has - wanted)[:5]} too much")


def heap(controller):
    """MB that live after a collection."""
    said = subprocess.run([str(pathlib.Path(controller.process.args[0]).with_name("jcmd")), str(controller.process.pid),
                           "GC.class_histogram"], capture_output=True, text=True).stdout
    return int(said.splitlines()[-1].split()[2]) / 1e6


if len(sys.argv) < 7:
    sys.exit(__doc__)
main(*sys.argv[1:])
