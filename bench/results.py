"""Figures that were measured, each beside a peer's or a bound; as a table and as a file."""
import dataclasses
import datetime
import json
import os
import pathlib
import statistics
import subprocess


@dataclasses.dataclass
class Figure:
    """NAME in UNIT; OTHER is the same of BESIDE, or a bound. The ratio is OURS by OTHER, or OTHER by OURS where less is
    better, so that more is better in any case; SPREAD is that of the single rounds."""
    name: str
    unit: str
    ours: float
    beside: str
    other: float
    ratio: float
    spread: tuple
    goal: float | None

    @property
    def met(self):
        return None if self.goal is None else self.ratio >= self.goal

    @staticmethod
    def beside_peer(name, unit, ours, peer, others, goal=None, less=True):
        """From the rounds' values of both, which alternated."""
        ratios = [other / our if less else our / other for our, other in zip(ours, others)]
        return Figure(name, unit, statistics.median(ours), peer, statistics.median(others), statistics.median(ratios),
                      (min(ratios), max(ratios)), goal)

    @staticmethod
    def bounded(name, unit, ours, bound):
        """Should be at most the bound."""
        ratios = [bound / our for our in ours]
        return Figure(name, unit, statistics.median(ours), "bound", bound, statistics.median(ratios),
                      (min(ratios), max(ratios)), 1.0)


def table(figures):
    """In Markdown."""
    yield "| figure | ours | beside | theirs | ratio | of rounds | goal | met |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for f in figures:
        goal = "–" if f.goal is None else f"≥ {f.goal:g}"
        met = {None: "–", True: "yes", False: "no"}[f.met]
        yield (f"| {f.name}{f.unit and ', '}{f.unit} | {number(f.ours)} | {f.beside} | {number(f.other)} | {f.ratio:.2f} | "
               f"{f.spread[0]:.2f} to {f.spread[1]:.2f} | {goal} | {met} |")


def finish(directory, figures, notes=()):
    """Prints the table, then the notes, and writes a file. With COUNTS=1 only what is counted is of interest, the same at
    any load: each count beside its bound, a line each, and a failure where one is over it."""
    figures = list(figures)
    if not os.environ.get("COUNTS"):
        print("\n".join(table(figures)), *notes, sep="\n")
        print(write(directory, figures))
        return
    counts = [figure for figure in figures if figure.unit == "" and figure.beside == "bound"]
    for figure in counts:
        print(f"{'ok     ' if figure.met else 'FAILED '} {figure.name}: {figure.ours:g}, at most {figure.other:g}")
    missed = sum(not figure.met for figure in counts)
    print(f"{len(counts) - missed} passed, {missed} failed")
    raise SystemExit(1 if missed or not counts else 0)


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def write(directory, figures):
    """Writes a file of its own; returns its path."""
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.UTC)
    path = directory / f"{now:%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(
        {"time": now.isoformat(timespec="seconds"), **machine(), "figures": [dataclasses.asdict(f) for f in figures]},
        indent=1) + "\n")
    return path


def read(path):
    """The figures of a file, by name and peer."""
    figures = [Figure(**each) for each in json.loads(pathlib.Path(path).read_text())["figures"]]
    return {(f.name, f.unit, f.beside): f for f in figures}


def machine():
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    return {"commit": commit, "cpu": cpu, "cores": os.cpu_count(), "kernel": os.uname().release}
