"""What pods that were made at once came to, and when: computed from times that were taken; nothing here asks anybody."""
import dataclasses
import math
import statistics

from results import Figure, number

PREFIX = "vxlan.travelping.com"
SIDECAR = "vxlan-controller-agent"
BARE, IDLE, MEMBERS = "bare", "no-op sidecar", "members"
# From one of a pod's times to a later one.
PHASES = {
    "admission: the request to make the pod": ("asked", "admitted"),
    "until it has a node": ("admitted", "scheduled"),
    "until its sidecar runs": ("scheduled", "sidecar"),
    "until its agent is called first": ("sidecar", "called"),
    "until its networks are set up": ("called", "complete"),
    "until its app runs, after that": ("complete", "app"),
    "until its app runs, after the sidecar": ("sidecar", "app"),
    "until it has every entry, after its agent runs": ("sidecar", "everything"),
    "until it is ready, after its app runs": ("app", "ready"),
    "all of it": ("asked", "ready"),
}
RUNNING, EVERYTHING, READY, COMPLETE, EVERYWHERE, LEFT, CPU = 1.15, 0.5, 1.0, 0.3, 1.0, 2.0, 1.0


@dataclasses.dataclass
class Times:
    """Of one pod, in seconds; those that never came are not there. `everything` is when its kernel had the last entry."""
    name: str
    at: dict = dataclasses.field(default_factory=dict)

    def see(self, pod, now):
        """Takes the pod as a watch told it."""
        for milestone in milestones(pod):
            self.at.setdefault(milestone, now)

    def between(self, first, then):
        return self.at[then] - self.at[first] if first in self.at and then in self.at else None


@dataclasses.dataclass
class One:
    """One more among the others: its times, when the last of them had it, and how long after it was gone the last one ceased to."""
    times: Times
    everywhere: float
    left: float


@dataclasses.dataclass
class Round:
    """All pods of a kind that were made at once. Costs are CPU seconds by process, requests by account and verb."""
    kind: str
    size: int
    began: float
    pods: list
    sidecars: float = 0
    cpu: dict = dataclasses.field(default_factory=dict)
    requests: dict = dataclasses.field(default_factory=dict)
    execs: int = 0
    one: One | None = None

    def last(self, milestone):
        return max(pod.at[milestone] for pod in self.pods)

    def until(self, milestone):
        return self.last(milestone) - self.began


def milestones(pod):
    """Those that a pod has reached, by what its kubelet and the controller say."""
    status = pod.get("status", {})
    true = {one["type"] for one in status.get("conditions", []) if one["status"] == "True"}
    reached = {name for kind, name in (("PodScheduled", "scheduled"), ("Ready", "ready")) if kind in true}
    for name, statuses in ("sidecar", "initContainerStatuses"), ("app", "containerStatuses"):
        if status.get(statuses) and all("running" in one.get("state", {}) for one in status[statuses]):
            reached.add(name)
    return reached


def phases(pods):
    """The seconds of each phase, in the order in which they come; those that such pods do not have are left out."""
    for name, (first, then) in PHASES.items():
        if name == "until its app runs, after the sidecar" and any("complete" in pod.at for pod in pods):
            continue
        took = [seconds for pod in pods if (seconds := pod.between(first, then)) is not None]
        if took:
            yield name, took


def figures(rounds):
    """Of all rounds, which are as many of each kind."""
    sizes = sorted({one.size for one in rounds})
    for size in sizes:
        kinds = {kind: [one for one in rounds if (one.kind, one.size) == (kind, size)] for kind in (BARE, IDLE, MEMBERS)}
        yield from of_size(size, kinds, size == sizes[-1])


def of_size(size, kinds, largest):
    """Goals are those of the most pods at once."""
    members = kinds[MEMBERS]
    for what, milestone in ("all run", "app"), ("all ready", "ready"):
        ours = [one.until(milestone) for one in members]
        for kind in IDLE, BARE:
            goal = round(1 / RUNNING, 2) if (largest, milestone, kind) == (True, "app", IDLE) else None
            yield Figure.beside_peer(f"{size} at once: {what}", "s", ours, kind, [one.until(milestone) for one in kinds[kind]], goal)

    def bounded(what, unit, values, bound):
        return Figure.bounded(f"{size} at once: {what}", unit, [max(value, 0.001) for value in values], bound)

    yield bounded("every entry everywhere, after the last agent runs", "s",
                  [one.last("everything") - one.last("sidecar") for one in members], EVERYTHING)
    yield bounded("ready, after its app runs, the slowest", "s",
                  [max(pod.between("app", "ready") for pod in one.pods) for one in members], READY)
    yield bounded("sessions for each pod, until all are gone", "sessions", [one.execs / size for one in members], 1)
    cpu = [one.sidecars for one in members]
    if largest:
        yield bounded("CPU in all agents", "s", cpu, CPU)
    yield Figure.beside_peer(f"{size} at once: CPU in all agents", "s", cpu, IDLE, [one.sidecars for one in kinds[IDLE]])
    single = [one.one for one in members if one.one]
    for what, bound, took in (
        ("complete, after its agent runs", COMPLETE, [one.times.between("sidecar", "complete") for one in single]),
        ("every peer has it, after its agent runs", EVERYWHERE, [one.everywhere - one.times.at["sidecar"] for one in single]),
        ("no peer has it, after it is gone", LEFT, [one.left for one in single]),
    ):
        if took:
            yield Figure.bounded(f"one among {size}: {what}", "s", [max(value, 0.001) for value in took], bound)


def tables(rounds):
    """Phases, requests and CPU of the most pods at once, in Markdown; medians of rounds."""
    size = max(one.size for one in rounds)
    kinds = {kind: [one for one in rounds if (one.kind, one.size) == (kind, size)] for kind in (BARE, IDLE, MEMBERS)}
    took = {kind: dict(phases([pod for one in found for pod in one.pods])) for kind, found in kinds.items()}
    cells = {name: [spread(took[kind].get(name)) for kind in kinds] for name in PHASES}
    yield from table(f"{size} at once, a pod: median and most, s", kinds, cells)
    cpu = sorted({name for one in rounds for name in one.cpu})
    yield from table(f"{size} at once: CPU, s", kinds,
                     {name: [median(one.cpu.get(name, 0) for one in found) for found in kinds.values()] for name in cpu})
    asked = sorted({name for found in kinds.values() for one in found for name in one.requests})
    yield from table(f"{size} at once: requests, by account and verb", kinds,
                     {name: [median(one.requests.get(name, 0) for one in found) for found in kinds.values()] for name in asked})


def table(title, kinds, rows):
    yield f"\n| {title} | " + " | ".join(kinds) + " |"
    yield "| --- |" + " --- |" * len(kinds)
    for name, cells in rows.items():
        if any(cell != "–" for cell in cells):
            yield f"| {name} | " + " | ".join(cells) + " |"


def median(values):
    return number(statistics.median(values))


def spread(values):
    return "–" if not values else f"{statistics.median(values):.2f}, {max(values):.2f}"


def everything(sends, others):
    """When a kernel had the last of its entries, by when it had each; never if one is missing."""
    return max(sends[other] for other in others) if others <= set(sends) else math.nan
