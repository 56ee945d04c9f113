#!/usr/bin/env python3
"""bench/names.py WORK ROUNDS: how long it took until DNS answered right, from the rounds that NamesBench wrote; as a table and
as a file."""
import json
import pathlib
import statistics
import sys

from results import Figure, finish

GOAL = 1.0


def main(work, path):
    rounds = {}
    for one in json.loads(pathlib.Path(path).read_text()):
        rounds.setdefault(one["what"], []).append(one)
    figures = [Figure.bounded(f"{what}: until DNS answers right", "s", [one["answered"] for one in all_of], GOAL)
               for what, all_of in rounds.items()]
    finish(pathlib.Path(work) / "results", figures, [
        "", "Milliseconds: least, median, most", "",
        "| what | rounds | until the cluster knows | from then until it is written | from then until DNS answers right | until both |",
        "| --- |" + " --- |" * 5, *(row(what, all_of) for what, all_of in rounds.items())])


def row(what, rounds):
    known, written, answered = ([one[key] for one in rounds] for key in ("known", "written", "answered"))
    asked = [both - part for both, part in zip(answered, written)]
    return f"| {what} | {len(rounds)} | " + " | ".join(map(spread, (known, written, asked, answered))) + " |"


def spread(values):
    return ", ".join(f"{value * 1000:.0f}" for value in (min(values), statistics.median(values), max(values)))


main(*sys.argv[1:])
